/** Resize and warp against vectors that OpenCV computed (pipelines/cartoon/reference/vectors.py). */
import { expect, test } from 'vitest';
import type { RgbaImage } from './image';
import vectors from './opencv-vectors.json';
import { resizeArea } from './resize';
import { applyAffine, invertAffine, pasteWarped, warpImage, type Affine } from './warp';

function picture([width, height]: readonly number[], rgb: readonly number[]): RgbaImage {
  const data = new Uint8ClampedArray(width! * height! * 4).fill(255);
  rgb.forEach((value, i) => (data[Math.floor(i / 3) * 4 + (i % 3)] = value));
  return { width: width!, height: height!, data };
}

function worst(image: RgbaImage, rgb: readonly number[]): number {
  return Math.max(...rgb.map((value, i) => Math.abs(value - image.data[Math.floor(i / 3) * 4 + (i % 3)]!)));
}

test.each(vectors.resize)('a picture of $from resized to $to agrees with INTER_AREA', (vector) => {
  const [width, height] = vector.to;
  const out = resizeArea(picture(vector.from, vector.rgb), width!, height!);
  expect([out.width, out.height]).toEqual(vector.to);
  expect(worst(out, vector.want)).toBeLessThanOrEqual(1);
});

test('a picture of one colour keeps it at any size', () => {
  const plain = picture(
    [7, 5],
    Array.from({ length: 105 }, (_, i) => [10, 99, 251][i % 3]!),
  );
  for (const [width, height] of [
    [3, 2],
    [7, 2],
    [40, 31],
    [1, 1],
  ] as const) {
    const pixels = resizeArea(plain, width, height).data;
    for (let i = 0; i < pixels.length; i += 4)
      expect([...pixels.slice(i, i + 4)]).toEqual([10, 99, 251, 255]);
  }
});

test.each(vectors.warp)('a warp with border $border agrees with warpAffine', (vector) => {
  const [width, height] = vector.to;
  const target = { width: width!, height: height!, border: vector.border };
  const out = warpImage(picture(vector.from, vector.rgb), vector.toSource as unknown as Affine, target);
  expect(worst(out, vector.want)).toBeLessThanOrEqual(1);
});

test('pasting through a mask of ones equals warping and laying on top', () => {
  const vector = vectors.warp[2]!;
  const [width, height] = vector.to;
  const patch = picture(vector.from, vector.rgb);
  const under = picture(vector.to, new Array<number>(width! * height! * 3).fill(0));
  const toPatch = vector.toSource as unknown as Affine;
  pasteWarped(under, patch, { mask: new Float32Array(patch.width * patch.height).fill(1), toPatch });
  const inside = vector.want.map((value, i) => {
    const [x, y] = applyAffine(toPatch, Math.floor(i / 3) % width!, Math.floor(i / 3 / width!));
    const whole = x >= 0 && y >= 0 && x <= patch.width - 1 && y <= patch.height - 1;
    return whole ? Math.abs(value - under.data[Math.floor(i / 3) * 4 + (i % 3)]!) : 0;
  });
  expect(Math.max(...inside)).toBeLessThanOrEqual(1);
});

test('a matrix times its inverse is the identity, and a flat one has none', () => {
  const matrix: Affine = [1.3, -0.4, 17, 0.2, 0.9, -3];
  const [x, y] = applyAffine(invertAffine(matrix)!, ...applyAffine(matrix, 12.5, -7));
  expect(x).toBeCloseTo(12.5, 10);
  expect(y).toBeCloseTo(-7, 10);
  expect(invertAffine([1, 2, 0, 2, 4, 0])).toBeNull();
});
