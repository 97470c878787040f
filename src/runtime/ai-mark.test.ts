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

/** RIFF's chunks, by a walk that shares nothing with the app's. */
function chunksOf(file: Buffer): { name: string; body: Buffer }[] {
  expect(file.readUInt32LE(4)).toBe(file.length - 8);
  const chunks = [];
  for (let at = 12; at < file.length; at += 8 + file.readUInt32LE(at + 4) + (file[at + 4]! & 1)) {
    const body = file.subarray(at + 8, at + 8 + file.readUInt32LE(at + 4));
    chunks.push({ name: file.toString('latin1', at, at + 4), body });
  }
  return chunks;
}

function simpleWebp(name: 'VP8 ' | 'VP8L', body: Buffer): Blob {
  const file = Buffer.alloc(20 + body.length + (body.length & 1));
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write(`WEBP${name}`, 8);
  file.writeUInt32LE(body.length, 16);
  body.copy(file, 20);
  return new Blob([file], { type: 'image/webp' });
}

test('a WebP of the simple form, which other encoders write, is given the first chunk that a mark needs', async () => {
  const full = chunksOf(Buffer.from(await bytesOf(blob('metadata/full.webp', 'image/webp'))));
  const lossy = full.find(({ name }) => name === 'VP8 ')!.body;
  // 5 by 3 with transparency: 0x2f, then 14 bits each of width - 1 and height - 1, then the bit that tells of it.
  const lossless = Buffer.alloc(9);
  lossless[0] = 0x2f;
  lossless.writeUInt32LE(4 | (2 << 14) | (1 << 28), 1);
  const first = full.find(({ name }) => name === 'VP8X')!.body;
  for (const [simple, size, flags] of [
    [simpleWebp('VP8 ', lossy), first.subarray(4), 0x04],
    [simpleWebp('VP8L', lossless), Buffer.of(4, 0, 0, 2, 0, 0), 0x14],
  ] as const) {
    const before = chunksOf(Buffer.from(await bytesOf(simple)));
    const marked = Buffer.from(await bytesOf(await markAi(simple, 'trainedAlgorithmicMedia')));
    const [header, picture, mark, ...more] = chunksOf(marked);
    expect([header!.name, picture!.name, mark!.name, more]).toEqual(['VP8X', before[0]!.name, 'XMP ', []]);
    expect(picture!.body.equals(before[0]!.body)).toBe(true);
    expect([header!.body[0], header!.body.subarray(4).toString('hex')]).toEqual([
      flags,
      size.toString('hex'),
    ]);
    expect((await readMetadata(new Uint8Array(marked))).marks).toMatchObject([
      { source: 'trainedAlgorithmicMedia' },
    ]);
  }
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
