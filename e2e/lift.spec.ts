/** The lift to full size: its two twins agree, and a photo larger than toon scale comes back sharper than enlarged. */
import { expect, test, type Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppDriver } from '../src/cli/app-driver';
import { loadFixture } from './fixture-page';
import type { compareTwins, Comparison } from './fixtures/lift-twins';
import { isLong } from './long';
import { pixelsOf, type Pixels } from './pixels';

declare global {
  var twins: { compareTwins: typeof compareTwins };
}

test('on the GPU every value is within 1 of the processor’s, in strips too, and no buffer stays', async ({
  page,
}) => {
  await loadFixture(page, 'lift-twins.ts', 'twins');
  const sizes = [
    [700, 500, 120],
    [333, 451, 240],
  ] as const;
  for (const [width, height, short] of sizes) {
    const found: Comparison = await page.evaluate(([w, h, s]) => globalThis.twins.compareTwins(w, h, s), [
      width,
      height,
      short,
    ] as const);
    expect(found.largest).toBeLessThanOrEqual(1);
    // Rounding alone: a kernel that does something else would be off by 1 nearly everywhere.
    expect(found.unequal / (found.pixels * 4)).toBeLessThan(0.01);
    expect(found.gpuPeakBytes).toBeGreaterThan(width * 101 * 4);
    expect(found.gpuLeftBytes).toBe(0);
  }
});

test('a large photo comes back in its own size with edges twice as steep as bilinear ones', async () => {
  test.skip(!isLong, 'it runs with npm run test:long');
  const driver = await AppDriver.open('wasm');
  try {
    const [width, height] = [2400, 1800];
    const photo = join(test.info().outputPath(), 'photo.png');
    writeFileSync(photo, await darkDisc(driver.page, width, height));
    const draw = async (sharp: boolean) => {
      await driver.choose({ style: 'Anime', keepSkin: true, sharp, format: 'png' });
      const { path } = await driver.cartoonize(photo, 'png');
      return pixelsOf(driver.page, path);
    };
    const [lifted, enlarged] = [await draw(true), await draw(false)];
    expect([lifted.width, lifted.height]).toEqual([width, height]);
    const bilinear = bilinearRow(middleRow(enlarged), (720 * width) / height);
    expect(steepest(middleRow(lifted))).toBeGreaterThan(2 * steepest(bilinear));
  } finally {
    await driver.close();
  }
});

/** PNG of a dark disc on a light ground. */
async function darkDisc(page: Page, width: number, height: number): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([w, h]) => {
      const canvas = new OffscreenCanvas(w, h);
      const context = canvas.getContext('2d')!;
      context.fillStyle = '#e8d8c8';
      context.fillRect(0, 0, w, h);
      context.fillStyle = '#302838';
      context.arc(w / 2, h / 2, h / 3, 0, 2 * Math.PI);
      context.fill();
      const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
      return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
    },
    [width, height] as const,
  );
  return Buffer.from(base64, 'base64');
}

/** Green along the row through the middle, from the left border to the centre. */
function middleRow({ width, height, data }: Pixels): number[] {
  const start = Math.floor(height / 2) * width;
  return Array.from({ length: width / 2 }, (_, x) => data[(start + x) * 4 + 1]!);
}

/** The row as bilinear enlargement gives it: the original method repeats each drawn value around its centre. */
function bilinearRow(row: number[], drawnSize: number): number[] {
  const scale = (row.length * 2) / drawnSize;
  const drawn = (i: number) => row[Math.min(Math.max(Math.floor((i + 0.5) * scale), 0), row.length - 1)]!;
  return row.map((_, x) => {
    const at = (x + 0.5) / scale - 0.5;
    const before = Math.floor(at);
    return drawn(before) + (drawn(before + 1) - drawn(before)) * (at - before);
  });
}

/** The largest step between two neighbouring pixels. */
function steepest(row: number[]): number {
  return row.reduce((most, value, x) => Math.max(most, Math.abs(value - (row[x - 1] ?? value))), 0);
}
