/** A model whose card cannot know its bytes: what its host states at first use is enforced from then on. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFaultyHost, type FaultyHost } from '../cli/faulty-host';
import { convertDctNet } from '../foundry/dct-net-pb';
import { card } from '../models/dct-net-anime/card';
import { contentOf, ofOneFile } from '../models/files';
import { huggingFaceFile } from '../models/hugging-face';
import { airlockFetch } from '../privacy/airlock';
import { usualPace } from './download';
import { readStatement } from './hub';
import { importModel } from './importer';
import { Librarian } from './librarian';
import { LineGate } from './line-gate';
import { memoryKeyValue, memoryLocks, memoryStore } from './memory-store';
import { restoreModels } from './restorer';
import { ModelStore } from './store';

const pb = new Uint8Array(readFileSync(new URL('../foundry/reference/dct-net-maximum.pb', import.meta.url)));
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
let chunkBytes: number;
const { remote } = card.original!;
const [listing, file] = ['listing.json', 'cartoon_bg.pb'];
const pathOf: Record<string, string> = { [remote.metadata!.url]: listing, [remote.url]: file };

let host: FaultyHost;
let disk: { records: ReturnType<typeof memoryKeyValue>; chunks: ReturnType<typeof memoryKeyValue> };

beforeEach(async () => {
  chunkBytes = 16 * 1024;
  host = await openFaultyHost();
  disk = { records: memoryKeyValue(), chunks: memoryKeyValue() };
  host.files.set(file, pb);
  state(hashOf(pb));
});
afterEach(() => host.close());

/** What the host says of its file. */
function state(sha256: string, bytes = pb.length): void {
  const rows = [
    { Path: 'README.md', Size: 9 },
    { Path: file, Size: bytes, Sha256: sha256, Type: 'blob' },
  ];
  host.files.set(listing, new TextEncoder().encode(JSON.stringify({ Code: 200, Data: { Files: rows } })));
}

const storeOf = () =>
  new ModelStore({ ...disk, locks: memoryLocks(), now: () => Date.now(), chunkBytesFor: () => chunkBytes });

/** As after a restart. */
function openLibrary(): Librarian {
  return new Librarian({
    store: storeOf(),
    request: (address, options) => airlockFetch(pathOf[address] ?? address, { ...options, base: host.url }),
    gate: new LineGate(),
    channel: { post: () => undefined, listen: () => undefined },
    freeBytes: () => Promise.resolve(null),
    now: () => Date.now(),
    pace: { ...usualPace, stallMs: 300, tries: 2, backoffMs: 5 },
  });
}

const entryOf = async () => (await openLibrary().list()).find((entry) => entry.card.id === card.id)!;
const get = () => openLibrary().get(card.id, () => undefined);
/** Of the host itself, not of what may lie beside the app. */
const asked = () => host.log.map(({ path }) => path).filter((path) => path !== 'models/manifest.json');

test('before it is asked, the shelf says where it comes from and no more', async () => {
  const { card: listed, state: standing } = await entryOf();
  expect(standing).toBe('absent');
  expect(listed.part).toEqual({ name: file, remote, bytes: 0, sha256: '' });
  expect(asked()).toEqual([]);
});

test('its makers’ file is proven by what the host stated, converted, and kept as the model', async () => {
  await get();
  const { card: kept, state: standing } = await entryOf();
  expect(standing).toBe('ready');
  expect(kept).toMatchObject({ id: card.id, title: card.title, use: card.use, converted: true });
  const onnx = convertDctNet(pb);
  expect(kept.part).toEqual({ name: 'cartoon_bg.onnx', bytes: onnx.length, sha256: hashOf(onnx) });
  expect(await storeOf().read(ofOneFile(kept)!)).toEqual(onnx);
  expect(new Set((await disk.chunks.keys()).map((key) => key.split('/')[0]))).toEqual(
    new Set([hashOf(onnx)]),
  );
  host.log.length = 0;
  await get();
  expect(asked()).not.toContain(file);
});

test('exported, what was converted comes back elsewhere as an imported model', async () => {
  // No manifest has smaller ones.
  chunkBytes = 256 * 1024;
  await get();
  const { card: kept } = await entryOf();
  const elsewhere = memoryStore();
  const [restored] = (await restoreModels(await openLibrary().exportFiles(card.id), elsewhere)).cards;
  expect(restored?.id).toBe(`imported-dct-net-${contentOf(kept).slice(0, 16)}`);
  expect(await elsewhere.read(ofOneFile(restored)!)).toEqual(convertDctNet(pb));
});

test('exported and removed, it comes back on this device as what it was made as', async () => {
  chunkBytes = 256 * 1024;
  await get();
  const { card: kept } = await entryOf();
  expect(kept.original?.stated).toEqual({ bytes: pb.length, sha256: hashOf(pb) });
  const files = await openLibrary().exportFiles(card.id);
  await openLibrary().remove(card.id);
  const [restored] = (await restoreModels(files, storeOf())).cards;
  expect(restored).toEqual(kept);
  expect(await entryOf()).toMatchObject({ state: 'ready', card: kept });
  // Elsewhere it is still known what it needs of a device.
  expect((await restoreModels(files, memoryStore())).cards[0]?.needs).toEqual(card.needs);
});

test('imported by hand before it was fetched, both stand on the same bytes until the last is removed', async () => {
  const byHand = await importModel(new Blob([pb]), file, storeOf());
  await get();
  expect((await openLibrary().list()).filter(({ state: standing }) => standing === 'ready')).toHaveLength(2);
  await openLibrary().remove(byHand.id);
  expect((await openLibrary().verify(card.id)).id).toBe(card.id);
  await openLibrary().remove(card.id);
  expect(await disk.chunks.keys()).toEqual([]);
});

