/**
 * Where a face must lie for the head network: the similarity transform from five landmarks to DCT-Net's template.
 * After menyifang/DCT-Net@147e4f2 source/mtcnn_pytorch/src/align_trans.py and matlab_cp2tform.py.
 */
import { applyAffine, invertAffine, type Affine } from '../../runtime/warp';

/** Template in the 288 × 288 head: ArcFace's points + 1 px, made square at 112, ratio 0.75, scaled by 288/112. */
export const headTemplate: readonly number[] = [
  [38.29459953, 51.69630051],
  [73.53179932, 51.50139999],
  [56.02519989, 71.73660278],
  [41.54930115, 92.3655014],
  [70.72990036, 92.20410156],
].flatMap(([x = 0, y = 0]) => [toHead(x + 1), toHead(y + 1)]);

function toHead(coordinate: number): number {
  return ((coordinate - 56) * 0.75 + 56) * (288 / 112);
}

export interface Alignment {
  readonly toHead: Affine;
  readonly toPicture: Affine;
}

/** From five x,y pairs in picture pixels; null where they do not span a face (all in one place). */
export function alignHead(landmarks: readonly number[]): Alignment | null {
  return fitSimilarity(headTemplate, landmarks);
}

/**
 * `findSimilarity`: least squares of the inverse map, template -> picture, plain and mirrored; the one that takes
 * the picture's points nearer to the template wins. `toHead` maps `image` to `template`.
 */
export function fitSimilarity(template: readonly number[], image: readonly number[]): Alignment | null {
  const mirrored = template.map((value, i) => (i % 2 === 0 ? -value : value));
  const plain = withInverse(fitPlainSimilarity(template, image));
  const turned = withInverse(fitPlainSimilarity(mirrored, image));
  if (!plain || !turned) return null;
  const [a, b, c, d, e, f] = turned.toHead;
  const unmirrored: Affine = [-a, -b, -c, d, e, f];
  // DCT-Net measures both against the mirrored template (its xyR is xy itself, changed in place): kept, to agree.
  if (distance(plain.toHead, image, mirrored) <= distance(unmirrored, image, mirrored)) return plain;
  const toPicture = invertAffine(unmirrored);
  return toPicture && { toHead: unmirrored, toPicture };
}

function withInverse(toPicture: Affine): Alignment | null {
  const toHead = invertAffine(toPicture);
  return toHead && { toHead, toPicture };
}

/** u = s·x + t·y + c, v = −t·x + s·y + f minimising the squared error: the normal equations, about the means. */
function fitPlainSimilarity(from: readonly number[], to: readonly number[]): Affine {
  const [mx, my] = mean(from);
  const [mu, mv] = mean(to);
  let along = 0;
  let across = 0;
  let size = 0;
  for (let i = 0; i + 1 < from.length; i += 2) {
    const x = (from[i] ?? 0) - mx;
    const y = (from[i + 1] ?? 0) - my;
    const u = (to[i] ?? 0) - mu;
    const v = (to[i + 1] ?? 0) - mv;
    along += x * u + y * v;
    across += y * u - x * v;
    size += x * x + y * y;
  }
  const s = along / size;
  const t = across / size;
  return [s, t, mu - s * mx - t * my, -t, s, mv + t * mx - s * my];
}

function mean(points: readonly number[]): [number, number] {
  let x = 0;
  let y = 0;
  for (let i = 0; i + 1 < points.length; i += 2) {
    x += points[i] ?? 0;
    y += points[i + 1] ?? 0;
  }
  const count = points.length / 2;
  return [x / count, y / count];
}

function distance(matrix: Affine, from: readonly number[], to: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i + 1 < from.length; i += 2) {
    const [x, y] = applyAffine(matrix, from[i] ?? 0, from[i + 1] ?? 0);
    sum += (x - (to[i] ?? 0)) ** 2 + (y - (to[i + 1] ?? 0)) ** 2;
  }
  return Math.sqrt(sum);
}
