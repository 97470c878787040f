/** A model of several parts is got, stopped, mended and removed as one, and is there only when all of it is proven. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openNodeSession } from '../../build/node-session';
import type { TransferProgress } from '../base/progress';
import {
  chunkBytes,
  content,
  duo,
  fileBytes,
  files,
  solo,
  totalBytes,
  weightCount,
} from '../cli/parts-scene';
import { beginTabs, channelOfTab, endTabs, openTab, storeOf, tabs } from '../cli/tabs-scene';
import { fileCards } from '../models/files';
import type { Librarian } from './librarian';
import { writeManifest } from './manifest';
import { openablePart, readPart } from './openable';

beforeEach(async () => {
  await beginTabs();
  tabs.host.files.set('models/manifest.json', Buffer.from(writeManifest([duo, solo])));
  for (const [name, bytes] of Object.entries(fileBytes)) tabs.host.files.set(`models/duo/${name}`, bytes);
  tabs.host.files.set('models/solo/sum.onnx', fileBytes['sum.onnx_data']!);
});
afterEach(endTabs);

const nothing = () => undefined;
const entryOf = async (tab: Librarian, id = duo.id) => {
  await tab.lookBeside();
  return (await tab.list()).find(({ card }) => card.id === id)!;
};
const get = (tab: Librarian, id = duo.id) => tab.get(id, nothing);
/** File and chunk of each request for a model's bytes. */
const asked = () =>
  tabs.host.log
    .filter(({ path }) => !path.endsWith('manifest.json'))
    .map(({ path, range }) => `${path.split('/').at(-1)} ${(range?.[0] ?? 0) / chunkBytes}`)
    .sort();
const everyChunk = files
  .flatMap(({ name, bytes }) =>
    Array.from({ length: Math.ceil(bytes / chunkBytes) }, (_, at) => `${name} ${at}`),
  )
  .sort();
const only = (name: string, fault: object) => (request: { path: string }) =>
  request.path.endsWith(`/${name}`) ? fault : null;

test('it comes file by file, each chunk once, under one progress, and its parts open by name', async () => {
  const tab = openTab(chunkBytes);
  const reports: TransferProgress[] = [];
  expect((await entryOf(tab)).state).toBe('absent');
  const card = await tab.get(duo.id, (progress) => void reports.push(progress));
  expect(asked()).toEqual(everyChunk);
  const done = reports.map(({ doneBytes }) => doneBytes);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(new Set(reports.map((report) => report.totalBytes))).toEqual(new Set([totalBytes]));
  expect(done.at(-1)).toBe(totalBytes);
  expect(await entryOf(tab)).toMatchObject({ state: 'ready', heldBytes: totalBytes });
  expect((await tabs.disk.records.keys()).filter((key) => key === duo.id)).toHaveLength(1);
  expect(await storeOf(chunkBytes).partials()).toEqual([]);

  const store = storeOf(chunkBytes);
  const { graph, weights } = await openablePart(card, 'sum', store);
  expect(weights!.map(({ location }) => location)).toEqual(['sum.onnx_data', 'sum.onnx_data_1']);
  const beside = new Map(weights!.map(({ location }) => [location, fileBytes[location]!]));
  const session = await openNodeSession(graph, beside);
  const x = { type: 'float32', dims: [weightCount], data: new Float32Array(weightCount).fill(1) } as const;
  const { y } = await session.run({ x });
  expect(new Set(y!.data as Float32Array)).toEqual(new Set([9]));
  await session.release();
  const words = JSON.parse(new TextDecoder().decode(await readPart(card, 'words', store))) as unknown;
  expect(words).toEqual({ words: ['one', 'two'] });
  await expect(openablePart(card, 'vae', store)).rejects.toMatchObject({ code: 'model/wrong-shape' });
});

test('cut in its second file it is not there, and goes on without asking for anything twice', async () => {
  const tab = openTab(chunkBytes);
  tabs.host.fault = ({ path, range }) =>
    path.endsWith('sum.onnx_data_1') && range![0] > 0 ? { cutAt: 0 } : null;
  await expect(get(tab)).rejects.toMatchObject({ code: 'network/failed' });
  const heldBytes = totalBytes - (4 * weightCount - chunkBytes) - fileBytes['tokenizer.json']!.length;
  expect(await entryOf(openTab(chunkBytes))).toMatchObject({ state: 'partial', heldBytes, paused: false });
  expect(await tabs.disk.records.keys()).toEqual([]);
  tabs.host.fault = () => null;
  tabs.host.log.length = 0;
  const later = openTab(chunkBytes);
  await get(later);
  expect(asked()).toEqual(['sum.onnx_data_1 1', 'tokenizer.json 0']);
  expect((await entryOf(later)).state).toBe('ready');
});

