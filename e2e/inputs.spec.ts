/** Whatever file is given: the right picture or a plain sentence, and never a hang. */
import { expect, test } from '@playwright/test';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppDriver } from '../src/cli/app-driver';
import { meanColour, pixelsOf } from './pixels';
import { pngOf } from './png';

const pictures = resolve(import.meta.dirname, 'fixtures/pictures');
const scratch = mkdtempSync(join(tmpdir(), 'obscura-inputs-'));
let driver: AppDriver;

test.beforeAll(async () => {
  driver = await AppDriver.open('wasm');
});

test.afterAll(() => driver.close());

function scratchFile(name: string, bytes: string | Uint8Array): string {
  const path = join(scratch, name);
  writeFileSync(path, bytes);
  return path;
}

/** The quarters of the upright fixture, row by row. */
const quarters = [
  { box: { x: 8, y: 6, width: 30, height: 16 }, colour: [200, 40, 40] },
  { box: { x: 58, y: 6, width: 30, height: 16 }, colour: [40, 180, 60] },
  { box: { x: 8, y: 42, width: 30, height: 16 }, colour: [40, 60, 200] },
  { box: { x: 58, y: 42, width: 30, height: 16 }, colour: [220, 200, 40] },
] as const;

/** Every way to lay the four quarters. */
function orders(rest: readonly number[]): number[][] {
  if (rest.length === 0) return [[]];
  return rest.flatMap((first) =>
    orders(rest.filter((other) => other !== first)).map((tail) => [first, ...tail]),
  );
}

/** A cartoon moves colours, but no other way to lay the four quarters may fit it as well as the upright one. */
async function expectUpright(fileName: string): Promise<void> {
  const result = await driver.cartoonize(join(pictures, fileName), 'png');
  expect([result.width, result.height]).toEqual([96, 64]);
  const pixels = await pixelsOf(driver.page, result.path);
  const means = quarters.map(({ box }) => meanColour(pixels, box));
  const misfit = (order: number[]) =>
    order.reduce((sum, from, at) => {
      const squares = quarters[from]!.colour.map((value, channel) => (value - means[at]![channel]!) ** 2);
      return sum + squares.reduce((total, square) => total + square);
    }, 0);
  const best = orders([0, 1, 2, 3]).toSorted((a, b) => misfit(a) - misfit(b))[0];
  expect(best, `${fileName}: ${means.map((mean) => mean.map(Math.round).join()).join(' | ')}`).toEqual([
    0, 1, 2, 3,
  ]);
}

for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`EXIF orientation ${orientation} comes out upright`, () =>
    expectUpright(`orientation-${orientation}.jpg`));
}

test('a CMYK JPEG keeps its colours', () => expectUpright('cmyk.jpg'));
test('of an animated GIF the first frame is drawn', () => expectUpright('animated.gif'));

test('a 16-bit PNG becomes an 8-bit cartoon of the same ramp', async () => {
  const result = await driver.cartoonize(join(pictures, 'sixteen-bit.png'), 'png');
  const pixels = await pixelsOf(driver.page, result.path);
  const at = (x: number) => meanColour(pixels, { x, y: 8, width: 12, height: 48 })[1];
  expect(at(4)).toBeLessThan(110);
  expect(at(80)).toBeGreaterThan(165);
});

test('what is transparent stands on white', async () => {
  const result = await driver.cartoonize(join(pictures, 'transparent.png'), 'png');
  const pixels = await pixelsOf(driver.page, result.path);
  expect(Math.min(...meanColour(pixels, { x: 4, y: 8, width: 24, height: 48 }))).toBeGreaterThan(215);
});

test('a picture without a face is drawn and says it found none', async () => {
  const result = await driver.cartoonize(join(pictures, 'upright.png'), 'png');
  expect(result.faces).toBe(0);
});

/** A real PNG of 20 000 × 20 000 black pixels: 50 MB of rows in some 50 kB. */
function bomb(): Buffer {
  const side = 20_000;
  const rows = Buffer.alloc(side * (side / 8 + 1));
  return pngOf({ width: side, height: side, depth: 1, colour: 0, rows });
}

const whole = readFileSync(join(pictures, 'orientation-1.jpg'));
const refused: readonly [string, () => string, RegExp][] = [
  ['an empty file', () => scratchFile('empty.jpg', ''), /empty/i],
  ['text renamed .jpg', () => scratchFile('text.jpg', 'These are words, not a picture.'), /not a picture/i],
  ['a JPEG cut in half', () => scratchFile('cut.jpg', whole.subarray(0, whole.length / 2)), /ends too early/],
  ['a single pixel', () => join(pictures, 'one-pixel.png'), /too small/i],
  ['a 20 000 × 20 000 bomb', () => scratchFile('bomb.png', bomb()), /more pixels/],
  ['a PNG of noise after its header', () => scratchFile('noise.png', noise()), /cannot read/],
];

function noise(): Buffer {
  const png = Buffer.from(readFileSync(join(pictures, 'upright.png')));
  return png.fill(0x55, 40, png.length - 12);
}

for (const [name, file, words] of refused) {
  test(`${name} gets a plain sentence`, async () => {
    await expect(driver.cartoonize(file(), 'png')).rejects.toThrow(words);
  });
}

test('after all of them the next good photo is drawn', () => expectUpright('upright.png'));
