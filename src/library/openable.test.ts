import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sha256 } from '../base/sha256';
import { readOnnx } from '../foundry/onnx';
import { card as facesCard } from '../models/obscura-faces/card';
import { memoryKeyValue, memoryLocks } from './memory-store';
import { openableModel } from './openable';
import { readAhead } from './read-ahead';
import { ModelStore } from './store';

const weights = new Uint8Array(readFileSync(new URL(`../../public/${facesCard.part.path}`, import.meta.url)));
const chunkBytes = 4096;

/** As a browser keeps them that takes no Blobs: nothing here reads a Blob without waiting. */
async function keptModel() {
  const chunks = memoryKeyValue({ refuseBlobs: true });
  const powers = { records: memoryKeyValue(), chunks, locks: memoryLocks(), now: () => 1 };
  const store = new ModelStore({ ...powers, chunkBytesFor: () => chunkBytes });
  const part = { ...facesCard.part, sha256: await sha256(weights) };
  const card = { ...facesCard, part };
  await store.put(card, pieces());
  return { store, chunks, card };
}

async function* pieces() {
  await Promise.resolve();
  yield weights;
}

test('any bytes of a kept file are read where they lie, over the edges of chunks too', async () => {
  const { store, card } = await keptModel();
  const kept = await store.prove(card);
  expect(kept.bytes).toBe(weights.length);
  for (const [offset, length] of [
    [0, 1],
    [chunkBytes - 1, 1],
    [chunkBytes - 1, 2],
    [chunkBytes, chunkBytes],
    [100, 3 * chunkBytes],
    [weights.length - 10, 10],
    [weights.length, 0],
    [0, weights.length],
  ] as const)
    expect(kept.read(offset, length), `${offset} + ${length}`).toEqual(
      weights.slice(offset, offset + length),
    );
  expect(() => kept.read(weights.length - 1, 2)).toThrow(RangeError);
  expect(() => kept.read(-1, 2)).toThrow(RangeError);
});

test('a large model opens as an outline that names its weights in the kept file, a small one whole', async () => {
  const { store, card } = await keptModel();
  expect(await openableModel(card, store)).toEqual({ graph: weights });
  const large = await openableModel(card, store, 0);
  const { tensors } = readOnnx(large.graph);
  const outside = tensors.flatMap(({ external }) => external ?? []);
  expect(outside.length).toBeGreaterThan(0);
  const whole = readOnnx(weights).tensors.map(({ raw }) => [...raw].join());
  for (const { location, offset, bytes } of outside) {
    expect(location).toBe(large.weights?.[0]?.location);
    expect(whole).toContain([...large.weights![0]!.source.read(offset, bytes!)].join());
  }
});

test('one bit that rotted is noticed before anything is opened', async () => {
  const { store, chunks, card } = await keptModel();
  const key = `${card.part.sha256}/7`;
  const rotted = new Uint8Array((await chunks.get<ArrayBuffer>(key))!.slice(0));
  rotted[5]! ^= 1;
  await chunks.setMany([[key, rotted.buffer]]);
  await expect(openableModel(card, store, 0)).rejects.toMatchObject({ details: { damagedChunks: 1 } });
  expect((await store.partials())[0]?.held.flatMap((hash, index) => (hash === null ? [index] : []))).toEqual([
    7,
  ]);
});

test('what is read ahead comes in order, a few at a time, and a failure when its turn comes', async () => {
  let open = 0;
  let mostOpen = 0;
  const read = async (index: number) => {
    mostOpen = Math.max(mostOpen, ++open);
    await new Promise((resolve) => setTimeout(resolve, index % 2 === 0 ? 3 : 1));
    open -= 1;
    if (index === 4) throw new Error('four');
    return index;
  };
  const seen: number[] = [];
  const all = async () => {
    for await (const index of readAhead(9, read)) seen.push(index);
  };
  await expect(all()).rejects.toThrow('four');
  expect(seen).toEqual([0, 1, 2, 3]);
  expect(mostOpen).toBe(2);
});
