import { beforeEach, describe, expect, test } from 'vitest';
import { StudioError } from '../base/errors';
import { sha256 } from '../base/sha256';
import { card as facesCard } from '../models/obscura-faces/card';
import type { FileCard } from '../models/model';
import { chunkBytesFor, Cut } from './chunks';
import { memoryKeyValue, memoryLocks } from './memory-store';
import { ModelStore } from './store';

const bytes = Uint8Array.from({ length: 3000 }, (_, index) => index % 251);
let card: FileCard;

beforeEach(async () => {
  card = await cardFor(bytes);
});

async function cardFor(content: Uint8Array<ArrayBuffer>): Promise<FileCard> {
  return { ...facesCard, part: { ...facesCard.part, bytes: content.length, sha256: await sha256(content) } };
}

async function* pieces(content: Uint8Array, size = 700) {
  await Promise.resolve();
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

const chunkBytes = 1024;

function emptyStore(failAfter?: number) {
  const records = memoryKeyValue();
  const chunks = memoryKeyValue(failAfter === undefined ? {} : { failAfter });
  const powers = { records, chunks, locks: memoryLocks(), now: () => 1, chunkBytesFor: () => chunkBytes };
  return { records, chunks, store: new ModelStore(powers) };
}

test('what was put comes back byte for byte', async () => {
  const { store } = emptyStore();
  await store.put(card, pieces(bytes));
  expect(await store.has(card)).toBe(true);
  expect(await store.read(card)).toEqual(bytes);
  expect((await store.verify(card.id)).id).toBe(card.id);
});

test('a model larger than a chunk is kept in several and read in order', async () => {
  const { store, chunks } = emptyStore();
  await store.put(card, pieces(bytes));
  expect(await chunks.keys()).toEqual([0, 1, 2].map((index) => `${card.part.sha256}/${index}`));
});

test.each([
  [1, 256 * 1024],
  [2_007_611, 256 * 1024],
  [100e6, 8 * 1024 * 1024],
  [6e9, 16 * 1024 * 1024],
])('a file of %d bytes is cut into chunks of %d', (fileBytes, expected) => {
  expect(chunkBytesFor(fileBytes)).toBe(expected);
  const cut = new Cut(fileBytes, expected);
  expect(cut.start(cut.count - 1) + cut.length(cut.count - 1)).toBe(fileBytes);
});

test.each([
  ['one flipped bit', Uint8Array.from(bytes, (byte, index) => (index === 1500 ? byte ^ 1 : byte))],
  ['a byte short', bytes.subarray(1)],
  ['a byte long', Uint8Array.from([...bytes, 0])],
  ['nothing at all', new Uint8Array()],
])('%s is refused and leaves nothing behind', async (_, wrong) => {
  const { store, records, chunks } = emptyStore();
  await expect(store.put(card, pieces(wrong))).rejects.toMatchObject({ code: 'model/hash-mismatch' });
  expect([...(await records.keys()), ...(await chunks.keys())]).toEqual([]);
});

test.each([0, 2])('a disk full after %d writes leaves nothing half-written', async (failAfter) => {
  const { store, records, chunks } = emptyStore(failAfter);
  await expect(store.put(card, pieces(bytes))).rejects.toMatchObject({ code: 'storage/full' });
  expect([...(await records.keys()), ...(await chunks.keys())]).toEqual([]);
});

test('a newer revision takes the place of the older only when it is proven', async () => {
  const { store, chunks } = emptyStore();
  await store.put(card, pieces(bytes));
  const newer = bytes.map((byte) => 255 - byte);
  const newerCard = await cardFor(newer);
  expect(await store.has(newerCard)).toBe(false);
  await expect(store.put(newerCard, pieces(bytes))).rejects.toThrow();
  expect(await store.read(card)).toEqual(bytes);
  await store.put(newerCard, pieces(newer));
  expect(await store.read(newerCard)).toEqual(newer);
  await expect(store.read(card)).rejects.toMatchObject({ code: 'model/not-installed' });
  expect(await chunks.keys()).toHaveLength(3);
});

describe('a rotted or vanished chunk', () => {
  const rotted = new Blob([new Uint8Array(chunkBytes)]);

  test('is noticed at load, and what can be fetched keeps the rest of its bytes', async () => {
    const { store, chunks } = emptyStore();
    await store.put(card, pieces(bytes));
    await chunks.setMany([[`${card.part.sha256}/1`, rotted]]);
    await expect(store.read(card)).rejects.toMatchObject({
      code: 'model/damaged',
      details: { damagedChunks: 1 },
    });
    expect(await store.has(card)).toBe(false);
    const [partial] = await store.partials();
    expect(partial?.held.map((hash) => hash === null)).toEqual([false, true, false]);
    expect(partial?.proven).toHaveLength(3);
    await store.put(card, pieces(bytes));
    expect(await store.read(card)).toEqual(bytes);
    expect(await store.partials()).toEqual([]);
  });

  test('is found wherever it is, all of them at once', async () => {
    const { store, chunks } = emptyStore();
    await store.put(card, pieces(bytes));
    await chunks.setMany([[`${card.part.sha256}/0`, rotted]]);
    await chunks.deleteMany([`${card.part.sha256}/2`]);
    await expect(store.verify(card.id)).rejects.toMatchObject({ details: { damagedChunks: 2 } });
    expect((await store.partials())[0]?.held.map((hash) => hash === null)).toEqual([true, false, true]);
  });

  test('of a model that only came from disk takes the model with it', async () => {
    const { store, chunks, records } = emptyStore();
    const { name, bytes: size, sha256: hash } = card.part;
    const imported = { ...card, part: { name, bytes: size, sha256: hash } };
    await store.put(imported, pieces(bytes));
    await chunks.deleteMany([`${hash}/1`]);
    await expect(store.read(imported)).rejects.toMatchObject({ code: 'model/damaged' });
    expect([...(await records.keys()), ...(await chunks.keys())]).toEqual([]);
  });

  test('of a model that the first builds kept, in chunks of 16 MiB, is known too', async () => {
    const { store, chunks, records } = emptyStore();
    await chunks.setMany([[`${card.part.sha256}/0`, new Blob([bytes])]]);
    await records.setMany([[card.id, { card, chunkSha256: [card.part.sha256] }]]);
    expect(await store.read(card)).toEqual(bytes);
    await chunks.deleteMany([`${card.part.sha256}/0`]);
    await expect(store.read(card)).rejects.toMatchObject({ code: 'model/damaged' });
    expect((await store.partials())[0]).toMatchObject({ chunkBytes: 16 * 1024 * 1024, held: [null] });
  });
});

test('what nobody owns is swept, and what is wanted or under way stays', async () => {
  const { store, chunks } = emptyStore();
  await store.put(card, pieces(bytes));
  const others = [1, 2, 3].map((salt) => bytes.map((byte) => byte ^ salt));
  const [stale, wanted, busy] = await Promise.all(others.map(cardFor));
  for (const [index, begun] of [stale!, wanted!, busy!].entries())
    await (await store.openPartial(begun)).keep(0, others[index]!.slice(0, chunkBytes));
  await chunks.setMany([['orphan/0', new Blob([])]]);
  await store.lock(busy!, () => store.sweep((partial) => partial.card.part.sha256 === wanted!.part.sha256));
  const files = new Set((await chunks.keys()).map((key) => key.slice(0, key.indexOf('/'))));
  expect(files).toEqual(new Set([card, wanted!, busy!].map(({ part }) => part.sha256)));
});

test('a moment in which nothing can be read is no damage: the model stays', async () => {
  const { store, chunks } = emptyStore();
  const imported = { ...card, part: { name: 'x.onnx', bytes: card.part.bytes, sha256: card.part.sha256 } };
  await store.put(imported, pieces(bytes));
  const get = chunks.get.bind(chunks);
  chunks.get = () => Promise.reject(new StudioError('storage/unavailable'));
  await expect(store.read(imported)).rejects.toMatchObject({ code: 'storage/unavailable' });
  chunks.get = get;
  expect(await store.read(imported)).toEqual(bytes);
});

test('removing takes the bytes too', async () => {
  const { store, chunks } = emptyStore();
  await store.put(card, pieces(bytes));
  await store.remove(card.id);
  expect(await chunks.keys()).toEqual([]);
  await expect(store.read(card)).rejects.toMatchObject({ code: 'model/not-installed' });
});
