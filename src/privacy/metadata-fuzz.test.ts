/** Containers broken at random, from one seed: nothing is thrown, nothing takes long, nothing unbounded comes out. */
import { seededRandom } from '../base/random';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readMetadata } from './metadata';

const folder = resolve(import.meta.dirname, '../../e2e/fixtures/metadata');
const names = ['full.jpg', 'full.png', 'full.webp', 'full.avif'];
const rounds = process.env.LONG === undefined ? 400 : 20_000;
/** Far above what the slowest takes on a busy machine, far below what a person would call hung. */
const mostMs = 1000;

/** Bytes flipped, lengths made huge, parts cut, doubled and moved. */
function broken(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = () => Math.floor(random() * bytes.length);
  const out = Uint8Array.from(bytes);
  const times = 1 + Math.floor(random() * 8);
  for (let time = 0; time < times; time++) {
    const place = at();
    const kind = Math.floor(random() * 4);
    if (kind === 0) out[place] = Math.floor(random() * 256);
    else if (kind === 1) out.fill(0xff, place, place + 4);
    else if (kind === 2) out.fill(0, place, place + 4);
    else out.copyWithin(place, at(), at());
  }
  const cut = random() < 0.3 ? out.subarray(0, at()) : out;
  return random() < 0.2 ? Uint8Array.from([...cut, ...out]) : cut;
}

it.each(names)(
  '%s, broken in many ways',
  async (name) => {
    const whole = new Uint8Array(readFileSync(resolve(folder, name)));
    const random = seededRandom(names.indexOf(name) + 20261121);
    for (let round = 0; round < rounds; round++) {
      const bytes = broken(whole, random);
      const started = performance.now();
      const { entries, marks } = await readMetadata(bytes);
      expect(performance.now() - started, `${name}, round ${round}`).toBeLessThan(mostMs);
      expect(entries.length).toBeLessThanOrEqual(400);
      expect(marks.length).toBeLessThanOrEqual(20);
      for (const { name, value } of entries) expect(name.length + value.length).toBeLessThanOrEqual(380);
    }
  },
  process.env.LONG === undefined ? 30_000 : 600_000,
);

const hostile: readonly [string, () => Uint8Array][] = [
  ['a JPEG of nothing but markers', () => new Uint8Array(1e6).fill(0xff).fill(0xd8, 1, 2)],
  [
    'a PNG of 80 000 empty chunks',
    () => png(Array.from({ length: 80_000 }, () => chunk('aaAa', new Uint8Array()))),
  ],
  ['XMP of one letter, half a megabyte long', () => png([xmp('a'.repeat(500_000))])],
  ['XMP of tags never closed', () => png([xmp('<a:b '.repeat(100_000))])],
  ['XMP of attributes never closed', () => png([xmp(`<a:b ${"c:d='".repeat(100_000)}`)])],
  ['a chunk that says it has 4 GB', () => png([Uint8Array.of(255, 255, 255, 255, 116, 69, 88, 116)])],
];

it.each(hostile)('%s is soon done with', async (_, make) => {
  const bytes = make();
  const started = performance.now();
  const { entries } = await readMetadata(bytes);
  expect(performance.now() - started).toBeLessThan(mostMs);
  expect(entries.length).toBeLessThanOrEqual(400);
});

function png(chunks: readonly Uint8Array[]): Uint8Array {
  const end = chunk('IEND', new Uint8Array());
  return new Uint8Array(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks, end]));
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data, Buffer.alloc(4)]);
}

function xmp(text: string): Uint8Array {
  return chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${text}`));
}
