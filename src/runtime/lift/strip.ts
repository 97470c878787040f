/** A strip of the lifted picture: its rows, and all that either twin needs to compute them. */
import type { RgbaImage } from '../image';
import { liftPlanes, planeCount } from './planes';

export interface LiftPictures {
  readonly drawing: RgbaImage;
  /** The photo at the drawing's size. */
  readonly small: RgbaImage;
  /** The photo at twice the drawing's size, or its own where that is less. */
  readonly guide: RgbaImage;
  /** Of the lifted picture. */
  readonly width: number;
  readonly height: number;
}

export interface Strip {
  readonly width: number;
  readonly height: number;
  /** `[rows, drawing's width, planeCount]` */
  readonly planes: Float32Array;
  readonly planesWidth: number;
  readonly planesHeight: number;
  /** RGBA, `[rows, guide's width]`. */
  readonly guide: Uint8ClampedArray;
  readonly guideWidth: number;
  readonly guideHeight: number;
  /** Where each column and row of the strip lies in planes and guide (see `places`). */
  readonly columns: Float32Array;
  readonly rows: Float32Array;
  readonly settings: LiftSettings;
}

/** How strongly edges are steepened; both twins read the same numbers. */
export interface LiftSettings {
  /** Lightness by which the photo must differ from its own smooth self before it moves an edge: less is texture. */
  readonly textureLevels: number;
  /** Range of lightness in a window: below the first nothing is steepened, above the second all of it. */
  readonly faintLevels: number;
  readonly clearLevels: number;
  /** Slope of the ramp that takes the place of an edge's middle, as a multiple of the edge's own. */
  readonly steepness: number;
  /** 0…1, how much of it is laid over the edge. */
  readonly share: number;
}

/**
 * An edge is made steeper by seven tenths of the enlargement: as steep as the network itself draws at the larger
 * scale (measured on five portraits drawn at 360 and 1000 px; no more than fourfold).
 */
export function liftSettings(enlargement: number): LiftSettings {
  const slope = Math.min(1 + 0.7 * Math.max(enlargement - 1, 0), 4);
  return {
    textureLevels: 3,
    faintLevels: 8,
    clearLevels: 32,
    // A smooth step has 1.5 in its middle already.
    steepness: Math.max(slope / 1.5, 1),
    share: Math.min((slope - 1) * 2, 1),
  };
}

/** Rows `from` to `to` (not included) of the lifted picture. */
export function cutStrip(
  pictures: LiftPictures,
  { from, to }: { readonly from: number; readonly to: number },
): Strip {
  const { drawing, guide, width, height } = pictures;
  const rows = places(height, drawing.height, guide.height).subarray(from * 4, to * 4);
  const columns = places(width, drawing.width, guide.width);
  // The spline reaches one pixel back and two on.
  const planeRows = rowsWithin(drawing.height, (rows[0] ?? 0) - 1, (rows.at(-4) ?? 0) + 2);
  const guideRows = rowsWithin(guide.height, rows[2] ?? 0, (rows.at(-2) ?? 0) + 1);
  for (let i = 0; i < rows.length; i += 4) {
    rows[i] = (rows[i] as number) - planeRows.from;
    rows[i + 2] = (rows[i + 2] as number) - guideRows.from;
  }
  const planes = liftPlanes(pictures, planeRows);
  return {
    width,
    height: to - from,
    planes,
    planesWidth: drawing.width,
    planesHeight: planes.length / planeCount / drawing.width,
    guide: guide.data.subarray(guideRows.from * guide.width * 4, guideRows.to * guide.width * 4),
    guideWidth: guide.width,
    guideHeight: guideRows.to - guideRows.from,
    columns,
    rows,
    settings: liftSettings(height / drawing.height),
  };
}

/** `[size, 4]`: the pixel before each pixel's centre and the fraction beyond it, in the drawing, then in the guide. */
function places(size: number, drawingSize: number, guideSize: number): Float32Array {
  const out = new Float32Array(size * 4);
  for (let i = 0; i < size; i++) {
    [drawingSize, guideSize].forEach((sourceSize, k) => {
      const at = ((i + 0.5) * sourceSize) / size - 0.5;
      out[i * 4 + k * 2] = Math.floor(at);
      out[i * 4 + k * 2 + 1] = at - Math.floor(at);
    });
  }
  return out;
}

function rowsWithin(height: number, first: number, last: number) {
  return { from: Math.max(first, 0), to: Math.min(last, height - 1) + 1 };
}
