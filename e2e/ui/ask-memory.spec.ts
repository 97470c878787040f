/**
 * What a chat holds of a GPU, over several questions about pictures: counted where buffers are made. Keys and values have
 * their room from the first question on, and a chat that is left gives all of it back.
 */
import { expect, test } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAskingMiniature } from '../../build/asking-miniature';
import { AskDriver } from '../../src/cli/ask-driver';
import { isLong } from '../long';
import { small, tall } from './room';

/** Two of each of four layers: [1, 2 heads, 4096 tokens, 32] in f32. */
const cacheBytes = 2 * 4 * 2 * 4096 * 32 * 4;

test('a chat about pictures holds no more with each question, and the next chat no more than the first', async () => {
  test.skip(!isLong, 'it runs with npm run test:long');
  test.setTimeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), 'obscura-memory-'));
  await writeAskingMiniature(folder);
  const driver = await AskDriver.open('webgpu', folder);
  try {
    await driver.choose({ task: 'ask', schema: null, greedy: true, mostTokens: 4, detail: 'quick' });
    const chats: { left: number; peak: number }[][] = [];
    for (let chat = 0; chat < 3; chat++) {
      const held: { left: number; peak: number }[] = [];
      for (const pictures of [[small], [], [tall], [small], [tall]]) {
        const { timings, backend } = await driver.ask(`Question ${held.length + 1}`, pictures);
        expect(backend).toBe('webgpu');
        held.push({ left: timings.gpuLeftBytes, peak: timings.gpuPeakBytes });
      }
      chats.push(held);
      await driver.newChat();
    }
    console.log(JSON.stringify(chats));
    const [first, ...others] = chats;
    const [one, again, another, ...more] = first ?? [];
    expect(one?.left).toBeGreaterThan(cacheBytes);
    // The same pictures, more text: nothing new is held.
    expect(again?.left).toBe(one?.left);
    // Looking leaves onnxruntime's own spare buffers, once.
    for (const { left } of more) expect(left).toBeLessThanOrEqual((another?.left ?? 0) * 1.02);
    for (const held of others)
      for (const [place, { left, peak }] of held.entries()) {
        expect(left, `question ${place + 1}`).toBeLessThanOrEqual((first?.[place]?.left ?? 0) * 1.02);
        expect(peak, `question ${place + 1}`).toBeLessThanOrEqual((first?.[place]?.peak ?? 0) * 1.02);
      }
    // Were the first chat's keys and values still there, this would be more by all of them.
    expect(Math.abs((others[1]?.[0]?.left ?? 0) - (one?.left ?? 0))).toBeLessThan(cacheBytes / 2);
  } finally {
    await driver.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
