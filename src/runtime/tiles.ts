/**
 * How a picture is cut for a network of finite reach: tiles with a halo of real neighbours, so that every tile's
 * inner part equals the whole picture's. The network pads with zeros at the picture's true borders alone.
 */
import type { Region } from './image';

export interface Tile {
  /** What the network sees, inner part and halo. */
  readonly region: Region;
  /** What is kept of it. */
  readonly part: Region;
}

/** Up to this area (1024 × 1024, with a little room for padding) one run draws the whole picture. */
export const wholeAreaPx = 1.05 * 2 ** 20;
/** The longest side of a tile's inner part. */
export const tileSidePx = 640;

/** Tiles of a picture whose sides are multiples of `multiple`; every region starts and ends at a multiple too. */
export function planTiles(
  size: { readonly width: number; readonly height: number },
  options: {
    readonly multiple: number;
    readonly haloPx: number;
    readonly wholeAreaPx?: number;
    readonly tileSidePx?: number;
  },
): Tile[] {
  const { width, height } = size;
  if (width * height <= (options.wholeAreaPx ?? wholeAreaPx)) {
    const whole = { x: 0, y: 0, width, height };
    return [{ region: whole, part: whole }];
  }
  const { multiple } = options;
  const halo = roundUp(options.haloPx, multiple);
  const longest = options.tileSidePx ?? tileSidePx;
  const columns = spans(width, { longest, multiple, halo });
  const rows = spans(height, { longest, multiple, halo });
  return rows.flatMap((row) =>
    columns.map((column) => ({
      region: { x: column.from, y: row.from, width: column.to - column.from, height: row.to - row.from },
      part: { x: column.start, y: row.start, width: column.end - column.start, height: row.end - row.start },
    })),
  );
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Equal inner spans [start, end) with their halo [from, to) along one side. */
function spans(length: number, options: { longest: number; multiple: number; halo: number }) {
  const { longest, multiple, halo } = options;
  const inner = Math.max(multiple, roundUp(length / Math.ceil(length / longest), multiple));
  return Array.from({ length: Math.ceil(length / inner) }, (_, i) => {
    const start = i * inner;
    const end = Math.min(start + inner, length);
    return { start, end, from: Math.max(0, start - halo), to: Math.min(length, end + halo) };
  });
}
