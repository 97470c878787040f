/**
 * OpenCV's `INTER_AREA` resize of opaque RGBA (opencv/opencv@4.x modules/imgproc/src/resize.cpp): true area
 * averaging where both sides shrink, else its bilinear variant. Separable, two passes over each row.
 */
import { blankImage, pixelsOf, type RgbaImage } from './image';

/** For each target pixel `first[i]`, and weights `weights[start[i]…start[i + 1]]` (in 2048ths, in all 2048) of consecutive source pixels. */
interface Taps {
  readonly first: Int32Array;
  readonly start: Int32Array;
  readonly weights: Int32Array;
}

/** OpenCV's own fixed point: two passes of weights and a byte stay inside 31 bits. */
const weightBits = 11;
const whole = 1 << weightBits;
const half = 1 << (2 * weightBits - 1);

/** Agrees with `cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)` to 1/255. Alpha becomes 255. */
export function resizeArea(image: RgbaImage, width: number, height: number): RgbaImage {
  if (width === image.width && height === image.height) return image;
  const shrinks = width <= image.width && height <= image.height;
  const taps = shrinks ? areaTaps : linearTaps;
  const columns = taps(image.width, width);
  const rows = taps(image.height, height);
  return shrinks ? averageRows(image, columns, rows) : blendRows(image, columns, rows);
}

/** Opaque RGBA at half its size: each pixel the mean of four; an odd last row or column is left out. */
export function halved(image: RgbaImage): RgbaImage {
  const { width, height } = image;
  const out = blankImage(Math.max(1, width >> 1), Math.max(1, height >> 1));
  const from = pixelsOf(image);
  const to = pixelsOf(out);
  const below = height > 1 ? width : 0;
  const beside = width > 1 ? 1 : 0;
  for (let y = 0, o = 0; y < out.height; y++) {
    for (let x = 0, p = 2 * y * width; x < out.width; x++, o++, p += 2) {
      const a = from[p] as number;
      const b = from[p + beside] as number;
      const c = from[p + below] as number;
      const d = from[p + below + beside] as number;
      // Red and blue side by side in one number, with room above each for the sum of four and a half to round.
      const redBlue = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff) + 0x20002;
      const green = (a & 0xff00) + (b & 0xff00) + (c & 0xff00) + (d & 0xff00) + 0x200;
      to[o] = 0xff000000 | ((redBlue >> 2) & 0xff00ff) | ((green >> 2) & 0xff00);
    }
  }
  return out;
}

/** `computeResizeAreaTab`: every source pixel counts by the fraction of it that the target pixel covers. */
function areaTaps(sourceSize: number, size: number): Taps {
  const scale = sourceSize / size;
  const first = new Int32Array(size);
  const start = new Int32Array(size + 1);
  const weights: number[] = [];
  for (let i = 0; i < size; i++) {
    const from = i * scale;
    const cell = Math.min(scale, sourceSize - from);
    const to = from + scale;
    const end = Math.min(Math.floor(to), sourceSize - 1);
    const begin = Math.min(Math.ceil(from), end);
    const shares: number[] = [];
    const partBefore = begin - from > 1e-3;
    first[i] = partBefore ? begin - 1 : begin;
    if (partBefore) shares.push((begin - from) / cell);
    for (let s = begin; s < end; s++) shares.push(1 / cell);
    if (to - end > 1e-3) shares.push(Math.min(to - end, 1, cell) / cell);
    weights.push(...inWhole(shares));
    start[i + 1] = weights.length;
  }
  return { first, start, weights: Int32Array.from(weights) };
}

/** Shares of 1 as integers whose sum is `whole`: each rounded where the sum of those so far is. */
function inWhole(shares: readonly number[]): number[] {
  let sum = 0;
  let given = 0;
  return shares.map((share, k) => {
    sum += share;
    const next = k === shares.length - 1 ? whole : Math.round(sum * whole);
    const weight = next - given;
    given = next;
    return weight;
  });
}

/** The area-mode branch of `resize` for enlargement: flat over most of a source pixel, a short ramp between two. */
function linearTaps(sourceSize: number, size: number): Taps {
  const scale = sourceSize / size;
  const first = new Int32Array(size);
  const start = Int32Array.from({ length: size + 1 }, (_, i) => i * 2);
  const weights = new Int32Array(size * 2);
  for (let i = 0; i < size; i++) {
    let s = Math.floor(i * scale);
    let f = i + 1 - ((s + 1) * size) / sourceSize;
    f = f <= 0 ? 0 : f - Math.floor(f);
    if (s >= sourceSize - 1) {
      // Both taps must lie inside: the last pixel takes the whole weight.
      s = Math.max(0, sourceSize - 2);
      f = sourceSize > 1 ? 1 : 0;
    }
    first[i] = s;
    weights[i * 2 + 1] = Math.round(f * whole);
    weights[i * 2] = whole - (weights[i * 2 + 1] as number);
  }
  return { first, start, weights };
}

/** Down first, where it is one run through the rows that count, then across. */
function averageRows(image: RgbaImage, columns: Taps, rows: Taps): RgbaImage {
  const width = columns.first.length;
  const height = rows.first.length;
  const out = blankImage(width, height);
  const pixels = pixelsOf(out);
  const line = [0, 1, 2].map(() => new Int32Array(image.width)) as unknown as Line;
  for (let y = 0; y < height; y++) {
    averageDown(image, line, { first: rows.first[y] as number, weights: weightsAt(rows, y) });
    averageAcross(line, columns, pixels.subarray(y * width, (y + 1) * width));
  }
  return out;
}

