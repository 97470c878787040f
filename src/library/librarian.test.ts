/** Two tabs of one origin: the same store, locks and channel, and a host that logs what is asked of it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TransferProgress } from '../base/progress';
import { beginTabs, channelOfTab, endTabs, openTab, storeOf, tabs } from '../cli/tabs-scene';
import { card } from '../models/obscura-faces/card';
import type { Librarian } from './librarian';
import { lockName } from './locks';
import { once } from './rechunk';

const chunkBytes = 16 * 1024;
const chunkCount = Math.ceil(card.part.bytes / chunkBytes);
const weights = readFileSync(resolve(import.meta.dirname, '../../public', card.part.path));
const day = 24 * 60 * 60 * 1000;

beforeEach(async () => {
  await beginTabs();
  tabs.host.files.set(card.part.path, weights);
});
afterEach(endTabs);

const entryOf = async (tab: Librarian) => (await tab.list()).find((entry) => entry.card.id === card.id)!;
const slow = () => ({ slow: { pieceBytes: 4096, pauseMs: 10 } });
const chunksAsked = () => tabs.host.log.map(({ range }) => range![0] / chunkBytes).sort((a, b) => a - b);
const everyChunk = [...Array(chunkCount).keys()];

/** Begins in this tab and gives the outcome: ready, or how it failed. */
function begin(tab: Librarian, report: (progress: TransferProgress) => void = () => undefined) {
  return tab.get(card.id, report).then(
    () => 'ready',
    (thrown: unknown) => (thrown as Error).name,
  );
}

const someKept = () =>
  expect.poll(async () => (await tabs.disk.chunks.keys()).length, { interval: 1 }).toBeGreaterThan(3);

test('asked for twice in one tab and once in another, a model is fetched once', async () => {
  tabs.host.fault = slow;
  const [one, other] = [openTab(chunkBytes), openTab(chunkBytes)];
  const heard: number[] = [];
  const outcomes = [begin(one), begin(one), begin(other, ({ doneBytes }) => heard.push(doneBytes))];
  expect(await Promise.all(outcomes)).toEqual(['ready', 'ready', 'ready']);
  expect(chunksAsked()).toEqual(everyChunk);
  expect(heard.length).toBeGreaterThan(1);
  expect(await entryOf(other)).toMatchObject({ state: 'ready' });
});

test('a tab that only looks on sees how far the other is, and when it has ended', async () => {
  tabs.host.fault = slow;
  const [one, other] = [openTab(chunkBytes), openTab(chunkBytes)];
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
  openTab(chunkBytes).watch((_, progress) => seen.push(progress?.doneBytes ?? null));
  const progress = { kind: 'transfer', name: 'm', doneBytes: 1, totalBytes: 2 } as const;
  let close: () => void = () => undefined;
  const fetching = tabs.disk.locks.request(lockName(card.part.sha256), {}, () => {
    channel.post({ kind: 'progress', content: card.part.sha256, progress });
    return new Promise<void>((resolve) => (close = resolve));
  });
  await expect.poll(() => seen).toEqual([1]);
  close();
  await fetching;
  await expect.poll(() => seen, { timeout: 5000 }).toEqual([1, null]);
});

test('paused, what has arrived stays and nothing goes on by itself; resumed, only the rest is fetched', async () => {
  tabs.host.fault = slow;
  const tab = openTab(chunkBytes);
  const getting = begin(tab);
  await someKept();
  await tab.pause(card.id);
  await tab.pause(card.id);
  expect(await getting).toBe('AbortError');
  await expect.poll(() => tabs.host.open).toBe(0);
  const after = openTab(chunkBytes);
  const entry = await entryOf(after);
  expect(entry).toMatchObject({ state: 'partial', paused: true });
  expect(entry.heldBytes).toBeGreaterThan(0);
  const { held } = (await storeOf(chunkBytes).partials())[0]!;
  const missing = everyChunk.filter((index) => held[index] === null);
  tabs.host.log.length = 0;
  tabs.host.fault = () => null;
  expect(await begin(after)).toBe('ready');
  expect(missing.length).toBeLessThan(chunkCount);
  expect(chunksAsked()).toEqual(missing);
  expect(await entryOf(after)).toMatchObject({ state: 'ready', paused: false });
});

test('pause and cancel reach the tab that fetches, from whichever tab', async () => {
  tabs.host.fault = slow;
  const [one, other] = [openTab(chunkBytes), openTab(chunkBytes)];
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
  expect(await tabs.disk.chunks.keys()).toEqual([]);
});

test('pause and cancel leave a model alone that is ready, and one that was never begun', async () => {
  const tab = openTab(chunkBytes);
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
  const tab = openTab(chunkBytes);
  await begin(tab);
  const flipped = Uint8Array.from(weights.subarray(3 * chunkBytes, 4 * chunkBytes));
  flipped[9]! ^= 1;
  await tabs.disk.chunks.setMany([[`${card.part.sha256}/3`, new Blob([flipped])]]);
  await tabs.disk.chunks.deleteMany([`${card.part.sha256}/7`]);
  await expect(tab.verify(card.id)).rejects.toMatchObject({ code: 'model/damaged' });
  expect(await entryOf(tab)).toMatchObject({
    state: 'damaged',
    heldBytes: card.part.bytes - 2 * chunkBytes,
  });
  tabs.host.log.length = 0;
  expect(await begin(tab)).toBe('ready');
  expect(chunksAsked()).toEqual([3, 7]);
  expect((await tab.verify(card.id)).id).toBe(card.id);
});

