/** The models that a manifest beside the app names. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { beginTabs, endTabs, openTab, tabs } from '../cli/tabs-scene';
import { card as style } from '../models/dct-net-anime/card';
import { card } from '../models/obscura-faces/card';
import type { Librarian } from './librarian';
import { writeManifest, type ListedModel } from './manifest';

const chunkBytes = 16 * 1024;
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

afterEach(endTabs);
beforeEach(async () => {
  await beginTabs();
  tabs.host.files.set('models/manifest.json', Buffer.from(text));
  tabs.host.files.set(`models/${path}`, Buffer.from(bytes));
});
const find = async (tab: Librarian, wanted: string) =>
  (await tab.list()).find((entry) => entry.card.id === wanted);

test('lists what it names once it was looked for, under the catalogue’s card where that knows it', async () => {
  const tab = openTab(chunkBytes);
  expect(await find(tab, id)).toBeUndefined();
  await tab.lookBeside();
  expect(await find(tab, id)).toMatchObject({ state: 'absent', card: { title: 'Own' } });
  const known = { title: style.title, part: { path: 'models/a/b.onnx', sha256: style.part.sha256 } };
  expect(await find(tab, style.id)).toMatchObject({ state: 'absent', card: known });
  expect((await find(tab, card.id))?.card).toEqual(card);
});

test('a model of it is got by chunks, each against its hash, and stays without the manifest', async () => {
  const tab = openTab(chunkBytes);
  await tab.get(id, () => undefined);
  expect(
    tabs.host.log
      .filter(({ range }) => range)
      .map(({ range }) => range![0] / cut)
      .sort(),
  ).toEqual([0, 1, 2]);
  tabs.host.files.clear();
  const after = openTab(chunkBytes);
  await after.lookBeside();
  expect(await find(after, id)).toMatchObject({ state: 'ready', card: { title: 'Own' } });
  expect((await after.verify(id)).title).toBe('Own');
});

test('bytes other than it says are refused', async () => {
  tabs.host.files.set(`models/${path}`, Buffer.from(bytes.with(cut + 5, 0)));
  await expect(openTab(chunkBytes).get(id, () => undefined)).rejects.toMatchObject({
    code: 'model/hash-mismatch',
  });
});

test('begun and then offline, a model of it is listed with its bytes, kept by the sweep, and can be forgotten', async () => {
  tabs.host.fault = ({ range }) =>
    range && range[0] > 0 ? { slow: { pieceBytes: 4096, pauseMs: 50 } } : null;
  const tab = openTab(chunkBytes);
  const getting = tab.get(id, () => undefined).catch(() => 'stopped');
  await expect.poll(async () => (await tabs.disk.chunks.keys()).length, { interval: 1 }).toBeGreaterThan(1);
  await tab.pause(id);
  await getting;
  tabs.host.files.clear();
  const after = openTab(chunkBytes);
  expect(await find(after, id)).toMatchObject({ state: 'partial', heldBytes: cut, card: { title: 'Own' } });
  await after.cancel(id);
  expect(await find(after, id)).toBeUndefined();
  expect(await tabs.disk.chunks.keys()).toEqual([]);
});

test('one that lies is told, and what was read before stays', async () => {
  const tab = openTab(chunkBytes);
  await tab.lookBeside();
  tabs.host.files.set('models/manifest.json', Buffer.from(text.replace('a/b.onnx', '../b.onnx')));
  await expect(tab.lookBeside()).rejects.toMatchObject({ code: 'model/manifest' });
  expect(await find(tab, id)).toMatchObject({ state: 'absent' });
});