type Line = readonly [red: Int32Array, green: Int32Array, blue: Int32Array];

function weightsAt({ start, weights }: Taps, i: number): Int32Array {
  return weights.subarray(start[i], start[i + 1]);
}

/** Rows from `first` on, each by its weight, into one line of the picture's width; two at a time. */
function averageDown(
  image: RgbaImage,
  [red, green, blue]: Line,
  { first, weights }: { first: number; weights: Int32Array },
): void {
  const { width } = image;
  const pixels = pixelsOf(image);
  for (let k = 0; k < weights.length; k += 2) {
    const isPair = k + 1 < weights.length;
    const weight = weights[k] as number;
    const nextWeight = isPair ? (weights[k + 1] as number) : 0;
    const kept = k === 0 ? 0 : -1;
    let p = (first + k) * width;
    let next = isPair ? p + width : p;
    for (let x = 0; x < width; x++, p++, next++) {
      const a = pixels[p] as number;
      const b = pixels[next] as number;
      red[x] = ((red[x] as number) & kept) + Math.imul(a & 255, weight) + Math.imul(b & 255, nextWeight);
      green[x] =
        ((green[x] as number) & kept) +
        Math.imul((a >>> 8) & 255, weight) +
        Math.imul((b >>> 8) & 255, nextWeight);
      blue[x] =
        ((blue[x] as number) & kept) +
        Math.imul((a >>> 16) & 255, weight) +
        Math.imul((b >>> 16) & 255, nextWeight);
    }
  }
}

function averageAcross([red, green, blue]: Line, { first, start, weights }: Taps, pixels: Uint32Array): void {
  let k = 0;
  for (let i = 0; i < pixels.length; i++) {
    let p = first[i] as number;
    const end = start[i + 1] as number;
    let weight = weights[k] as number;
    let r = half + Math.imul(red[p] as number, weight);
    let g = half + Math.imul(green[p] as number, weight);
    let b = half + Math.imul(blue[p] as number, weight);
    for (k++; k < end; k++) {
      p++;
      weight = weights[k] as number;
      r = (r + Math.imul(red[p] as number, weight)) | 0;
      g = (g + Math.imul(green[p] as number, weight)) | 0;
      b = (b + Math.imul(blue[p] as number, weight)) | 0;
    }
    pixels[i] = packed(r, g, b);
  }
}

function blendRows(image: RgbaImage, columns: Taps, rows: Taps): RgbaImage {
  const width = columns.first.length;
  const height = rows.first.length;
  const out = blankImage(width, height);
  const pixels = pixelsOf(out);
  let upper = { source: -1, row: new Int32Array(width * 3) };
  let lower = { source: -1, row: new Int32Array(width * 3) };
  for (let y = 0; y < height; y++) {
    const source = rows.first[y] as number;
    const below = Math.min(source + 1, image.height - 1);
    if (lower.source === source) [upper, lower] = [lower, upper];
    for (const [slot, wanted] of [
      [upper, source],
      [lower, below],
    ] as const) {
      if (slot.source === wanted) continue;
      blendRow(image, wanted, { columns, row: slot.row });
      slot.source = wanted;
    }
    const row = pixels.subarray(y * width, (y + 1) * width);
    blendDown(row, upper.row, { below: lower.row, share: rows.weights[y * 2 + 1] as number });
  }
  return out;
}

/** Two rows of RGB triples blended, `share` (of `whole`) of the lower one. */
function blendDown(
  pixels: Uint32Array,
  above: Int32Array,
  { below, share }: { below: Int32Array; share: number },
): void {
  const rest = whole - share;
  for (let i = 0, c = 0; i < pixels.length; i++, c += 3) {
    pixels[i] = packed(
      (Math.imul(above[c] as number, rest) + Math.imul(below[c] as number, share) + half) | 0,
      (Math.imul(above[c + 1] as number, rest) + Math.imul(below[c + 1] as number, share) + half) | 0,
      (Math.imul(above[c + 2] as number, rest) + Math.imul(below[c + 2] as number, share) + half) | 0,
    );
  }
}

/** One source row, enlarged in x, as RGB triples. */
function blendRow(image: RgbaImage, y: number, into: { columns: Taps; row: Int32Array }): void {
  const { first, weights } = into.columns;
  const { row } = into;
  const { width } = image;
  const pixels = pixelsOf(image);
  const next = width > 1 ? 1 : 0;
  for (let i = 0, o = 0; i < first.length; i++, o += 3) {
    const p = y * width + (first[i] as number);
    const f = weights[i * 2 + 1] as number;
    const rest = whole - f;
    const a = pixels[p] as number;
    const b = pixels[p + next] as number;
    row[o] = Math.imul(a & 255, rest) + Math.imul(b & 255, f);
    row[o + 1] = Math.imul((a >>> 8) & 255, rest) + Math.imul((b >>> 8) & 255, f);
    row[o + 2] = Math.imul((a >>> 16) & 255, rest) + Math.imul((b >>> 16) & 255, f);
  }
}

/** Opaque RGBA as one little-endian word, of channels with 2 · weightBits of fraction and a half added. */
function packed(red: number, green: number, blue: number): number {
  return (255 << 24) | ((blue >>> 22) << 16) | ((green >>> 22) << 8) | (red >>> 22);
}
