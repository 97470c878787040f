/** The mark is where other readers look for it, and the picture around it stays as it was. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { crc32 } from 'node:zlib';
import { readMetadata } from '../privacy/metadata';
import { markAi } from './ai-mark';
import { tagSrgb } from './srgb-tag';

const fixtures = resolve(import.meta.dirname, '../../e2e/fixtures');
/** Without the bytes that one of them has after its end: this app's encoder writes none. */
const blob = (path: string, type: string) => {
  const bytes = readFileSync(resolve(fixtures, path));
  return new Blob([type === 'image/webp' ? bytes.subarray(0, 8 + bytes.readUInt32LE(4)) : bytes], { type });
};
const bytesOf = async (file: Blob) => new Uint8Array(await file.arrayBuffer());

test.each([
  ['pictures/orientation-1.jpg', 'image/jpeg'],
  ['pictures/upright.png', 'image/png'],
  ['metadata/full.webp', 'image/webp'],
])('%s says afterwards what it was told, and once', async (path, type) => {
  const before = await bytesOf(blob(path, type));
  const marked = await markAi(blob(path, type), 'compositeWithTrainedAlgorithmicMedia');
  expect(marked.type).toBe(type);
  const { entries, unread } = await readMetadata(await bytesOf(marked));
  const mark = { name: 'Iptc4xmpExt:DigitalSourceType', standard: 'XMP', group: 'origin' };
  const value = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia';
  expect(entries.filter((entry) => entry.value === value)).toEqual([{ ...mark, value }]);
  expect(unread).toBe(0);
  const kept = (await readMetadata(before)).entries;
  expect(entries.filter((entry) => entry.value !== value)).toEqual(kept);
});

test('a PNG is tagged as sRGB once, with a checksum that holds', async () => {
  const tagged = await tagSrgb(blob('pictures/upright.png', 'image/png'));
  const bytes = Buffer.from(await bytesOf(tagged));
  expect(bytes.subarray(37, 41).toString()).toBe('sRGB');
  expect(bytes.readUInt32BE(42)).toBe(crc32(bytes.subarray(37, 42)));
  expect((await bytesOf(await tagSrgb(tagged))).length).toBe(bytes.length);
});

test('what has a profile of its own, or is no PNG, stays as it is', async () => {
  for (const [path, type] of [
    ['metadata/display-p3.png', 'image/png'],
    ['pictures/orientation-1.jpg', 'image/jpeg'],
  ] as const) {
    const picture = blob(path, type);
    expect(await tagSrgb(picture)).toBe(picture);
  }
});
