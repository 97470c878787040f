/** The hash of the whole beside a store that is slow to give back. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { cardOf, noise } from '../cli/download-scene';
import { memoryKeyValue } from './memory-store';
import { newPartial, OpenPartial } from './partials';
import { WholeHash } from './whole-hash';

const chunkBytes = 1024;
const bytes = noise(4 * chunkBytes);
const whole = createHash('sha256').update(bytes).digest('hex');

function open() {
  const entries = memoryKeyValue();
  const readBack: string[] = [];
  const get = entries.get.bind(entries);
  entries.get = (key) => {
    readBack.push(key);
    return get(key);
  };
  const partial = new OpenPartial(newPartial(cardOf(bytes), chunkBytes, 1), { entries, now: () => 1 });
  return { partial, readBack };
}

test.each([
  ['in order', [0, 1, 2, 3]],
  ['backwards', [3, 2, 1, 0]],
  ['mixed', [1, 0, 3, 2]],
])(
  'chunks that come %s, faster than they are hashed, are hashed from memory and let go',
  async (_, order) => {
    const { partial, readBack } = open();
    const hash = await WholeHash.of(partial);
    const freed: number[] = [];
    const chunk = (index: number) => bytes.slice(index * chunkBytes, (index + 1) * chunkBytes);
    // All of them are held before the first turn ends, as on a fast line.
    for (const index of order) await partial.keep(index, chunk(index));
    await Promise.all(
      order.map((index) => hash.advance({ index, bytes: chunk(index), free: () => freed.push(index) })),
    );
    expect(hash.isWhole).toBe(true);
    expect(hash.digest()).toBe(whole);
    expect(readBack).toEqual([]);
    expect(freed.toSorted()).toEqual([0, 1, 2, 3]);
  },
);

test('one whose turn is not near is let go and read back when it comes', async () => {
  const { partial, readBack } = open();
  const hash = await WholeHash.of(partial);
  for (let index = 1; index < 4; index++)
    await partial.keep(index, bytes.slice(index * chunkBytes, (index + 1) * chunkBytes));
  expect(hash.next).toBe(0);
  await partial.keep(0, bytes.slice(0, chunkBytes));
  await hash.advance();
  expect(hash.digest()).toBe(whole);
  expect(readBack).toHaveLength(4);
});
