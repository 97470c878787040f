/**
 * To which size a picture is brought, and how: Qwen's smart resize and Pillow's bicubic filter, to the bit. Sources:
 * huggingface/transformers@v5.18 models/qwen2_vl/image_processing_pil_qwen2_vl.py (`smart_resize`),
 * python-pillow/Pillow@11 src/libImaging/Resample.c.
 */
import { StudioError } from '../../base/errors';

export interface ResizeLimits {
  /** Both sides become multiples of it: patch size × merge size. */
  readonly factor: number;
  readonly leastPixels: number;
  readonly mostPixels: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const mostRatio = 200;

/** @throws StudioError image/too-narrow for a picture more than 200 times as long as wide */
export function smartSize({ width, height }: Size, { factor, leastPixels, mostPixels }: ResizeLimits): Size {
  if (Math.max(width, height) / Math.min(width, height) > mostRatio) {
    throw new StudioError('image/too-narrow', { width, height, mostRatio });
  }
  const near = { width: toFactor(width, factor), height: toFactor(height, factor) };
  const pixels = near.width * near.height;
  if (pixels > mostPixels) {
    const beta = Math.sqrt((height * width) / mostPixels);
    const less = (side: number) => Math.max(factor, Math.floor(side / beta / factor) * factor);
    return { width: less(width), height: less(height) };
  }
  if (pixels < leastPixels) {
    const beta = Math.sqrt(leastPixels / (height * width));
    const more = (side: number) => Math.ceil((side * beta) / factor) * factor;
    return { width: more(width), height: more(height) };
  }
  return near;
}

/** As `leastPixels` and `mostPixels`, with at most so many tokens for a picture; one token is factor × factor pixels. */
export function cappedLimits(limits: ResizeLimits, mostTokens: number): ResizeLimits {
  const cap = Math.min(limits.mostPixels, mostTokens * limits.factor ** 2);
  return { ...limits, mostPixels: cap, leastPixels: Math.min(limits.leastPixels, cap) };
}

/** Python's `round`: a half goes to the even neighbour. */
function toFactor(side: number, factor: number): number {
  const [floor, over] = [Math.floor(side / factor), (side % factor) / factor];
  return (over > 0.5 || (over === 0.5 && floor % 2 === 1) ? floor + 1 : floor) * factor;
}

/** Resample.c counts in whole numbers of this many fractional bits. */
const precisionBits = 32 - 8 - 2;
const half = 1 << (precisionBits - 1);
/** Of the bicubic filter. */
const support = 2;
const a = -0.5;

/** One channel-interleaved RGB picture, three bytes a pixel. Across first, then down, rounded to bytes between. */
export function resizeBicubic(rgb: Uint8Array, from: Size, to: Size): Uint8Array {
  const wide = from.width === to.width ? rgb : resizeAxis(rgb, { ...from, count: to.width, across: true });
  if (from.height === to.height) return wide;
  return resizeAxis(wide, { width: to.width, height: from.height, count: to.height, across: false });
}

interface Axis extends Size {
  readonly count: number;
  readonly across: boolean;
}

function resizeAxis(rgb: Uint8Array, { width, height, count, across }: Axis): Uint8Array {
  const taps = tapsOf(across ? width : height, count);
  const out = across ? { width: count, height } : { width, height: count };
  const resized = new Uint8Array(out.width * out.height * 3);
  // Bytes from one pixel to the next, along and beside the axis.
  const [step, lines, lineStep, outStep, outLineStep] = across
    ? [3, height, width * 3, 3, count * 3]
    : [width * 3, width, 3, width * 3, 3];
  for (const [at, { first, weights }] of taps.entries()) {
    for (let line = 0; line < lines; line++) {
      for (let c = 0; c < 3; c++) {
        let sum = half;
        let place = line * lineStep + first * step + c;
        for (const weight of weights) {
          sum += (rgb[place] as number) * weight;
          place += step;
        }
        resized[line * outLineStep + at * outStep + c] = Math.min(255, Math.max(0, sum >> precisionBits));
      }
    }
  }
  return resized;
}

/** `precompute_coeffs` and `normalize_coeffs_8bpc`. */
function tapsOf(from: number, to: number): { first: number; weights: Int32Array }[] {
  const scale = from / to;
  const widened = Math.max(scale, 1);
  const reach = support * widened;
  return Array.from({ length: to }, (_, at) => {
    const centre = (at + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const last = Math.min(from, Math.trunc(centre + reach + 0.5));
    const plain = Array.from({ length: last - first }, (_each, i) =>
      bicubic((i + first - centre + 0.5) / widened),
    );
    const sum = plain.reduce((total, weight) => total + weight, 0);
    const whole = plain.map((weight) =>
      Math.trunc((weight / sum) * (1 << precisionBits) + Math.sign(weight) * 0.5),
    );
    return { first, weights: Int32Array.from(whole) };
  });
}

function bicubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}
