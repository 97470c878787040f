/** The alignment against numpy (reference/vectors.py, after DCT-Net's cp2tform). */
import { expect, test } from 'vitest';
import { applyAffine } from '../../runtime/warp';
import { alignHead, headTemplate } from './align';
import vectors from './reference/vectors.json';

test('the template is ArcFace + 1 px, square, ratio 0.75, at 288 px', () => {
  vectors.template.forEach((value, i) => expect(headTemplate[i]).toBeCloseTo(value, 3));
  expect(headTemplate[0]).toBeCloseTo(111.782, 2);
  expect(headTemplate[9]).toBeCloseTo(215.751, 2);
});

test.each(vectors.similarity)(
  'five landmarks give the matrix that numpy gives, mirrored faces too',
  (vector) => {
    const aligned = alignHead(vector.landmarks)!;
    // A thousandth of a pixel anywhere in a 1000-px picture.
    for (const [x, y] of [
      [0, 0],
      [1000, 0],
      [0, 1000],
    ] as const) {
      for (const way of ['toHead', 'toPicture'] as const) {
        const want = applyAffine(vector[way] as unknown as typeof aligned.toHead, x, y);
        applyAffine(aligned[way], x, y).forEach((value, i) =>
          expect(Math.abs(value - want[i]!)).toBeLessThan(2e-3),
        );
      }
    }
  },
);

test('landmarks all in one place give no alignment', () => {
  expect(alignHead(new Array<number>(10).fill(50))).toBeNull();
});
