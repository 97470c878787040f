/** A model of several parts as files: in a manifest, out to a folder and in again, packed beside the app. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { partsIn } from '../cli/pack-parts';
import { content, duo, fileBytes, fromDisk, hashOf } from '../cli/parts-scene';
import { contentOf, fileCards } from '../models/files';
import { filesNamed } from '../privacy/mirror-list';
import { exportFiles } from './exporter';
import { readManifest, writeManifest } from './manifest';
import { memoryStore } from './memory-store';
import { once } from './rechunk';
import { restoreModels } from './restorer';

const nothingKnown = () => undefined;
const known = (asked: string) =>
  asked === content ? { ...duo, title: 'As the catalogue has it' } : undefined;

async function shelf() {
  const store = memoryStore();
  await store.putFiles(fromDisk, ({ name }) => once(fileBytes[name]!));
  return store;
}

describe('a manifest', () => {
  test('gives back every part and file, and the wall reads the same files off it', () => {
    const text = writeManifest([duo]);
    const [read] = readManifest(text, nothingKnown);
    expect(read).toMatchObject({ id: duo.id, title: 'Duo', parts: duo.parts });
    expect(filesNamed(text)).toEqual(
      Object.values(duo.parts)
        .flat()
        .map(({ path, bytes, sha256 }) => ({ path: `models/${path}`, bytes, sha256 })),
    );
    expect(readManifest(text, known)).toMatchObject([{ title: 'As the catalogue has it', parts: duo.parts }]);
  });

  type Listing = { models: { parts: Record<string, unknown> }[] };
  const tampered = (change: (parts: Record<string, unknown>, model: Listing['models'][0]) => void) => {
    const whole = JSON.parse(writeManifest([duo])) as Listing;
    change(whole.models[0]!.parts, whole.models[0]!);
    return JSON.stringify(whole);
  };
  test.each([
    ['no parts', tampered((_, model) => (model.parts = {}))],
    ['a part of no files', tampered((parts) => (parts.sum = []))],
    ['a part in words', tampered((parts) => (parts.sum = 'sum.onnx'))],
    ['a part with a name that is a path', tampered((parts) => (parts['../x'] = parts.words))],
    ['a file twice', tampered((parts) => (parts.more = parts.words))],
    [
      'a file of a kind that runs',
      tampered((parts) => (parts.words = [{ ...duo.parts.words[0], path: 'a.js' }])),
    ],
    [
      'a file that climbs',
      tampered((parts) => (parts.words = [{ ...duo.parts.words[0], path: '../a.json' }])),
    ],
  ])('with %s is refused', (_, text) => {
    const refused = expect.objectContaining({ code: 'model/manifest' }) as Error;
    expect(() => readManifest(text, nothingKnown)).toThrow(refused);
  });

  test('with another length of a file that the catalogue knows is refused', () => {
    const text = tampered((parts) => (parts.words = [{ ...duo.parts.words[0], bytes: 9 }]));
    expect(() => readManifest(text, known)).toThrow('model/manifest');
  });
});

test('out to files and in again on another device it is the same to the byte', async () => {
  const store = await shelf();
  const files = await exportFiles(duo.id, store);
  expect(files.map(({ name }) => name)).toEqual([...Object.keys(fileBytes), 'manifest.json']);
  const other = memoryStore();
  const [card] = (await restoreModels(files, other)).cards;
  expect(card).toMatchObject({ id: duo.id, title: 'Duo' });
  expect(contentOf(card!)).toBe(content);
  for (const file of fileCards(card!))
    expect(Buffer.compare(await other.read(file), fileBytes[file.part.name]!)).toBe(0);
  await other.remove(card!.id);
  expect(await other.list()).toEqual([]);
});

test('with a file missing, or another in its place, nothing of it is kept', async () => {
  const files = await exportFiles(duo.id, await shelf());
  const without = files.filter(({ name }) => name !== 'sum.onnx_data_1');
  // Its brother has the same length; the hash tells them apart.
  const brother = new File([fileBytes['sum.onnx_data']!], 'sum.onnx_data_1');
  const flipped = fileBytes['sum.onnx_data_1']!.slice();
  flipped[7]! ^= 1;
  const rotten = new File([flipped], 'sum.onnx_data_1');
  const other = memoryStore();
  const words = files.filter(({ name }) => name !== 'tokenizer.json');
  await expect(restoreModels(words, other)).rejects.toMatchObject({ code: 'model/missing-file' });
  for (const wrong of [brother, rotten])
    await expect(restoreModels([...without, wrong], other)).rejects.toMatchObject({
      code: 'model/hash-mismatch',
    });
  expect([...(await other.list()), ...(await other.partials())]).toEqual([]);
});

describe('packed', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'obscura-parts-'));
    mkdirSync(join(folder, 'onnx'));
    for (const [name, bytes] of Object.entries(fileBytes))
      writeFileSync(join(folder, name.startsWith('sum') ? 'onnx' : '', name), bytes);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('a model of the catalogue is found among a folder’s files, by name and hash', () => {
    const [packed] = partsIn(folder, [fromDisk]);
    expect(packed!.model).toMatchObject({ id: duo.id });
    expect(contentOf(packed!.model)).toBe(content);
    for (const [path, from] of packed!.from)
      expect(hashOf(readFileSync(from))).toBe(hashOf(fileBytes[path.split('/').at(-1)!]!));
    const again = readManifest(writeManifest([packed!.model]), nothingKnown);
    expect(contentOf(again[0]!)).toBe(content);
  });

  test('is refused with another file under its name, and passed over where one is missing', () => {
    writeFileSync(join(folder, 'tokenizer.json'), '{}');
    expect(() => partsIn(folder, [fromDisk])).toThrow('tokenizer.json is not the file');
    rmSync(join(folder, 'tokenizer.json'));
    expect(partsIn(folder, [fromDisk])).toEqual([]);
  });
});