test('a statement under which nothing was proven binds nobody: the file begun under it is begun anew', async () => {
  host.fault = ({ path, range }) => (path === file && range?.[0] !== 0 ? { cutAt: 0 } : null);
  state(hashOf(pb.map((byte) => byte ^ 1)));
  await expect(get()).rejects.toMatchObject({ code: 'network/failed' });
  expect(await disk.records.keys()).toEqual([]);
  host.fault = () => null;
  state(hashOf(pb));
  await get();
  expect((await entryOf()).state).toBe('ready');
  expect(new Set((await disk.chunks.keys()).map((key) => key.split('/')[0])).size).toBe(1);
});

test('a host too busy to state anything of use is no reason not to go on with what was begun', async () => {
  host.fault = ({ path, range }) => (path === file && range?.[0] !== 0 ? { cutAt: 0 } : null);
  await expect(get()).rejects.toMatchObject({ code: 'network/failed' });
  host.fault = () => null;
  host.files.set(listing, new TextEncoder().encode(JSON.stringify({ Code: 429, Message: 'too many' })));
  await get();
  expect((await entryOf()).state).toBe('ready');
});

test('another statement than the first is refused before anything is fetched, also once the model was removed', async () => {
  await get();
  await openLibrary().remove(card.id);
  host.log.length = 0;
  const other = pb.slice();
  other[1000]! ^= 1;
  host.files.set(file, other);
  state(hashOf(other));
  await expect(get()).rejects.toMatchObject({ code: 'model/stated-otherwise' });
  state(hashOf(pb), pb.length + 1);
  await expect(get()).rejects.toMatchObject({ code: 'model/stated-otherwise' });
  expect(asked()).toEqual([listing, listing]);
  // Where the host says nothing just now, what it once said holds.
  host.fault = ({ path }) => (path === listing ? { status: 503 } : null);
  await expect(get()).rejects.toMatchObject({ code: 'model/hash-mismatch' });
  expect((await entryOf()).state).toBe('absent');
  host.files.set(file, pb);
  await get();
  expect((await entryOf()).state).toBe('ready');
});

test('bytes other than stated are never a model', async () => {
  host.fault = ({ path }) => (path === file ? { flipAt: 20_000 } : null);
  await expect(get()).rejects.toMatchObject({ code: 'model/hash-mismatch' });
  expect((await entryOf()).state).toBe('absent');
  expect(await disk.chunks.keys()).toEqual([]);
});

test('begun and cut off, it is listed with its stated bytes, kept by the sweep, and only the rest is fetched', async () => {
  host.fault = ({ path, range }) => (path === file && range?.[0] !== 0 ? { cutAt: 0 } : null);
  await expect(get()).rejects.toMatchObject({ code: 'network/failed' });
  const entry = await entryOf();
  expect(entry).toMatchObject({ state: 'partial', card: { part: { bytes: pb.length, stated: true } } });
  expect(entry.heldBytes).toBe(chunkBytes);
  host.fault = () => null;
  host.log.length = 0;
  await get();
  expect(host.log.filter(({ path }) => path === file).map(({ range }) => range![0])).not.toContain(0);
  expect((await entryOf()).state).toBe('ready');
});

test('a host that states nothing of use, or nothing at all, is told and asked for no byte', async () => {
  state('none');
  await expect(get()).rejects.toMatchObject({ code: 'model/not-stated' });
  host.fault = ({ path }) => (path === listing ? { status: 404 } : null);
  await expect(get()).rejects.toMatchObject({ code: 'network/failed' });
  expect(asked()).not.toContain(file);
  expect(await disk.records.keys()).toEqual([]);
});

test('a file that is stated but is no DCT-Net is refused and leaves nothing', async () => {
  const other = pb.subarray(0, 5000);
  host.files.set(file, other);
  state(hashOf(other), other.length);
  await expect(get()).rejects.toThrow(/model\/(damaged|not-dct-net)/);
  expect(await disk.chunks.keys()).toEqual([]);
});

describe('what Hugging Face says of a file', () => {
  const commit = 'ab'.repeat(20);
  const from = huggingFaceFile({ repository: 'a/b', commit, path: 'onnx/m.onnx' });
  const oid = 'cd'.repeat(32);
  const row = { type: 'file', oid: 'ef'.repeat(20), size: 7, path: 'onnx/m.onnx', lfs: { oid, size: 7 } };
  const read = (...rows: unknown[]) => readStatement(JSON.stringify(rows), from);

  test('is asked at the folder of the commit and read off the large-file pointer', () => {
    expect(from.url).toBe(`https://huggingface.co/a/b/resolve/${commit}/onnx/m.onnx`);
    expect(from.metadata!.url).toBe(`https://huggingface.co/api/models/a/b/tree/${commit}/onnx`);
    expect(read({ ...row, path: 'onnx/n.onnx' }, row)).toEqual({ bytes: 7, sha256: oid });
  });

  test.each([
    ['of another file', { ...row, path: 'm.onnx' }],
    ['without a pointer, by git’s hash alone', { ...row, lfs: undefined }],
    ['with a hash that is none', { ...row, lfs: { oid: oid.toUpperCase(), size: 7 } }],
    ['with a length that is none', { ...row, lfs: { oid, size: '7' } }],
    ['larger than a tab can hold', { ...row, lfs: { oid, size: 2 ** 33 } }],
    ['as nothing', null],
  ])('counts for nothing %s', (_, said) => {
    expect(read(said)).toBeNull();
  });

  test('counts for nothing where it is no list', () => {
    expect(readStatement('<html>', from)).toBeNull();
    expect(readStatement(JSON.stringify({ error: 'gone' }), from)).toBeNull();
  });
});
