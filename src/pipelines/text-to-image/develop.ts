/**
 * The third stage: latents to a picture. Whole where it fits; a large one, and one that did not come out as numbers or
 * for which there was no memory, in tiles that overlap and are blended (as huggingface/diffusers `tiled_decode`).
 */
import { StudioError } from '../../base/errors';
import { blankImage, type RgbaImage } from '../../runtime/image';
import { writePicture } from '../../runtime/picture-tensor';
import type { Session } from '../../runtime/runtime';
import { planTiles, type Tile } from '../../runtime/tiles';
import type { TextToImageSpec } from './card';
import { latentSidePx, type Latents } from './denoise';
import { decoderLatents } from './flow-match';
import { checkPart, floating, floatsOf, isFinite32, tensorFor } from './values';

/** In latents: as diffusers' `tile_latent_min_size` of a VAE made for 512 pixels, and an eighth of it on each side. */
const tileSide = 64;
const overlap = 8;
/** Black and white. */
const range = [-1, 1] as const;

/** @throws StudioError model/not-as-described */
export function checkDecoder(session: Session, { decoder }: TextToImageSpec): void {
  checkPart('decoder', session, {
    inputs: [{ names: [decoder.latents], rank: 4, types: floating }],
    outputs: [{ names: [decoder.output], rank: 4, types: floating }],
  });
}

/** @throws StudioError model/not-finite where the decoder gives no numbers even in tiles; the signal's reason */
export async function develop(
  session: Session,
  spec: TextToImageSpec,
  latents: Latents,
  options: { readonly tiled: boolean; readonly signal: AbortSignal },
): Promise<RgbaImage> {
  const given = { ...latents, values: decoderLatents(latents.values, spec.latents) };
  const width = latents.width * latentSidePx;
  const height = latents.height * latentSidePx;
  const image = blankImage(width, height);
  if (!options.tiled) {
    const data = await decodeTile(session, spec, given);
    options.signal.throwIfAborted();
    const all = { x: 0, y: 0, width, height };
    writePicture(image, { data, region: all, part: all }, { layout: 'nchw', order: 'rgb', range });
    return image;
  }
  // Two tiles at least: one that is the whole again would end as the whole did.
  const tileSidePx = Math.min(tileSide, Math.ceil(Math.max(given.width, given.height) / 2));
  const tiles = planTiles(latents, { multiple: 1, haloPx: overlap, wholeAreaPx: 0, tileSidePx });
  const sum = new Float32Array(3 * width * height);
  const weights = new Float32Array(width * height);
  for (const tile of tiles) {
    options.signal.throwIfAborted();
    const drawn = await decodeTile(session, spec, cut(given, tile));
    options.signal.throwIfAborted();
    addTile({ sum, weights, width, height }, drawn, tile);
  }
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    for (let c = 0; c < 3; c++) {
      const value = (sum[c * weights.length + i] as number) / weight;
      // Bytes that clamp what is stored in them, and round halves to even as numpy does.
      image.data[4 * i + c] = ((value - range[0]) / (range[1] - range[0])) * 255;
    }
    image.data[4 * i + 3] = 255;
  }
  return image;
}

async function decodeTile(
  session: Session,
  { decoder }: TextToImageSpec,
  given: Latents,
): Promise<Float32Array> {
  const dims = [1, given.channels, given.height, given.width];
  const outputs = await session.run({
    [decoder.latents]: tensorFor(session, decoder.latents, { dims, values: given.values }),
  });
  const values = floatsOf('decoder', outputs[decoder.output]);
  if (values.length !== 3 * given.width * given.height * latentSidePx ** 2) {
    const got = outputs[decoder.output]?.dims.join(', ') ?? '';
    throw new StudioError('model/not-as-described', { part: 'decoder', differs: `gives [${got}]` });
  }
  if (!isFinite32(values)) throw new StudioError('model/not-finite', { part: 'decoder' });
  return values;
}

/** The latents under one tile. */
function cut(latents: Latents, { region }: Tile): Latents {
  const { channels, width, height } = latents;
  if (region.width === width && region.height === height) return latents;
  const values = new Float32Array(channels * region.width * region.height);
  for (let row = 0; row < channels * region.height; row++) {
    const channel = Math.floor(row / region.height);
    const from = (channel * height + region.y + (row % region.height)) * width + region.x;
    values.set(latents.values.subarray(from, from + region.width), row * region.width);
  }
  return { values, channels, width: region.width, height: region.height };
}

interface Canvas {
  readonly sum: Float32Array;
  readonly weights: Float32Array;
  readonly width: number;
  readonly height: number;
}

function addTile(canvas: Canvas, drawn: Float32Array, { region, part }: Tile): void {
  const width = region.width * latentSidePx;
  const height = region.height * latentSidePx;
  const across = ramps(region.width, part.x - region.x, region.x + region.width - part.x - part.width);
  const down = ramps(region.height, part.y - region.y, region.y + region.height - part.y - part.height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y + region.y * latentSidePx) * canvas.width + x + region.x * latentSidePx;
      const weight = (across[x] as number) * (down[y] as number);
      canvas.weights[at] = (canvas.weights[at] as number) + weight;
      for (let c = 0; c < 3; c++) {
        const to = c * canvas.width * canvas.height + at;
        canvas.sum[to] =
          (canvas.sum[to] as number) + weight * (drawn[(c * height + y) * width + x] as number);
      }
    }
  }
}

/**
 * 1 inside, and down to nothing over the pixels shared with a neighbour, who has the rest of them: twice the halo, but
 * for its outer half on each side, where a tile's own border shows.
 */
function ramps(length: number, before: number, after: number): Float32Array {
  const count = length * latentSidePx;
  const rise = (px: number, halo: number): number => {
    const half = (halo * latentSidePx) / 2;
    return halo === 0 ? 1 : Math.min(1, Math.max(0, (px + 0.5 - half) / (2 * half)));
  };
  return Float32Array.from({ length: count }, (_, i) => rise(i, before) * rise(count - 1 - i, after));
}
