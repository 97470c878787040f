/** Means and extremes over square windows of one plane; beyond the border the outermost values go on. */

export interface PlaneSize {
  readonly width: number;
  readonly height: number;
}

/** Mean of the (2·radius + 1)² values about each one. `[height, width]` in and out. */
export function boxMean(plane: Float32Array, size: PlaneSize, radius: number): Float32Array {
  const share = 1 / (2 * radius + 1);
  return separable(plane, size, radius, (values, from, to) => {
    let sum = 0;
    for (let i = from; i <= to; i++) sum += values[i] as number;
    return sum * share;
  });
}

export function boxMin(plane: Float32Array, size: PlaneSize, radius: number): Float32Array {
  return separable(plane, size, radius, (values, from, to) => {
    let least = values[from] as number;
    for (let i = from + 1; i <= to; i++) if ((values[i] as number) < least) least = values[i] as number;
    return least;
  });
}

export function boxMax(plane: Float32Array, size: PlaneSize, radius: number): Float32Array {
  return separable(plane, size, radius, (values, from, to) => {
    let most = values[from] as number;
    for (let i = from + 1; i <= to; i++) if ((values[i] as number) > most) most = values[i] as number;
    return most;
  });
}

type Fold = (values: Float32Array, from: number, to: number) => number;

/** Folds along x, then along y. No running sums: a strip must come out as the whole does, to the last bit. */
function separable(plane: Float32Array, size: PlaneSize, radius: number, fold: Fold): Float32Array {
  const { width, height } = size;
  const out = new Float32Array(plane.length);
  foldLines(plane, out, { count: height, length: width, next: 1, nextLine: width, radius, fold });
  foldLines(out, out, { count: width, length: height, next: width, nextLine: 1, radius, fold });
  return out;
}

function foldLines(
  from: Float32Array,
  to: Float32Array,
  lines: { count: number; length: number; next: number; nextLine: number; radius: number; fold: Fold },
): void {
  const { count, length, next, nextLine, radius, fold } = lines;
  const line = new Float32Array(length + 2 * radius);
  for (let i = 0; i < count; i++) {
    const start = i * nextLine;
    for (let k = 0; k < length; k++) line[k + radius] = from[start + k * next] as number;
    line.fill(line[radius] as number, 0, radius);
    line.fill(line[radius + length - 1] as number, radius + length);
    for (let k = 0; k < length; k++) to[start + k * next] = fold(line, k, k + 2 * radius);
  }
}
