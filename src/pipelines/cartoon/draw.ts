/** One picture through a cartoon network: padded as DCT-Net pads, whole or in tiles that equal the whole. */
import { StudioError } from '../../base/errors';
import { blankImage, type RgbaImage } from '../../runtime/image';
import { pictureTensor, pictureType, writePicture } from '../../runtime/picture-tensor';
import { planTiles, type Tile } from '../../runtime/tiles';
import { resizeArea } from '../../runtime/resize';
import type { OpenModel } from '../pipeline';
import type { CartoonSpec } from './card';
import { fitted } from './fitted';
import type { Size } from './toon-size';

/** DCT-Net pads to multiples of this (source/utils.py, padTo16x). */
const padMultiple = 16;
const white = 255;

export interface DrawOptions {
  readonly signal: AbortSignal;
  /** Tests cut small pictures into tiles. */
  readonly tiling?: { readonly wholeAreaPx: number; readonly tileSidePx: number };
}

/**
 * The drawing, of the photo's size; yields the share drawn so far (0…1) after each tile.
 * @throws StudioError model/wrong-shape where the graph does not keep the picture's size
 */
export async function* drawPicture(
  net: OpenModel<CartoonSpec>,
  photo: RgbaImage,
  options: DrawOptions,
): AsyncGenerator<number, RgbaImage, void> {
  const { spec } = net;
  if (spec.size) return drawFitted(net, photo, spec.size);
  const drawing = blankImage(photo.width, photo.height);
  const multiple = leastCommonMultiple(padMultiple, spec.multiple);
  const tiles = planTiles(paddedSize(photo, multiple), {
    multiple: spec.multiple,
    haloPx: spec.haloPx,
    ...options.tiling,
  });
  for (const [index, tile] of tiles.entries()) {
    options.signal.throwIfAborted();
    await drawTile(net, { photo, drawing, tile });
    yield (index + 1) / tiles.length;
  }
  return drawing;
}

/** The same in one go. */
export async function drawWhole(
  net: OpenModel<CartoonSpec>,
  photo: RgbaImage,
  options: DrawOptions,
): Promise<RgbaImage> {
  return made(drawPicture(net, photo, options));
}

/** What steps make of which nobody is told. */
export async function made<Result>(steps: AsyncGenerator<unknown, Result, void>): Promise<Result> {
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return step.value;
}

/** Nothing where both sides fit, else each side to the next multiple, even one that fitted: `padTo16x`. */
export function paddedSize({ width, height }: { width: number; height: number }, multiple: number) {
  if (width % multiple === 0 && height % multiple === 0) return { width, height };
  const pad = (side: number) => (Math.floor(side / multiple) + 1) * multiple;
  return { width: pad(width), height: pad(height) };
}

/** The whole picture in one run, at the size that the graph takes, and back to its own. */
async function drawFitted(net: OpenModel<CartoonSpec>, photo: RgbaImage, size: Size): Promise<RgbaImage> {
  const small = fitted(photo, size);
  const drawing = blankImage(small.width, small.height);
  const region = { x: 0, y: 0, ...size };
  await drawTile(net, { photo: small, drawing, tile: { region, part: region } });
  return resizeArea(drawing, photo.width, photo.height);
}

async function drawTile(
  { session, spec }: OpenModel<CartoonSpec>,
  { photo, drawing, tile }: { photo: RgbaImage; drawing: RgbaImage; tile: Tile },
): Promise<void> {
  const { layout, order } = spec;
  const picture = pictureTensor(photo, tile.region, {
    layout,
    order,
    range: spec.inputRange,
    beyond: white,
    type: pictureType(session.inputs, spec.input),
  });
  const outputs = await session.run({ [spec.input]: picture });
  const drawn = outputs[spec.output];
  if (!drawn) throw new StudioError('model/wrong-shape', { output: spec.output, type: 'missing' });
  writePicture(drawing, { data: drawn.data, ...tile }, { layout, order, range: spec.outputRange });
}

function leastCommonMultiple(a: number, b: number): number {
  const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));
  return (a / divisor(a, b)) * b;
}
