/** Two tabs of one origin: the same store, locks and channel, and a host that logs what is asked of it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TransferProgress } from '../base/progress';
import { openFaultyHost, type FaultyHost } from '../cli/faulty-host';
import { card as style } from '../models/dct-net-anime/card';
import { card } from '../models/obscura-faces/card';
import { airlockFetch } from '../privacy/airlock';
import type { Channel, LibraryMessage } from './channel';
import { usualPace } from './download';
import { Librarian } from './librarian';
import { LineGate } from './line-gate';
import { lockName } from './locks';
import { writeManifest, type ListedModel } from './manifest';
import { memoryKeyValue, memoryLocks } from './memory-store';
import { ModelStore } from './store';

const chunkBytes = 16 * 1024;
const chunkCount = Math.ceil(card.part.bytes / chunkBytes);
const weights = readFileSync(resolve(import.meta.dirname, '../../public', card.part.path));
const day = 24 * 60 * 60 * 1000;

let host: FaultyHost;
let now: number;
let disk: {
  records: ReturnType<typeof memoryKeyValue>;
  chunks: ReturnType<typeof memoryKeyValue>;
  locks: ReturnType<typeof memoryLocks>;
};
let openChannels: BroadcastChannel[];

beforeEach(async () => {
  host = await openFaultyHost();
  host.files.set(card.part.path, weights);
  now = 0;
  disk = { records: memoryKeyValue(), chunks: memoryKeyValue(), locks: memoryLocks() };
  openChannels = [];
});
afterEach(async () => {
  for (const channel of openChannels) channel.close();
  await host.close();
});

function channelOfTab(): Channel {
  const channel = new BroadcastChannel('obscura-library');
  openChannels.push(channel);
  return {
    post: (message) => channel.postMessage(message),
    listen: (listener) => (channel.onmessage = ({ data }) => listener(data as LibraryMessage)),
  };
}

const storeOf = () => new ModelStore({ ...disk, now: () => now, chunkBytesFor: () => chunkBytes });

function openTab(): Librarian {
  return new Librarian({
    ...{ store: storeOf(), gate: new LineGate(), channel: channelOfTab(), now: () => now },
    request: (path, how) => airlockFetch(path, { ...how, base: host.url }),
    freeBytes: () => Promise.resolve(null),
    pace: { ...usualPace, backoffMs: 5 },
  });
}

const entryOf = async (tab: Librarian) => (await tab.list()).find((entry) => entry.card.id === card.id)!;
const slow = () => ({ slow: { pieceBytes: 4096, pauseMs: 10 } });
const chunksAsked = () => host.log.map(({ range }) => range![0] / chunkBytes).sort((a, b) => a - b);
const everyChunk = [...Array(chunkCount).keys()];

/** Begins in this tab and gives the outcome: ready, or how it failed. */
function begin(tab: Librarian, report: (progress: TransferProgress) => void = () => undefined) {
  return tab.get(card.id, report).then(
    () => 'ready',
    (thrown: unknown) => (thrown as Error).name,
  );
}

const someKept = () =>
  expect.poll(async () => (await disk.chunks.keys()).length, { interval: 1 }).toBeGreaterThan(3);

test('asked for twice in one tab and once in another, a model is fetched once', async () => {
  host.fault = slow;
  const [one, other] = [openTab(), openTab()];
  const heard: number[] = [];
  const outcomes = [begin(one), begin(one), begin(other, ({ doneBytes }) => heard.push(doneBytes))];
  expect(await Promise.all(outcomes)).toEqual(['ready', 'ready', 'ready']);
  expect(chunksAsked()).toEqual(everyChunk);
  expect(heard.length).toBeGreaterThan(1);
  expect(await entryOf(other)).toMatchObject({ state: 'ready' });
});

test('a tab that only looks on sees how far the other is, and when it has ended', async () => {
  host.fault = slow;
  const [one, other] = [openTab(), openTab()];
  const seen: (number | null)[] = [];
  other.watch((cardId, progress) => {
    expect(cardId).toBe(card.id);
    seen.push(progress?.doneBytes ?? null);
  });
  await begin(one);
  await expect.poll(() => seen.at(-1)).toBeNull();
  expect(seen.at(-2)).toBe(card.part.bytes);
});

test('a tab that is closed while it fetches is no longer seen fetching', async () => {
  const channel = channelOfTab();
  const seen: (number | null)[] = [];
  openTab().watch((_, progress) => seen.push(progress?.doneBytes ?? null));
  const progress = { kind: 'transfer', name: 'm', doneBytes: 1, totalBytes: 2 } as const;
  let close: () => void = () => undefined;
  const fetching = disk.locks.request(lockName(card.part.sha256), {}, () => {
    channel.post({ kind: 'progress', sha256: card.part.sha256, progress });
    return new Promise<void>((resolve) => (close = resolve));
  });
  await expect.poll(() => seen).toEqual([1]);
  close();
  await fetching;
  await expect.poll(() => seen, { timeout: 5000 }).toEqual([1, null]);
});