test('what is fetched for a model that lost a chunk must be the lost bytes, and costs none of the others', async () => {
  const tab = openTab(chunkBytes);
  await begin(tab);
  await tabs.disk.chunks.deleteMany([`${card.part.sha256}/7`]);
  await expect(tab.verify(card.id)).rejects.toMatchObject({ code: 'model/damaged' });
  tabs.host.fault = () => ({ flipAt: 7 * chunkBytes + 1 });
  expect(await begin(tab)).toBe('StudioError');
  expect(await entryOf(tab)).toMatchObject({ state: 'damaged', heldBytes: card.part.bytes - chunkBytes });
});

test('held for a job, a model waits off the line and comes by itself after', async () => {
  const tab = openTab(chunkBytes);
  tab.hold();
  tab.hold();
  const getting = begin(tab);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(tabs.host.log).toEqual([]);
  tab.release();
  expect(await getting).toBe('ready');
});

test('a download that nobody went on with for a month is swept, a younger one listed', async () => {
  tabs.host.fault = slow;
  const tab = openTab(chunkBytes);
  const getting = begin(tab);
  await someKept();
  await tab.pause(card.id);
  await getting;
  tabs.now = 29 * day;
  expect(await entryOf(openTab(chunkBytes))).toMatchObject({ state: 'partial' });
  tabs.now = 31 * day;
  expect(await entryOf(openTab(chunkBytes))).toMatchObject({ state: 'absent' });
  expect(await tabs.disk.chunks.keys()).toEqual([]);
});

test('a newer revision comes beside the older, which stays usable until the newer is proven', async () => {
  const bytes = Uint8Array.from(weights, (byte) => 255 - byte);
  const part = { ...card.part, sha256: createHash('sha256').update(bytes).digest('hex') };
  const old = { ...card, part };
  await storeOf(chunkBytes).put(old, once(bytes));
  const before = await entryOf(openTab(chunkBytes));
  expect(before).toMatchObject({ state: 'ready', card: { part: { sha256: part.sha256 } }, newer: { card } });
  // Other bytes than the card's: the older one stays whole.
  tabs.host.files.set(
    card.part.path,
    weights.map((byte) => byte ^ 1),
  );
  expect(await begin(openTab(chunkBytes))).toBe('StudioError');
  expect(Buffer.compare(await storeOf(chunkBytes).read(old), bytes)).toBe(0);
  tabs.host.files.set(card.part.path, weights);
  tabs.host.fault = slow;
  const getting = begin(openTab(chunkBytes));
  await expect.poll(async () => (await storeOf(chunkBytes).partials()).length, { interval: 1 }).toBe(1);
  expect(Buffer.compare(await storeOf(chunkBytes).read(old), bytes)).toBe(0);
  expect(await getting).toBe('ready');
  const after = await entryOf(openTab(chunkBytes));
  expect(after).toEqual({ card, state: 'ready', heldBytes: card.part.bytes, paused: false });
  const files = new Set((await tabs.disk.chunks.keys()).map((key) => key.split('/')[0]));
  expect(files).toEqual(new Set([card.part.sha256]));
});

test('a newer revision that was begun is listed beside the older, goes on where it was, and can be forgotten', async () => {
  const bytes = Uint8Array.from(weights, (byte) => 255 - byte);
  const part = { ...card.part, sha256: createHash('sha256').update(bytes).digest('hex') };
  await storeOf(chunkBytes).put({ ...card, part }, once(bytes));
  const stopped = async () => {
    tabs.host.fault = ({ range }) => (range![0] >= 4 * chunkBytes ? { cutAt: 0 } : null);
    expect(await begin(openTab(chunkBytes))).toBe('StudioError');
    return entryOf(openTab(chunkBytes));
  };
  const begun = { state: 'partial', heldBytes: 4 * chunkBytes, paused: false };
  expect(await stopped()).toMatchObject({ state: 'ready', newer: begun });
  await openTab(chunkBytes).pause(card.id);
  expect((await entryOf(openTab(chunkBytes))).newer).toMatchObject({ ...begun, paused: true });
  await openTab(chunkBytes).cancel(card.id);
  const after = await entryOf(openTab(chunkBytes));
  expect(after).toMatchObject({ state: 'ready', newer: { state: 'absent', heldBytes: 0 } });
  expect(Buffer.compare(await storeOf(chunkBytes).read({ ...card, part }), bytes)).toBe(0);
  await stopped();
  tabs.host.fault = () => null;
  tabs.host.log.length = 0;
  expect(await begin(openTab(chunkBytes))).toBe('ready');
  expect(chunksAsked()).toEqual(everyChunk.slice(4));
});

test('a model that this build does not know is told', async () => {
  await expect(openTab(chunkBytes).get('nobody', () => undefined)).rejects.toMatchObject({
    code: 'model/not-installed',
  });
});
