/**
 * A drawing made at toon scale brought up to the photo's own size, sharp. Enlarged with a cubic B-spline; its edges are
 * moved to where the photo's are if the two agree (guided filter), and each edge is made as steep as it would have
 * been drawn at full size. The photo says where an edge lies, never what is drawn, so that pores and lashes stay out.
 */
import { blankImage, type RgbaImage } from '../image';
import { resizeArea } from '../resize';
import type { OnGpu } from '../runtime';
import { openLiftKernel } from './kernel';
import { liftRows } from './rows';
import { cutStrip, type LiftPictures } from './strip';

/** Pixels a strip: about 16 MB of result, and as much again for what it is made from. */
const stripAreaPx = 4 * 2 ** 20;

export interface LiftOptions {
  readonly signal: AbortSignal;
  /** The processor does it where this is null. */
  readonly onGpu: OnGpu | null;
  /** Tests cut small pictures into strips. */
  readonly stripRows?: number;
}

/**
 * `drawing` and `small` (the photo at the drawing's size) brought to the size of `photo`, no smaller than they are.
 * Opaque; yields the share done (0…1) after each strip.
 */
export async function* liftDrawing(
  { drawing, small, photo }: { drawing: RgbaImage; small: RgbaImage; photo: RgbaImage },
  { signal, onGpu, stripRows }: LiftOptions,
): AsyncGenerator<number, RgbaImage, void> {
  const { width, height } = photo;
  const guide = resizeArea(photo, Math.min(width, 2 * drawing.width), Math.min(height, 2 * drawing.height));
  const pictures: LiftPictures = { drawing, small, guide, width, height };
  const lifted = blankImage(width, height);
  const words = new Uint32Array(lifted.data.buffer);
  const kernel = onGpu && (await onGpu(openLiftKernel));
  const rowCount = stripRows ?? Math.ceil(stripAreaPx / width);
  for (let from = 0; from < height; from += rowCount) {
    signal.throwIfAborted();
    const to = Math.min(from + rowCount, height);
    const strip = cutStrip(pictures, { from, to });
    const rows = words.subarray(from * width, to * width);
    if (kernel) await onGpu(() => kernel(strip, rows));
    else liftRows(strip, rows);
    yield to / height;
  }
  return lifted;
}
