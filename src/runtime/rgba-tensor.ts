/** Pictures of a network that takes and gives their own bytes: `[1, height, width, 4]` of uint8, no value touched here. */
import { StudioError } from '../base/errors';
import { blankImage, type Region, type RgbaImage } from './image';
import type { Tensor, TensorData } from './runtime';

/** `region` of the picture; what lies beyond the picture is opaque, grey `beyond` (0…255). The whole is not copied. */
export function rgbaTensor(image: RgbaImage, region: Region, beyond: number): Tensor {
  const { width, height } = region;
  const isWhole = region.x === 0 && region.y === 0 && width === image.width && height === image.height;
  const { data } = isWhole ? image : cutOut(image, region, beyond);
  return {
    type: 'uint8',
    dims: [1, height, width, 4],
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
  };
}

/**
 * Writes `part` of a drawn tensor that covers `region`; both in picture pixels, cut to the picture.
 * @throws StudioError model/wrong-shape
 */
export function writeRgba(
  image: RgbaImage,
  { data, region, part }: { readonly data: TensorData; readonly region: Region; readonly part: Region },
): void {
  const wanted = region.width * region.height * 4;
  if (!(data instanceof Uint8Array) || data.length !== wanted) {
    throw new StudioError('model/wrong-shape', { values: data.length, wanted });
  }
  const drawn = { width: region.width, data };
  copyRows({ from: drawn, at: region }, { to: image, at: { x: 0, y: 0 } }, insideOf(image, part));
}

function cutOut(image: RgbaImage, region: Region, beyond: number): RgbaImage {
  const cut = blankImage(region.width, region.height);
  new Uint32Array(cut.data.buffer).fill(0xff000000 | (beyond * 0x010101));
  copyRows({ from: image, at: { x: 0, y: 0 } }, { to: cut, at: region }, insideOf(image, region));
  return cut;
}

interface Rows {
  readonly width: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** `at`: where in the picture the first pixel of either lies. */
function copyRows(
  { from, at: source }: { from: Rows; at: Place },
  { to, at: target }: { to: Rows; at: Place },
  part: Region,
): void {
  for (let y = part.y; y < part.y + part.height; y++) {
    const start = ((y - source.y) * from.width + part.x - source.x) * 4;
    const row = from.data.subarray(start, start + part.width * 4);
    to.data.set(row, ((y - target.y) * to.width + part.x - target.x) * 4);
  }
}

function insideOf({ width, height }: RgbaImage, region: Region): Region {
  const x = Math.max(0, region.x);
  const y = Math.max(0, region.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(width, region.x + region.width) - x),
    height: Math.max(0, Math.min(height, region.y + region.height) - y),
  };
}
