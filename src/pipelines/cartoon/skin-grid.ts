/** The neighbourhood of one face on a coarse grid: what the skin maths computes on instead of every pixel. */
import type { RgbaImage } from '../../runtime/image';
import { applyAffine, type Affine } from '../../runtime/warp';
import type { Alignment } from './align';

/** Cells of `cellPx` picture pixels; the grid's first cell starts at `x`, `y`. */
export interface FaceGrid {
  readonly x: number;
  readonly y: number;
  readonly cellPx: number;
  readonly columns: number;
  readonly rows: number;
  /** Cell -> head template pixel. */
  readonly toHead: Affine;
}

/** How far the neighbourhood reaches, in head template pixels (288 × 288, 68 px between the eyes): to chest and hands. */
const reach = { left: -150, top: -30, right: 438, bottom: 600 };
const cellsPerEyeDistance = 24;
const templateEyeDistance = 68;

export function faceGrid(picture: RgbaImage, { toHead, toPicture }: Alignment): FaceGrid | null {
  const corners = [
    applyAffine(toPicture, reach.left, reach.top),
    applyAffine(toPicture, reach.right, reach.top),
    applyAffine(toPicture, reach.left, reach.bottom),
    applyAffine(toPicture, reach.right, reach.bottom),
  ];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const x = Math.max(0, Math.floor(Math.min(...xs)));
  const y = Math.max(0, Math.floor(Math.min(...ys)));
  const width = Math.min(picture.width, Math.ceil(Math.max(...xs))) - x;
  const height = Math.min(picture.height, Math.ceil(Math.max(...ys))) - y;
  if (width <= 0 || height <= 0) return null;
  const eyeDistance = Math.hypot(toPicture[0], toPicture[3]) * templateEyeDistance;
  const cellPx = Math.max(1, Math.round(eyeDistance / cellsPerEyeDistance));
  const [a, b, c, d, e, f] = toHead;
  // Cell (i, j) has its middle at picture pixel x + (i + 1/2)·cell − 1/2.
  const mx = x + (cellPx - 1) / 2;
  const my = y + (cellPx - 1) / 2;
  return {
    x,
    y,
    cellPx,
    columns: Math.ceil(width / cellPx),
    rows: Math.ceil(height / cellPx),
    toHead: [a * cellPx, b * cellPx, a * mx + b * my + c, d * cellPx, e * cellPx, d * mx + e * my + f],
  };
}

/** Mean colour of each cell, RGB triples; of large cells every second pixel each way is enough. */
export function cellMeans(picture: RgbaImage, grid: FaceGrid): Float32Array {
  const { columns, rows, cellPx } = grid;
  const means = new Float32Array(columns * rows * 3);
  const step = cellPx >= 4 ? 2 : 1;
  for (let row = 0; row < rows; row++) {
    const top = grid.y + row * cellPx;
    const bottom = Math.min(top + cellPx, picture.height);
    for (let column = 0; column < columns; column++) {
      const left = grid.x + column * cellPx;
      const right = Math.min(left + cellPx, picture.width);
      let r = 0;
      let g = 0;
      let b = 0;
      let count = 0;
      for (let y = top; y < bottom; y += step) {
        for (let x = left, p = (y * picture.width + left) * 4; x < right; x += step, p += 4 * step) {
          count++;
          r += picture.data[p] as number;
          g += picture.data[p + 1] as number;
          b += picture.data[p + 2] as number;
        }
      }
      const share = 1 / count;
      const o = (row * columns + column) * 3;
      means[o] = r * share;
      means[o + 1] = g * share;
      means[o + 2] = b * share;
    }
  }
  return means;
}

/** Three box blurs of `radius` cells in each direction: nearly a Gaussian. Beyond the grid its edge goes on. In place. */
export function blurPlane(plane: Float32Array, { columns, rows }: FaceGrid, radius: number): void {
  if (radius < 1) return;
  const line = new Float32Array(Math.max(columns, rows));
  for (let pass = 0; pass < 3; pass++) {
    for (let y = 0; y < rows; y++)
      blurLine(plane, { start: y * columns, step: 1, count: columns, radius, line });
    for (let x = 0; x < columns; x++) blurLine(plane, { start: x, step: columns, count: rows, radius, line });
  }
}

function blurLine(
  plane: Float32Array,
  {
    start,
    step,
    count,
    radius,
    line,
  }: { start: number; step: number; count: number; radius: number; line: Float32Array },
): void {
  for (let i = 0; i < count; i++) line[i] = plane[start + i * step] as number;
  const first = line[0] as number;
  const last = line[count - 1] as number;
  let sum = first * radius;
  for (let i = 0; i < radius; i++) sum += i < count ? (line[i] as number) : last;
  const share = 1 / (2 * radius + 1);
  for (let i = 0; i < count; i++) {
    sum += i + radius < count ? (line[i + radius] as number) : last;
    if (i > 0) sum -= i > radius ? (line[i - radius - 1] as number) : first;
    plane[start + i * step] = sum * share;
  }
}