test('paused, what has arrived stays and nothing goes on by itself; resumed, only the rest is fetched', async () => {
  host.fault = slow;
  const tab = openTab();
  const getting = begin(tab);
  await someKept();
  await tab.pause(card.id);
  await tab.pause(card.id);
  expect(await getting).toBe('AbortError');
  await expect.poll(() => host.open).toBe(0);
  const after = openTab();
  const entry = await entryOf(after);
  expect(entry).toMatchObject({ state: 'partial', paused: true });
  expect(entry.heldBytes).toBeGreaterThan(0);
  const { held } = (await storeOf().partials())[0]!;
  const missing = everyChunk.filter((index) => held[index] === null);
  host.log.length = 0;
  host.fault = () => null;
  expect(await begin(after)).toBe('ready');
  expect(missing.length).toBeLessThan(chunkCount);
  expect(chunksAsked()).toEqual(missing);
  expect(await entryOf(after)).toMatchObject({ state: 'ready', paused: false });
});

test('pause and cancel reach the tab that fetches, from whichever tab', async () => {
  host.fault = slow;
  const [one, other] = [openTab(), openTab()];
  let getting = Promise.all([begin(one), begin(other)]);
  await someKept();
  await other.pause(card.id);
  expect(await getting).toEqual(['AbortError', 'AbortError']);
  expect(await entryOf(one)).toMatchObject({ state: 'partial', paused: true });
  getting = Promise.all([begin(one), begin(one)]);
  await someKept();
  await other.cancel(card.id);
  await other.cancel(card.id);
  expect(await getting).toEqual(['AbortError', 'AbortError']);
  expect(await entryOf(one)).toMatchObject({ state: 'absent', heldBytes: 0 });
  expect(await disk.chunks.keys()).toEqual([]);
});

test('pause and cancel leave a model alone that is ready, and one that was never begun', async () => {
  const tab = openTab();
  await tab.pause(card.id);
  await tab.cancel(card.id);
  expect(await entryOf(tab)).toMatchObject({ state: 'absent' });
  await begin(tab);
  await tab.pause(card.id);
  await tab.cancel(card.id);
  expect(await entryOf(tab)).toMatchObject({ state: 'ready' });
  expect((await tab.verify(card.id)).id).toBe(card.id);
});

test('a chunk that vanished or has one bit flipped is noticed, and that chunk alone is fetched', async () => {
  const tab = openTab();
  await begin(tab);
  const flipped = Uint8Array.from(weights.subarray(3 * chunkBytes, 4 * chunkBytes));
  flipped[9]! ^= 1;
  await disk.chunks.setMany([[`${card.part.sha256}/3`, new Blob([flipped])]]);
  await disk.chunks.deleteMany([`${card.part.sha256}/7`]);
  await expect(tab.verify(card.id)).rejects.toMatchObject({ code: 'model/damaged' });
  expect(await entryOf(tab)).toMatchObject({
    state: 'damaged',
    heldBytes: card.part.bytes - 2 * chunkBytes,
  });
  host.log.length = 0;
  expect(await begin(tab)).toBe('ready');
  expect(chunksAsked()).toEqual([3, 7]);
  expect((await tab.verify(card.id)).id).toBe(card.id);
});

test('what is fetched for a model that lost a chunk must be the lost bytes, and costs none of the others', async () => {
  const tab = openTab();
  await begin(tab);
  await disk.chunks.deleteMany([`${card.part.sha256}/7`]);
  await expect(tab.verify(card.id)).rejects.toMatchObject({ code: 'model/damaged' });
  host.fault = () => ({ flipAt: 7 * chunkBytes + 1 });
  expect(await begin(tab)).toBe('StudioError');
  expect(await entryOf(tab)).toMatchObject({ state: 'damaged', heldBytes: card.part.bytes - chunkBytes });
});

test('held for a job, a model waits off the line and comes by itself after', async () => {
  const tab = openTab();
  tab.hold();
  tab.hold();
  const getting = begin(tab);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(host.log).toEqual([]);
  tab.release();
  expect(await getting).toBe('ready');
});

