/** The lift on the processor: the rows of a strip, one after another. Twin of lift.wgsl. */
import { lumaWeights, planeCount, smoothStep, splineCount } from './planes';
import type { Strip } from './strip';

/** Pixels repeated before and after a line, so that the spline's taps need no test. */
const padding = 2;
const [redWeight, greenWeight, blueWeight] = lumaWeights;

/** Opaque RGBA words, `[height, width]`, into `out`. */
export function liftRows(strip: Strip, out: Uint32Array): void {
  const line = new Float32Array((strip.planesWidth + 2 * padding) * planeCount);
  const guideLine = new Float32Array(strip.guideWidth);
  const taps = new Float32Array(strip.width * 4);
  for (let x = 0; x < strip.width; x++) splineTaps(strip.columns[x * 4 + 1] as number, taps, x * 4);
  for (let y = 0; y < strip.height; y++) {
    blendPlanes(strip, y, line);
    blendGuide(strip, y, guideLine);
    liftRow(strip, { line, guideLine, taps }, out.subarray(y * strip.width, (y + 1) * strip.width));
  }
}

/** Weights of a uniform cubic B-spline at `t` between its two middle taps. */
function splineTaps(t: number, out: Float32Array, at: number): void {
  const u = 1 - t;
  out[at] = (u * u * u) / 6;
  out[at + 1] = (4 - 6 * t * t + 3 * t * t * t) / 6;
  out[at + 2] = (4 - 6 * u * u + 3 * u * u * u) / 6;
  out[at + 3] = (t * t * t) / 6;
}

function blendPlanes(strip: Strip, y: number, line: Float32Array): void {
  const { planes, planesWidth, planesHeight, rows } = strip;
  const row = rows[y * 4] as number;
  const t = rows[y * 4 + 1] as number;
  const start = (k: number) => Math.min(Math.max(row + k, 0), planesHeight - 1) * planesWidth * planeCount;
  const [p, q, r, s] = [start(-1), start(0), start(1), start(2)];
  const weights = new Float32Array(4);
  splineTaps(t, weights, 0);
  const [a = 0, b = 0, c = 0, d = 0] = weights;
  for (let i = 0, o = padding * planeCount; i < planesWidth * planeCount; i += planeCount) {
    let k = i;
    for (; k < i + splineCount; k++, o++) {
      line[o] =
        a * (planes[p + k] as number) +
        b * (planes[q + k] as number) +
        c * (planes[r + k] as number) +
        d * (planes[s + k] as number);
    }
    for (; k < i + planeCount; k++, o++) {
      const before = planes[q + k] as number;
      line[o] = before + ((planes[r + k] as number) - before) * t;
    }
  }
  const last = (padding + planesWidth - 1) * planeCount;
  for (let pad = 0; pad < padding; pad++) {
    line.copyWithin(pad * planeCount, padding * planeCount, (padding + 1) * planeCount);
    line.copyWithin(last + (pad + 1) * planeCount, last, last + planeCount);
  }
}

/** Lightness of the photo along the row. */
function blendGuide({ guide, guideWidth, guideHeight, rows }: Strip, y: number, line: Float32Array): void {
  const row = rows[y * 4 + 2] as number;
  const t = rows[y * 4 + 3] as number;
  let p = Math.max(row, 0) * guideWidth * 4;
  let q = Math.min(row + 1, guideHeight - 1) * guideWidth * 4;
  for (let i = 0; i < guideWidth; i++, p += 4, q += 4) {
    const before = lumaAt(guide, p);
    line[i] = before + (lumaAt(guide, q) - before) * t;
  }
}

function lumaAt(data: Uint8ClampedArray, at: number): number {
  return (
    redWeight * (data[at] as number) +
    greenWeight * (data[at + 1] as number) +
    blueWeight * (data[at + 2] as number)
  );
}

function liftRow(
  { columns, width, guideWidth, settings }: Strip,
  { line, guideLine, taps }: { line: Float32Array; guideLine: Float32Array; taps: Float32Array },
  out: Uint32Array,
): void {
  const { textureLevels, faintLevels, clearLevels, steepness, share } = settings;
  for (let x = 0, o = 0; x < width; x++, o += 4) {
    const q = ((columns[o] as number) + padding) * planeCount;
    const r = q + planeCount;
    const t = columns[o + 1] as number;
    const red = spline(line, q, taps, o);
    const green = spline(line, q + 1, taps, o);
    const blue = spline(line, q + 2, taps, o);
    const luma = redWeight * red + greenWeight * green + blueWeight * blue;
    const least = between(line[q + 4] as number, line[r + 4] as number, t);
    const range = between(line[q + 5] as number, line[r + 5] as number, t) - least;

    let followed = luma - least;
    const follow = between(line[q + 9] as number, line[r + 9] as number, t);
    if (follow !== 0) {
      const g = columns[o + 2] as number;
      const left = guideLine[Math.max(g, 0)] as number;
      const right = guideLine[Math.min(g + 1, guideWidth - 1)] as number;
      const detail = between(left, right, columns[o + 3] as number) - spline(line, q + 3, taps, o);
      const edge = detail > 0 ? Math.max(detail - textureLevels, 0) : Math.min(detail + textureLevels, 0);
      followed = clamp(followed + follow * edge, 0, range);
    }
    let change = followed + least - luma;
    if (range > faintLevels) {
      const place = clamp(followed / Math.max(range, 1), 0, 1);
      const steep = smoothStep(steepness * (place - 0.5) + 0.5, 0, 1);
      change += share * smoothStep(range, faintLevels, clearLevels) * range * (steep - place);
    }
    out[x] =
      (255 << 24) |
      (level(blue + change * between(line[q + 8] as number, line[r + 8] as number, t)) << 16) |
      (level(green + change * between(line[q + 7] as number, line[r + 7] as number, t)) << 8) |
      level(red + change * between(line[q + 6] as number, line[r + 6] as number, t));
  }
}

function spline(line: Float32Array, at: number, taps: Float32Array, tap: number): number {
  return (
    (taps[tap] as number) * (line[at - planeCount] as number) +
    (taps[tap + 1] as number) * (line[at] as number) +
    (taps[tap + 2] as number) * (line[at + planeCount] as number) +
    (taps[tap + 3] as number) * (line[at + 2 * planeCount] as number)
  );
}

function between(from: number, to: number, t: number): number {
  return from + (to - from) * t;
}

function clamp(value: number, least: number, most: number): number {
  return value < least ? least : value > most ? most : value;
}

function level(value: number): number {
  return clamp(value, 0, 255) + 0.5;
}
