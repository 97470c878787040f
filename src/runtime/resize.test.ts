/** Halving; `resizeArea` is held against OpenCV in opencv.test.ts. */
import { expect, test } from 'vitest';
import type { RgbaImage } from './image';
import { halved } from './resize';

function grey(width: number, height: number, levels: readonly number[]): RgbaImage {
  const data = new Uint8ClampedArray(levels.flatMap((level) => [level, 255 - level, level, 255]));
  return { width, height, data };
}

test('a halved picture has the mean of each four pixels, rounded, and no channel leaks into another', () => {
  expect(halved(grey(4, 2, [0, 255, 10, 11, 255, 255, 11, 11]))).toEqual(grey(2, 1, [191, 11]));
  expect(halved(grey(2, 2, [255, 255, 255, 255]))).toEqual(grey(1, 1, [255]));
});

test('an odd last row or column is left out, and a line of single pixels is halved along its length', () => {
  expect(halved(grey(3, 3, [8, 8, 99, 8, 8, 99, 99, 99, 99]))).toEqual(grey(1, 1, [8]));
  expect(halved(grey(4, 1, [10, 20, 30, 50]))).toEqual(grey(2, 1, [15, 40]));
  expect(halved(grey(1, 2, [10, 20]))).toEqual(grey(1, 1, [15]));
});
