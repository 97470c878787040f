import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Memory } from '../pipelines/vision-language/answer';
import { ChatMemory } from './chat-memory';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const chat = (name: string) => ({ chat: name, content: 'bytes', room: 40 });

/** A memory with an open decoder, whose release is counted. */
async function opened(chats: ChatMemory, name = 'one') {
  const released = { count: 0 };
  const memory = await chats.use(chat(name), (used) => {
    const session = { release: () => Promise.resolve(void (released.count += 1)) };
    used.decoder = { session, embeddings: {} } as unknown as Memory['decoder'];
    return Promise.resolve(used);
  });
  return { memory, released };
}

test('the next question of a chat finds what the last one left; another chat finds nothing of it', async () => {
  const chats = new ChatMemory();
  const { memory, released } = await opened(chats);
  expect(await chats.use(chat('one'), (used) => Promise.resolve(used))).toBe(memory);
  expect(released.count).toBe(0);
  const other = await chats.use(chat('two'), (used) => Promise.resolve(used));
  expect([other === memory, other.decoder, released.count]).toEqual([false, null, 1]);
});

test('another model, or another room, is another memory', async () => {
  const chats = new ChatMemory();
  const { released } = await opened(chats);
  await chats.use({ ...chat('one'), content: 'other bytes' }, () => Promise.resolve());
  expect(released.count).toBe(1);
});

test('five minutes after the last question nothing is kept, and not sooner', async () => {
  const chats = new ChatMemory();
  const { released } = await opened(chats);
  await vi.advanceTimersByTimeAsync(299_000);
  await chats.use(chat('one'), () => Promise.resolve());
  await vi.advanceTimersByTimeAsync(299_000);
  expect(released.count).toBe(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect([released.count, chats.isEmpty]).toEqual([1, true]);
});

test('forgotten while an answer is under way, it goes when that has ended, however it ends', async () => {
  const chats = new ChatMemory();
  const { released } = await opened(chats);
  const asking = chats.use(chat('one'), async () => {
    await chats.forget();
    expect(released.count).toBe(0);
    throw new Error('stopped');
  });
  await expect(asking).rejects.toThrow('stopped');
  expect([released.count, chats.isEmpty]).toEqual([1, true]);
});
