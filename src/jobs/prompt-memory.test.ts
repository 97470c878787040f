import { afterEach, expect, test, vi } from 'vitest';
import { PromptMemory } from './prompt-memory';

const read = (cut: number) => ({ rows: new Float32Array(2), width: 2, cut });

afterEach(() => vi.useRealTimers());

test('a prompt is known to the model that read it, and to no other', async () => {
  const memory = new PromptMemory();
  await memory.of('model a').set('a lantern', read(1));
  expect(await memory.of('model a').get('a lantern')).toEqual(read(1));
  expect(await memory.of('model b').get('a lantern')).toBeUndefined();
  expect(await memory.of('model a').get('a lantern ')).toBeUndefined();
});

test('four are kept, those used last', async () => {
  const memory = new PromptMemory().of('model');
  for (const index of [0, 1, 2, 3]) await memory.set(`prompt ${index}`, read(index));
  await memory.get('prompt 0');
  await memory.set('prompt 4', read(4));
  expect(await memory.get('prompt 1')).toBeUndefined();
  expect(await memory.get('prompt 0')).toEqual(read(0));
});

test('five minutes after the last use none is left', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const memory = new PromptMemory();
  await memory.of('model').set('a', read(0));
  vi.advanceTimersByTime(4 * 60_000);
  await memory.of('model').get('a');
  vi.advanceTimersByTime(4 * 60_000);
  expect(memory.count).toBe(1);
  vi.advanceTimersByTime(60_000);
  expect(memory.count).toBe(0);
});

test('forget leaves none', async () => {
  const memory = new PromptMemory();
  await memory.of('model').set('a', read(0));
  memory.forget();
  expect(memory.count).toBe(0);
});