test('a file with other bytes never makes a model, and the others stay for the next try', async () => {
  const tab = openTab(chunkBytes);
  tabs.host.fault = only('tokenizer.json', { flipAt: 5 });
  await expect(get(tab)).rejects.toMatchObject({ code: 'model/hash-mismatch' });
  expect((await entryOf(tab)).state).toBe('partial');
  expect(await tabs.disk.records.keys()).toEqual([]);
  tabs.host.fault = () => null;
  tabs.host.log.length = 0;
  await get(tab);
  expect(asked()).toEqual(['tokenizer.json 0']);
});

test('paused it waits as it is; cancelled nothing of it is left', async () => {
  const tab = openTab(chunkBytes);
  tabs.host.fault = only('sum.onnx_data_1', { slow: { pieceBytes: 4096, pauseMs: 20 } });
  const outcome = get(tab).catch((thrown: unknown) => (thrown as Error).name);
  await expect.poll(asked).toContain('sum.onnx_data_1 1');
  await openTab(chunkBytes).pause(duo.id);
  expect(await outcome).toBe('AbortError');
  expect(await entryOf(tab)).toMatchObject({ state: 'partial', paused: true });
  await tab.cancel(duo.id);
  expect(await tabs.disk.chunks.keys()).toEqual([]);
  expect((await entryOf(tab)).state).toBe('absent');
});

test('another tab sees how far all of it is, and waits for it', async () => {
  tabs.host.fault = () => ({ slow: { pieceBytes: 65_536, pauseMs: 5 } });
  const [one, other] = [openTab(chunkBytes), openTab(chunkBytes)];
  await entryOf(other);
  const seen: (number | null)[] = [];
  other.watch((cardId, progress) => {
    expect(cardId).toBe(duo.id);
    seen.push(progress?.totalBytes ?? null);
  });
  const heard: unknown[] = [];
  channelOfTab().listen((message) => heard.push(message.content));
  const second = get(other);
  await Promise.all([get(one), second]);
  expect(asked()).toEqual(everyChunk);
  expect(new Set(heard)).toEqual(new Set([content]));
});

describe('a chunk that is gone', () => {
  test('takes the model off the shelf and is fetched alone', async () => {
    const tab = openTab(chunkBytes);
    const card = await get(tab);
    const [, weights] = files;
    await tabs.disk.chunks.deleteMany([`${weights!.sha256}/1`]);
    // The part it is not of opens all the same.
    await readPart(card, 'words', storeOf(chunkBytes));
    await expect(openablePart(card, 'sum', storeOf(chunkBytes))).rejects.toMatchObject({
      code: 'model/damaged',
    });
    const entry = await entryOf(tab);
    expect(entry).toMatchObject({ state: 'damaged', heldBytes: totalBytes - (4 * weightCount - chunkBytes) });
    tabs.host.log.length = 0;
    await get(tab);
    expect(asked()).toEqual([`${weights!.name} 1`]);
    expect((await tab.verify(duo.id)).id).toBe(duo.id);
  });
});

test('a file of two models is fetched once, and stays until neither wants it', async () => {
  const tab = openTab(chunkBytes);
  await get(tab, solo.id);
  tabs.host.log.length = 0;
  const card = await get(tab);
  expect(asked()).toEqual(everyChunk.filter((chunk) => !chunk.startsWith('sum.onnx_data ')));
  await tab.remove(solo.id);
  const [, shared] = fileCards(card);
  const bytes = await storeOf(chunkBytes).read(shared!);
  expect(Buffer.compare(bytes, fileBytes['sum.onnx_data']!)).toBe(0);
  await tab.verify(duo.id);
  await tab.remove(duo.id);
  expect(await tabs.disk.chunks.keys()).toEqual([]);
});

test('room is asked for all of it before anything is fetched', async () => {
  const { Librarian: Plain } = await import('./librarian');
  const { LineGate } = await import('./line-gate');
  const { airlockFetch } = await import('../privacy/airlock');
  const { usualPace } = await import('./download');
  const tab = new Plain({
    ...{ store: storeOf(chunkBytes), gate: new LineGate(), channel: channelOfTab(), now: () => 0 },
    request: (path, how) => airlockFetch(path, { ...how, base: tabs.host.url }),
    freeBytes: () => Promise.resolve(totalBytes - 1),
    pace: usualPace,
  });
  const details = { neededBytes: totalBytes, freeBytes: totalBytes - 1 };
  await expect(get(tab)).rejects.toMatchObject({ code: 'storage/full', details });
  expect(asked()).toEqual([]);
});
