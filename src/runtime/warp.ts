/**
 * Affine warp of RGBA as `cv2.warpAffine` (bilinear, constant border) computes it since OpenCV 5: exact
 * fractions of a pixel, not 1/32 steps. A matrix is `[a, b, c, d, e, f]`: x' = a·x + b·y + c, y' = d·x + e·y + f.
 */
import { blankImage, pixelsOf, type RgbaImage } from './image';

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
  const out = blankImage(target.width, target.height);
  const to = pixelsOf(out);
  const beyond = (0xff000000 | (target.border * 0x010101)) >>> 0;
  for (let y = 0; y < out.height; y++) {
    warpRow(image, to.subarray(y * out.width, (y + 1) * out.width), { y, toSource, beyond });
  }
  return out;
}

function warpRow(
  image: RgbaImage,
  row: Uint32Array,
  { y, toSource, beyond }: { y: number; toSource: Affine; beyond: number },
): void {
  const from = pixelsOf(image);
  const { width, height } = image;
  const [a, b, c, d, e, f] = toSource;
  for (let x = 0; x < row.length; x++) {
    const sx = a * x + b * y + c;
    const sy = d * x + e * y + f;
    const x0 = Math.floor(sx);
    const y0 = Math.floor(sy);
    if (x0 >= 0 && y0 >= 0 && x0 < width - 1 && y0 < height - 1) {
      row[x] = between(from, y0 * width + x0, width, sx - x0, sy - y0);
    } else if (x0 < -1 || y0 < -1 || x0 >= width || y0 >= height) {
      row[x] = beyond;
    } else {
      const pixel = (x: number, y: number) =>
        x >= 0 && y >= 0 && x < width && y < height ? (from[y * width + x] as number) : beyond;
      const four = Uint32Array.from([0, 1, 2, 3], (i) => pixel(x0 + (i & 1), y0 + (i >> 1)));
      row[x] = between(four, 0, 2, sx - x0, sy - y0);
    }
  }
}

/** The pixel `fx` right of and `fy` below pixel `p`, whose lower neighbour is `stride` further. Opaque. */
function between(pixels: Uint32Array, p: number, stride: number, fx: number, fy: number): number {
  const upper = pixels[p] as number;
  const upperNext = pixels[p + 1] as number;
  const under = pixels[p + stride] as number;
  const underNext = pixels[p + stride + 1] as number;
  const x1 = 1 - fx;
  const y1 = 1 - fy;
  const a = x1 * y1;
  const b = fx * y1;
  const c = x1 * fy;
  const d = fx * fy;
  const red = (upper & 255) * a + (upperNext & 255) * b + (under & 255) * c + (underNext & 255) * d;
  const green =
    ((upper >>> 8) & 255) * a +
    ((upperNext >>> 8) & 255) * b +
    ((under >>> 8) & 255) * c +
    ((underNext >>> 8) & 255) * d;
  const blue =
    ((upper >>> 16) & 255) * a +
    ((upperNext >>> 16) & 255) * b +
    ((under >>> 16) & 255) * c +
    ((underNext >>> 16) & 255) * d;
  return (255 << 24) | ((blue + 0.5) << 16) | ((green + 0.5) << 8) | (red + 0.5);
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
  for (let y = box.top; y < box.bottom; y++) pasteRow(image, patch, { ...box, y, mask, toPatch });
}

/** The row `y` from `left` up to `right`. */
function pasteRow(
  image: RgbaImage,
  patch: RgbaImage,
  row: { y: number; left: number; right: number; mask: Float32Array; toPatch: Affine },
): void {
  const { y, left, right, mask } = row;
  const to = pixelsOf(image);
  const from = pixelsOf(patch);
  const { width, height } = patch;
  const [a, b, c, d, e, f] = row.toPatch;
  for (let x = left; x < right; x++) {
    const px = a * x + b * y + c;
    const py = d * x + e * y + f;
    if (px < 0 || py < 0 || px >= width - 1 || py >= height - 1) continue;
    const x0 = Math.floor(px);
    const y0 = Math.floor(py);
    const fx = px - x0;
    const fy = py - y0;
    const m = y0 * width + x0;
    const upperLeft = mask[m] as number;
    const upper = upperLeft + ((mask[m + 1] as number) - upperLeft) * fx;
    const underLeft = mask[m + width] as number;
    const under = underLeft + ((mask[m + width + 1] as number) - underLeft) * fx;
    const share = upper + (under - upper) * fy;
    if (share === 0) continue;
    const o = y * image.width + x;
    const laid = between(from, m, width, fx, fy);
    to[o] = share === 1 ? laid : mixed(to[o] as number, laid, share);
  }
}

/** `share` (0…1) of the one pixel over the other. Opaque. */
function mixed(under: number, over: number, share: number): number {
  const left = 1 - share;
  const red = (under & 255) * left + (over & 255) * share;
  const green = ((under >>> 8) & 255) * left + ((over >>> 8) & 255) * share;
  const blue = ((under >>> 16) & 255) * left + ((over >>> 16) & 255) * share;
  return (255 << 24) | ((blue + 0.5) << 16) | ((green + 0.5) << 8) | (red + 0.5);
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
