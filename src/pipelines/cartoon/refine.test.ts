/** The second look with a finder of a few lines, which sees one face in the middle of whatever it is shown. */
import { expect, test } from 'vitest';
import { blankImage } from '../../runtime/image';
import type { Session, Tensor } from '../../runtime/runtime';
import type { OpenModel } from '../pipeline';
import type { Face, FacesSpec } from './card';
import { refineAll } from './refine';

/** The squares that are looked at, and how long the face's longer side is in them. */
const facePx: Record<number, number> = { 256: 160, 384: 256 };
/** Shares of the face's longer side from its middle; the nose points to the image's right. */
const upright = [-0.2, -0.2, 0.2, -0.2, 0.15, 0.05, -0.15, 0.25, 0.15, 0.25];
const mirrored = [-0.2, -0.2, 0.2, -0.2, -0.15, 0.05, -0.15, 0.25, 0.15, 0.25];

/** Sees the face with these scores in turn; every second look is at a mirrored square. */
function finder(scores: readonly number[]): OpenModel<FacesSpec> {
  let count = 0;
  const session: Session = {
    inputs: [{ name: 'input', type: 'float32', dims: [] }],
    outputs: [],
    run: (feeds) => {
      const side = feeds['input']!.dims[3]!;
      const face = facePx[side]!;
      const score = scores[count % scores.length]!;
      const isMirrored = count++ % 2 === 1;
      // The mirror of pixel x is the last pixel less x.
      const shift = isMirrored ? -1 : 0;
      const landmarks = (isMirrored ? mirrored : upright).map(
        (share, k) => (share * face + (k % 2 ? 0 : shift)) / 32,
      );
      const outputs: Record<string, Tensor> = {};
      for (const stride of [8, 16, 32]) {
        const cells = (side / stride) ** 2;
        const middle = (side / 64) * (side / 32) + side / 64;
        for (const [name, values] of [
          ['cls', [score]],
          ['obj', [score]],
          ['bbox', [shift / 32, 0, Math.log((face * 0.75) / 32), Math.log(face / 32)]],
          ['kps', landmarks],
        ] as const) {
          const data = new Float32Array(cells * values.length);
          if (stride === 32) data.set(values, middle * values.length);
          outputs[`${name}_${stride}`] = { type: 'float32', dims: [1, cells, values.length], data };
        }
      }
      return Promise.resolve(outputs);
    },
    release: () => Promise.resolve(),
  };
  return { session, spec: { decode: 'yunet', minScore: 0.4, refine: true } };
}

/** A face of 75 × 100 px about (200, 150) whose head leans by `lean` radians. */
function leaning(lean: number, score = 0.5): Face {
  const landmarks = upright.map((_, k) => {
    const x = upright[k & ~1]! * 100;
    const y = upright[k | 1]! * 100;
    return k % 2
      ? 150 + x * Math.sin(lean) + y * Math.cos(lean)
      : 200 + x * Math.cos(lean) - y * Math.sin(lean);
  });
  return { x: 162.5, y: 100, width: 75, height: 100, score, landmarks };
}

const photo = blankImage(400, 300);

test('what both squares say, plain and mirrored, comes back into the picture, however the head leans', async () => {
  for (const lean of [0, 0.4, -1.2, 3]) {
    const face = leaning(lean);
    const [again, ...others] = await refineAll(finder([0.9]), photo, [face]);
    expect(others).toEqual([]);
    expect(again!.score).toBeCloseTo(0.9, 5);
    for (const side of ['x', 'y', 'width', 'height'] as const)
      expect(again![side]).toBeCloseTo(face[side], 3);
    face.landmarks.forEach((value, k) => expect(again!.landmarks[k]).toBeCloseTo(value, 3));
  }
});

test('a face that is not seen again was none, and one that is seen twice is one', async () => {
  expect(await refineAll(finder([0.5]), photo, [leaning(0, 0.9)])).toEqual([]);
  expect(await refineAll(finder([0.9, 0]), photo, [leaning(0, 0.9)])).toEqual([]);
  expect(await refineAll(finder([0]), photo, [leaning(0, 0.9)])).toEqual([]);
  expect(await refineAll(finder([0.9]), photo, [leaning(0), leaning(0.2)])).toHaveLength(1);
});
