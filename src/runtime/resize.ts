/**
 * OpenCV's `INTER_AREA` resize of opaque RGBA (opencv/opencv@4.x modules/imgproc/src/resize.cpp): true area
 * averaging where both sides shrink, else its bilinear variant. Separable, two passes over each row.
 */
import { blankImage, pixelsOf, type RgbaImage } from './image';

/** For each target pixel `first[i]`, and weights `weights[start[i]…start[i + 1]]` of consecutive source pixels. */
interface Taps {
  readonly first: Int32Array;
  readonly start: Int32Array;
  readonly weights: Float32Array;
}

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
export function areaTaps(sourceSize: number, size: number): Taps {
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
    const partBefore = begin - from > 1e-3;
    first[i] = partBefore ? begin - 1 : begin;
    if (partBefore) weights.push((begin - from) / cell);
    for (let s = begin; s < end; s++) weights.push(1 / cell);
    if (to - end > 1e-3) weights.push(Math.min(to - end, 1, cell) / cell);
    start[i + 1] = weights.length;
  }
  return { first, start, weights: Float32Array.from(weights) };
}

/** The area-mode branch of `resize` for enlargement: flat over most of a source pixel, a short ramp between two. */
function linearTaps(sourceSize: number, size: number): Taps {
  const scale = sourceSize / size;
  const first = new Int32Array(size);
  const start = Int32Array.from({ length: size + 1 }, (_, i) => i * 2);
  const weights = new Float32Array(size * 2);
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
    weights[i * 2] = 1 - f;
    weights[i * 2 + 1] = f;
  }
  return { first, start, weights };
}

/** Down first, where it is one run through the rows that count, then across. */
function averageRows(image: RgbaImage, columns: Taps, rows: Taps): RgbaImage {
  const width = columns.first.length;
  const height = rows.first.length;
  const out = blankImage(width, height);
  const pixels = new Uint32Array(out.data.buffer);
  const line = [0, 1, 2].map(() => new Float32Array(image.width)) as unknown as Line;
  for (let y = 0; y < height; y++) {
    averageDown(image, line, { first: rows.first[y] as number, weights: weightsAt(rows, y) });
    averageAcross(line, columns, pixels.subarray(y * width, (y + 1) * width));
  }
  return out;
}

type Line = readonly [red: Float32Array, green: Float32Array, blue: Float32Array];

function weightsAt({ start, weights }: Taps, i: number): Float32Array {
  return weights.subarray(start[i], start[i + 1]);
}

/** Rows from `first` on, each by its weight, into one line of the picture's width. */
function averageDown(
  image: RgbaImage,
  [red, green, blue]: Line,
  { first, weights }: { first: number; weights: Float32Array },
): void {
  const { width } = image;
  const pixels = pixelsOf(image);
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k] as number;
    const kept = k === 0 ? 0 : 1;
    for (let x = 0, p = (first + k) * width; x < width; x++, p++) {
      const pixel = pixels[p] as number;
      red[x] = (red[x] as number) * kept + (pixel & 255) * weight;
      green[x] = (green[x] as number) * kept + ((pixel >>> 8) & 255) * weight;
      blue[x] = (blue[x] as number) * kept + ((pixel >>> 16) & 255) * weight;
    }
  }
}

function averageAcross([red, green, blue]: Line, { first, start, weights }: Taps, pixels: Uint32Array): void {
  for (let i = 0; i < pixels.length; i++) {
    let p = first[i] as number;
    let r = 0;
    let g = 0;
    let b = 0;
    for (let k = start[i] as number, end = start[i + 1] as number; k < end; k++, p++) {
      const weight = weights[k] as number;
      r += (red[p] as number) * weight;
      g += (green[p] as number) * weight;
      b += (blue[p] as number) * weight;
    }
    pixels[i] = packed(r, g, b);
  }
}

function blendRows(image: RgbaImage, columns: Taps, rows: Taps): RgbaImage {
  const width = columns.first.length;
  const height = rows.first.length;
  const out = blankImage(width, height);
  const pixels = new Uint32Array(out.data.buffer);
  let upper = { source: -1, row: new Float32Array(width * 3) };
  let lower = { source: -1, row: new Float32Array(width * 3) };
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
    const a = upper.row;
    const b = lower.row;
    const f = rows.weights[y * 2 + 1] as number;
    for (let i = 0, c = 0, o = y * width; i < width; i++, c += 3) {
      const red = a[c] as number;
      const green = a[c + 1] as number;
      const blue = a[c + 2] as number;
      pixels[o + i] = packed(
        red + ((b[c] as number) - red) * f,
        green + ((b[c + 1] as number) - green) * f,
        blue + ((b[c + 2] as number) - blue) * f,
      );
    }
  }
  return out;
}

/** One source row, enlarged in x, as RGB triples. */
function blendRow(image: RgbaImage, y: number, into: { columns: Taps; row: Float32Array }): void {
  const { first, weights } = into.columns;
  const { row } = into;
  const { data, width } = image;
  const next = width > 1 ? 4 : 0;
  for (let i = 0, o = 0; i < first.length; i++, o += 3) {
    const p = (y * width + (first[i] as number)) * 4;
    const f = weights[i * 2 + 1] as number;
    const r = data[p] as number;
    const g = data[p + 1] as number;
    const b = data[p + 2] as number;
    row[o] = r + ((data[p + next] as number) - r) * f;
    row[o + 1] = g + ((data[p + next + 1] as number) - g) * f;
    row[o + 2] = b + ((data[p + next + 2] as number) - b) * f;
  }
}

/** Opaque RGBA as one little-endian word; means of bytes need no clamping. */
function packed(red: number, green: number, blue: number): number {
  return (255 << 24) | ((blue + 0.5) << 16) | ((green + 0.5) << 8) | (red + 0.5);
}