test('a download that nobody went on with for a month is swept, a younger one listed', async () => {
  host.fault = slow;
  const tab = openTab();
  const getting = begin(tab);
  await someKept();
  await tab.pause(card.id);
  await getting;
  now = 29 * day;
  expect(await entryOf(openTab())).toMatchObject({ state: 'partial' });
  now = 31 * day;
  expect(await entryOf(openTab())).toMatchObject({ state: 'absent' });
  expect(await disk.chunks.keys()).toEqual([]);
});

test('a model that this build does not know is told', async () => {
  await expect(openTab().get('nobody', () => undefined)).rejects.toMatchObject({
    code: 'model/not-installed',
  });
});

describe('a manifest beside the app', () => {
  const bytes = Uint8Array.from({ length: 600_000 }, (_, at) => (at * 31) % 251);
  const hash = (piece: Uint8Array) => createHash('sha256').update(piece).digest('hex');
  const sha256 = hash(bytes);
  const id = `imported-${sha256.slice(0, 16)}`;
  const path = `${id}/model.onnx`;
  const cut = 256 * 1024;
  const chunks = {
    bytes: cut,
    sha256: [0, 1, 2].map((at) => hash(bytes.subarray(at * cut, (at + 1) * cut))),
  };
  const part = { name: 'model.onnx', path, bytes: bytes.length, sha256, chunks };
  const own: ListedModel = { ...style, id, title: 'Own', family: { id, title: 'Own' }, part };
  const inCatalog = {
    ...style.part,
    path: 'a/b.onnx',
    chunks: { bytes: 2 ** 24, sha256: [style.part.sha256] },
  };
  const builtIn = { ...card.part, path: 'x/x.onnx', chunks: { bytes: 2 ** 24, sha256: [card.part.sha256] } };
  const text = writeManifest([own, { ...own, part: inCatalog }, { ...own, part: builtIn }]);

  beforeEach(() => {
    host.files.set('models/manifest.json', Buffer.from(text));
    host.files.set(`models/${path}`, Buffer.from(bytes));
  });
  const find = async (tab: Librarian, wanted: string) =>
    (await tab.list()).find((entry) => entry.card.id === wanted);

  test('lists what it names once it was looked for, under the catalogue’s card where that knows it', async () => {
    const tab = openTab();
    expect(await find(tab, id)).toBeUndefined();
    await tab.lookBeside();
    expect(await find(tab, id)).toMatchObject({ state: 'absent', card: { title: 'Own' } });
    const known = { title: style.title, part: { path: 'models/a/b.onnx', sha256: style.part.sha256 } };
    expect(await find(tab, style.id)).toMatchObject({ state: 'absent', card: known });
    expect((await entryOf(tab)).card).toEqual(card);
  });

  test('a model of it is got by chunks, each against its hash, and stays without the manifest', async () => {
    const tab = openTab();
    await tab.get(id, () => undefined);
    expect(
      host.log
        .filter(({ range }) => range)
        .map(({ range }) => range![0] / cut)
        .sort(),
    ).toEqual([0, 1, 2]);
    host.files.clear();
    const after = openTab();
    await after.lookBeside();
    expect(await find(after, id)).toMatchObject({ state: 'ready', card: { title: 'Own' } });
    expect((await after.verify(id)).title).toBe('Own');
  });

  test('bytes other than it says are refused', async () => {
    host.files.set(`models/${path}`, Buffer.from(bytes.with(cut + 5, 0)));
    await expect(openTab().get(id, () => undefined)).rejects.toMatchObject({ code: 'model/hash-mismatch' });
  });

  test('begun and then offline, a model of it is listed with its bytes, kept by the sweep, and can be forgotten', async () => {
    host.fault = ({ range }) => (range && range[0] > 0 ? { slow: { pieceBytes: 4096, pauseMs: 50 } } : null);
    const tab = openTab();
    const getting = tab.get(id, () => undefined).catch(() => 'stopped');
    await expect.poll(async () => (await disk.chunks.keys()).length, { interval: 1 }).toBeGreaterThan(1);
    await tab.pause(id);
    await getting;
    host.files.clear();
    const after = openTab();
    expect(await find(after, id)).toMatchObject({ state: 'partial', heldBytes: cut, card: { title: 'Own' } });
    await after.cancel(id);
    expect(await find(after, id)).toBeUndefined();
    expect(await disk.chunks.keys()).toEqual([]);
  });

  test('one that lies is told, and what was read before stays', async () => {
    const tab = openTab();
    await tab.lookBeside();
    host.files.set('models/manifest.json', Buffer.from(text.replace('a/b.onnx', '../b.onnx')));
    await expect(tab.lookBeside()).rejects.toMatchObject({ code: 'model/manifest' });
    expect(await find(tab, id)).toMatchObject({ state: 'absent' });
  });
});
