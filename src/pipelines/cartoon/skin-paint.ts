/** The correction of the drawn skin, computed on the grid, laid on the drawing's pixels. */
import type { RgbaImage } from '../../runtime/image';
import type { FaceGrid } from './skin-grid';
import { falling } from './skin-places';

/** Added to both sides of a quotient of bytes, so that near-black does not explode. */
export const calm = 8;

/** One value or one RGB triple for each cell. */
export interface SkinCorrection {
  readonly grid: FaceGrid;
  readonly mask: Float32Array;
  /** 0…1: how near an eye or the mouth is. */
  readonly features: Float32Array;
  /** Smooth skin of the photo and of the drawing, and their quotient. */
  readonly wanted: Float32Array;
  readonly drawn: Float32Array;
  readonly gain: Float32Array;
}

/** Multiplies `drawing` in place by the gain, in between cells bilinearly, as far as the mask says. */
export function paintSkin(drawing: RgbaImage, photo: RgbaImage, correction: SkinCorrection): void {
  const { grid, mask, gain } = correction;
  const { columns } = grid;
  const across = betweens(grid.x, columns, { cellPx: grid.cellPx, sidePx: drawing.width });
  const down = betweens(grid.y, grid.rows, { cellPx: grid.cellPx, sidePx: drawing.height });
  const rowMask = new Float32Array(columns);
  const rowGain = new Float32Array(columns * 3);
  for (let row = 0; row < down.cell.length; row++) {
    const top = (down.cell[row] as number) * columns;
    const below = grid.rows > 1 ? top + columns : top;
    const fy = down.share[row] as number;
    if (!blendRow(mask, rowMask, { top, below, fy })) continue;
    blendRow(gain, rowGain, { top: top * 3, below: below * 3, fy });
    const start = ((grid.y + row) * drawing.width + grid.x) * 4;
    paintRow(drawing.data, photo.data, { start, top, across, rowMask, rowGain, correction });
  }
}

interface Row {
  /** Its first byte in the picture, its first cell in the grid. */
  readonly start: number;
  readonly top: number;
  readonly across: Betweens;
  readonly rowMask: Float32Array;
  readonly rowGain: Float32Array;
  readonly correction: SkinCorrection;
}

function paintRow(data: Uint8ClampedArray, photo: Uint8ClampedArray, row: Row): void {
  const { top, across, rowMask, rowGain, correction } = row;
  const next = rowMask.length > 1 ? 1 : 0;
  for (let i = 0, p = row.start; i < across.cell.length; i++, p += 4) {
    const a = across.cell[i] as number;
    const fx = across.share[i] as number;
    const left = rowMask[a] as number;
    let share = left + ((rowMask[a + next] as number) - left) * fx;
    if (share === 0) continue;
    const near = correction.features[top + a] as number;
    if (near > 0) share *= 1 - near * featureShare(data, photo, { p, cell: (top + a) * 3, correction });
    for (let k = 0, g = a * 3, h = g + next * 3; k < 3; k++, g++, h++) {
      const from = rowGain[g] as number;
      const factor = from + ((rowGain[h] as number) - from) * fx - 1;
      const value = data[p + k] as number;
      data[p + k] = value + (value + calm) * factor * share;
    }
  }
}

/** Two rows of cells blended into one; false where it is all 0. */
function blendRow(
  plane: Float32Array,
  row: Float32Array,
  { top, below, fy }: { top: number; below: number; fy: number },
): boolean {
  let any = 0;
  for (let i = 0; i < row.length; i++) {
    const value = plane[top + i] as number;
    const blended = value + ((plane[below + i] as number) - value) * fy;
    row[i] = blended;
    any += blended;
  }
  return any > 0;
}

/** For each pixel of one side of the grid the cell before it and how far it lies towards the next. */
interface Betweens {
  readonly cell: Int32Array;
  readonly share: Float32Array;
}

function betweens(
  start: number,
  count: number,
  { cellPx, sidePx }: { cellPx: number; sidePx: number },
): Betweens {
  const length = Math.min(count * cellPx, sidePx - start);
  const cell = new Int32Array(length);
  const share = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const place = Math.min(Math.max((i + 0.5) / cellPx - 0.5, 0), count - 1);
    cell[i] = Math.min(Math.floor(place), Math.max(0, count - 2));
    share[i] = place - (cell[i] as number);
  }
  return { cell, share };
}

/**
 * How surely a pixel near an eye or the mouth belongs to it: in the drawing bluer than the drawn skin (the white and
 * the iris of an eye, teeth); in the photo greener and much brighter in blue (teeth and eyes, but not lips).
 */
function featureShare(
  drawing: Uint8ClampedArray,
  photo: Uint8ClampedArray,
  { p, cell, correction }: { p: number; cell: number; correction: SkinCorrection },
): number {
  const { wanted, drawn } = correction;
  const bluer = paler(drawing, p, { skin: drawn, cell, channel: 2 });
  const greener = paler(photo, p, { skin: wanted, cell, channel: 1 });
  const brighter = ((photo[p + 2] as number) + calm) / ((wanted[cell + 2] as number) + calm);
  const inPhoto = (1 - falling(greener, 1.13, 1.28)) * (1 - falling(brighter, 1.6, 2.4));
  return Math.max(1 - falling(bluer, 1.1, 1.2), inPhoto);
}

/** A channel over red, against the same of the skin in that cell. */
function paler(
  data: Uint8ClampedArray,
  p: number,
  { skin, cell, channel }: { skin: Float32Array; cell: number; channel: number },
): number {
  const here = ((data[p + channel] as number) + calm) / ((data[p] as number) + calm);
  return (here * ((skin[cell] as number) + calm)) / ((skin[cell + channel] as number) + calm);
}
