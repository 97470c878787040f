/** The neighbourhood of one face on a coarse grid: what the skin maths computes on instead of every pixel. */
import { pixelsOf, type RgbaImage } from '../../runtime/image';
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

/** A part of a grid, which is a grid itself. */
export interface GridPart extends FaceGrid {
  readonly firstCell: number;
}

/** Where `plane` is above 0, with `margin` cells around; null where it is nowhere. */
export function partAbove0(plane: Float32Array, grid: FaceGrid, margin: number): GridPart | null {
  const { columns, rows, cellPx } = grid;
  let [left, top, right, bottom] = [columns, rows, -1, -1];
  for (let row = 0, cell = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, cell++) {
      if (plane[cell] === 0) continue;
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = row;
    }
  }
  if (right < 0) return null;
  left = Math.max(0, left - margin);
  top = Math.max(0, top - margin);
  const [a, b, c, d, e, f] = grid.toHead;
  return {
    x: grid.x + left * cellPx,
    y: grid.y + top * cellPx,
    cellPx,
    columns: Math.min(columns, right + margin + 1) - left,
    rows: Math.min(rows, bottom + margin + 1) - top,
    toHead: [a, b, a * left + b * top + c, d, e, d * left + e * top + f],
    firstCell: top * columns + left,
  };
}

/** The part's cells of a plane of `grid`; each cell has one value or, of colours, three. */
export function cutPlane(plane: Float32Array, grid: FaceGrid, part: GridPart): Float32Array {
  const values = plane.length / (grid.columns * grid.rows);
  const cut = new Float32Array(part.columns * part.rows * values);
  for (let row = 0; row < part.rows; row++) {
    const start = (part.firstCell + row * grid.columns) * values;
    cut.set(plane.subarray(start, start + part.columns * values), row * part.columns * values);
  }
  return cut;
}

/** Mean colour of each cell, RGB triples; of large cells every second pixel each way is enough. */
export function cellMeans(picture: RgbaImage, grid: FaceGrid): Float32Array {
  const means = new Float32Array(grid.columns * grid.rows * 3);
  for (let row = 0; row < grid.rows; row++) rowMeans(picture, means, { grid, row });
  return means;
}

// Every loop over cells here and in the skin's other files lies in a function of one row: V8 leaves and enters a compiled inner loop of
// a long function anew for every row.
function rowMeans(
  picture: RgbaImage,
  means: Float32Array,
  { grid, row }: { grid: FaceGrid; row: number },
): void {
  const { columns, cellPx } = grid;
  const { width } = picture;
  const pixels = pixelsOf(picture);
  const step = cellPx >= 4 ? 2 : 1;
  const top = grid.y + row * cellPx;
  const bottom = Math.min(top + cellPx, picture.height);
  for (let column = 0, o = row * columns * 3; column < columns; column++, o += 3) {
    const left = grid.x + column * cellPx;
    const right = Math.min(left + cellPx, width);
    let r = 0;
    let g = 0;
    let b = 0;
    let count = 0;
    for (let y = top; y < bottom; y += step) {
      for (let p = y * width + left, end = p + right - left; p < end; p += step) {
        const pixel = pixels[p] as number;
        count++;
        r += pixel & 255;
        g += (pixel >>> 8) & 255;
        b += (pixel >>> 16) & 255;
      }
    }
    const share = 1 / count;
    means[o] = r * share;
    means[o + 1] = g * share;
    means[o + 2] = b * share;
  }
}

/** A blurred value says nothing of cells further away than as many radii. */
export const blurPasses = 3;

/** Three box blurs of `radius` cells in each direction: nearly a Gaussian. Beyond the grid its edge goes on. In place. */
export function blurPlane(plane: Float32Array, grid: FaceGrid, radius: number): void {
  if (radius < 1) return;
  const other = new Float32Array(plane.length);
  for (let pass = 0; pass < blurPasses; pass++) {
    blurAcross(plane, other, { ...grid, radius });
    blurDown(other, plane, { ...grid, radius });
  }
}

interface Box {
  readonly columns: number;
  readonly rows: number;
  readonly radius: number;
}

function blurAcross(from: Float32Array, to: Float32Array, { columns, rows, radius }: Box): void {
  for (let row = 0; row < rows; row++) blurRow(from, to, { start: row * columns, columns, radius });
}

function blurRow(
  from: Float32Array,
  to: Float32Array,
  { start, columns, radius }: { start: number; columns: number; radius: number },
): void {
  const share = 1 / (2 * radius + 1);
  const last = start + columns - 1;
  let sum = (from[start] as number) * radius;
  for (let i = 0; i < radius; i++) sum += from[Math.min(start + i, last)] as number;
  for (let i = start; i <= last; i++) {
    sum += from[Math.min(i + radius, last)] as number;
    if (i > start) sum -= from[Math.max(i - radius - 1, start)] as number;
    to[i] = sum * share;
  }
}

/** All columns at once, row by row. */
function blurDown(from: Float32Array, to: Float32Array, { columns, rows, radius }: Box): void {
  const sums = new Float64Array(columns);
  const startOf = (row: number) => Math.min(Math.max(row, 0), rows - 1) * columns;
  for (let k = -radius; k < radius; k++) addRow(sums, from, startOf(k));
  for (let row = 0; row < rows; row++) {
    const leaves = startOf(row - radius - 1);
    slideRow(sums, from, { enters: startOf(row + radius), leaves, keeps: row === 0 ? 0 : 1 });
    putRow(sums, to, { start: startOf(row), share: 1 / (2 * radius + 1) });
  }
}

function addRow(sums: Float64Array, from: Float32Array, start: number): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (from[start + i] as number);
}

function slideRow(
  sums: Float64Array,
  from: Float32Array,
  { enters, leaves, keeps }: { enters: number; leaves: number; keeps: number },
): void {
  for (let i = 0; i < sums.length; i++) {
    const left = (from[leaves + i] as number) * keeps;
    sums[i] = (sums[i] as number) + (from[enters + i] as number) - left;
  }
}

function putRow(
  sums: Float64Array,
  to: Float32Array,
  { start, share }: { start: number; share: number },
): void {
  for (let i = 0; i < sums.length; i++) to[start + i] = (sums[i] as number) * share;
}
