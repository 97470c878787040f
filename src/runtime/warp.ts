/**
 * Affine warp of RGBA as `cv2.warpAffine` (bilinear, constant border) computes it since OpenCV 5: exact
 * fractions of a pixel, not 1/32 steps. A matrix is `[a, b, c, d, e, f]`: x' = a·x + b·y + c, y' = d·x + e·y + f.
 */
import { blankImage, type RgbaImage } from './image';

export type Affine = readonly [number, number, number, number, number, number];

export function applyAffine([a, b, c, d, e, f]: Affine, x: number, y: number): [number, number] {
  return [a * x + b * y + c, d * x + e * y + f];
}

/** null where the matrix cannot be inverted. */
export function invertAffine([a, b, c, d, e, f]: Affine): Affine | null {
  const det = a * e - b * d;
  if (!Number.isFinite(1 / det)) return null;
  return [e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det];
}

/** The picture seen through `toSource`, the map from a target pixel to a source pixel. Alpha becomes 255. */
export function warpImage(
  image: RgbaImage,
  toSource: Affine,
  target: { width: number; height: number; border: number },
): RgbaImage {
  const { width, height, border } = target;
  const out = blankImage(width, height);
  const { data } = image;
  const stride = image.width * 4;
  const [a, b, c, d, e, f] = toSource;
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 4) {
      const sx = a * x + b * y + c;
      const sy = d * x + e * y + f;
      const x0 = Math.floor(sx);
      const y0 = Math.floor(sy);
      out.data[o + 3] = 255;
      if (x0 < 0 || y0 < 0 || x0 >= image.width - 1 || y0 >= image.height - 1) {
        sampleEdge(image, out.data, { sx, sy, o, border });
        continue;
      }
      const p = y0 * stride + x0 * 4;
      const q = p + stride;
      const fx = sx - x0;
      const fy = sy - y0;
      for (let k = 0; k < 3; k++) {
        const left = data[p + k] as number;
        const upper = left + ((data[p + 4 + k] as number) - left) * fx;
        const under = data[q + k] as number;
        out.data[o + k] = upper + (under + ((data[q + 4 + k] as number) - under) * fx - upper) * fy;
      }
    }
  }
  return out;
}

/** The same where a neighbour lies outside the picture and is `border`. */
function sampleEdge(
  { data, width, height }: RgbaImage,
  out: Uint8ClampedArray,
  { sx, sy, o, border }: { sx: number; sy: number; o: number; border: number },
): void {
  const x0 = Math.floor(sx);
  const y0 = Math.floor(sy);
  for (let k = 0; k < 3; k++) {
    const at = (x: number, y: number) =>
      x >= 0 && y >= 0 && x < width && y < height ? (data[(y * width + x) * 4 + k] as number) : border;
    const upper = at(x0, y0) + (at(x0 + 1, y0) - at(x0, y0)) * (sx - x0);
    const under = at(x0, y0 + 1) + (at(x0 + 1, y0 + 1) - at(x0, y0 + 1)) * (sx - x0);
    out[o + k] = upper + (under - upper) * (sy - y0);
  }
}

/**
 * `patch` laid over `image` in place, seen through `toPatch` (the map from a picture pixel to a patch pixel),
 * each pixel by its share of `mask` (0…1, the patch's size). Nothing is laid beyond the patch's outermost pixels.
 */
export function pasteWarped(
  image: RgbaImage,
  patch: RgbaImage,
  { mask, toPatch }: { mask: Float32Array; toPatch: Affine },
): void {
  const box = reach(image, patch, toPatch);
  const { data } = image;
  const drawn = patch.data;
  const { width, height } = patch;
  const [a, b, c, d, e, f] = toPatch;
  for (let y = box.top; y < box.bottom; y++) {
    for (let x = box.left; x < box.right; x++) {
      const px = a * x + b * y + c;
      const py = d * x + e * y + f;
      if (px < 0 || py < 0 || px >= width - 1 || py >= height - 1) continue;
      const x0 = Math.floor(px);
      const y0 = Math.floor(py);
      const fx = px - x0;
      const fy = py - y0;
      const m = y0 * width + x0;
      const left = mask[m] as number;
      const upper = left + ((mask[m + 1] as number) - left) * fx;
      const under = mask[m + width] as number;
      const share = upper + (under + ((mask[m + width + 1] as number) - under) * fx - upper) * fy;
      if (share === 0) continue;
      const p = m * 4;
      const q = p + width * 4;
      const o = (y * image.width + x) * 4;
      for (let k = 0; k < 3; k++) {
        const from = drawn[p + k] as number;
        const above = from + ((drawn[p + 4 + k] as number) - from) * fx;
        const to = drawn[q + k] as number;
        const value = above + (to + ((drawn[q + 4 + k] as number) - to) * fx - above) * fy;
        const old = data[o + k] as number;
        data[o + k] = old + (value - old) * share;
      }
    }
  }
}

/** The rectangle of `image` that the patch can touch. */
function reach(image: RgbaImage, patch: RgbaImage, toPatch: Affine) {
  const toImage = invertAffine(toPatch);
  if (!toImage) return { left: 0, top: 0, right: 0, bottom: 0 };
  const corners = [
    applyAffine(toImage, 0, 0),
    applyAffine(toImage, patch.width, 0),
    applyAffine(toImage, 0, patch.height),
    applyAffine(toImage, patch.width, patch.height),
  ];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return {
    left: Math.max(0, Math.floor(Math.min(...xs))),
    top: Math.max(0, Math.floor(Math.min(...ys))),
    right: Math.min(image.width, Math.ceil(Math.max(...xs)) + 1),
    bottom: Math.min(image.height, Math.ceil(Math.max(...ys)) + 1),
  };
}
