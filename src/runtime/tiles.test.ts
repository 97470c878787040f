import { expect, test } from 'vitest';
import { planTiles, wholeAreaPx } from './tiles';

const options = { multiple: 4, haloPx: 62 };

test('a picture up to a megapixel is one tile without a halo', () => {
  const whole = { x: 0, y: 0, width: 1024, height: 1024 };
  expect(planTiles(whole, options)).toEqual([{ region: whole, part: whole }]);
});

test.each([
  [720, 4096],
  [2000, 1504],
  [736, 1552],
  [20_000, 720],
])('the tiles of %i × %i cover it once, with a whole halo or the true border', (width, height) => {
  const tiles = planTiles({ width, height }, options);
  expect(width * height).toBeGreaterThan(wholeAreaPx);
  expect(tiles.reduce((sum, { part }) => sum + part.width * part.height, 0)).toBe(width * height);
  for (const { region, part } of tiles) {
    for (const value of [region.x, region.y, region.width, region.height]) expect(value % 4).toBe(0);
    expect(Math.max(part.width, part.height)).toBeLessThanOrEqual(640);
    expect(region.x === 0 || part.x - region.x === 64).toBe(true);
    expect(region.y === 0 || part.y - region.y === 64).toBe(true);
    const right = region.x + region.width;
    const bottom = region.y + region.height;
    expect(right === width || right - part.x - part.width === 64 || right === width).toBe(true);
    expect(bottom === height || bottom - part.y - part.height === 64).toBe(true);
    expect(right).toBeLessThanOrEqual(width);
    expect(bottom).toBeLessThanOrEqual(height);
  }
});
