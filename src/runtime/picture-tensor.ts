/** Pictures in and out of a network: RGBA bytes <-> tensors of any layout, channel order and range. */
import { StudioError } from '../base/errors';
import { floatsOfHalves, floatToHalf } from './half';
import { pixelsOf, type Region, type RgbaImage } from './image';
import { rgbaTensor, writeRgba } from './rgba-tensor';
import type { Tensor, TensorData, ValueInfo } from './runtime';

/** `rgba` is the picture as it is, whatever order and range say: the network does the rest. */
export const pictureLayouts = ['nchw', 'nhwc', 'hwc', 'rgba'] as const;

export interface PictureLayout {
  readonly layout: (typeof pictureLayouts)[number];
  readonly order: 'rgb' | 'bgr';
  /** Values of black and white. */
  readonly range: readonly [number, number];
}

/** What we write; float16 as bit patterns. */
export type PictureType = 'float32' | 'float16' | 'uint8';

/** How far apart two pixels, and two channels of one pixel, lie in the tensor. */
function strides(layout: PictureLayout['layout'], pixelCount: number): { pixel: number; channel: number } {
  return layout === 'nchw' ? { pixel: 1, channel: pixelCount } : { pixel: 3, channel: 1 };
}

function dimsOf({ layout }: PictureLayout, width: number, height: number): number[] {
  if (layout === 'nchw') return [1, 3, height, width];
  return layout === 'nhwc' ? [1, height, width, 3] : [height, width, 3];
}

const elements = { float32: Float32Array, float16: Uint16Array, uint8: Uint8Array } as const;

/** `region` of the picture as a tensor; what lies beyond the picture has the grey value `beyond` (0…255). */
export function pictureTensor(
  image: RgbaImage,
  region: Region,
  options: PictureLayout & { readonly beyond: number; readonly type?: PictureType },
): Tensor {
  if (options.layout === 'rgba') return rgbaTensor(image, region, options.beyond);
  const { width, height } = region;
  const [black, white] = options.range;
  const type = options.type ?? 'float32';
  const valueOf = Float32Array.from({ length: 256 }, (_, byte) => {
    const value = black + (byte / 255) * (white - black);
    return type === 'float16' ? floatToHalf(value) : value;
  });
  const count = width * height;
  const data = new elements[type](count * 3);
  const left = Math.max(0, -region.x);
  const right = Math.min(width, image.width - region.x);
  const top = Math.max(0, -region.y);
  const bottom = Math.min(height, image.height - region.y);
  if (left > 0 || top > 0 || right < width || bottom < height) data.fill(valueOf[options.beyond] as number);
  const { pixel, channel } = strides(options.layout, count);
  const [red, blue] = options.order === 'rgb' ? [0, 2 * channel] : [2 * channel, 0];
  const pixels = pixelsOf(image);
  for (let y = top; y < bottom; y++) {
    let p = (y + region.y) * image.width + left + region.x;
    let o = (y * width + left) * pixel;
    for (let x = left; x < right; x++, p++, o += pixel) {
      const rgba = pixels[p] as number;
      data[o + red] = valueOf[rgba & 255] as number;
      data[o + channel] = valueOf[(rgba >>> 8) & 255] as number;
      data[o + blue] = valueOf[(rgba >>> 16) & 255] as number;
    }
  }
  return { type, dims: dimsOf(options, width, height), data };
}

/**
 * Writes `part` of a drawn tensor that covers `region` of the picture; both in picture pixels, cut to the picture.
 * @throws StudioError model/wrong-shape
 */
export function writePicture(
  image: RgbaImage,
  drawn: { readonly data: TensorData; readonly region: Region; readonly part: Region },
  layout: PictureLayout,
): void {
  if (layout.layout === 'rgba') {
    writeRgba(image, drawn);
    return;
  }
  const { region, part } = drawn;
  const count = region.width * region.height;
  const data = drawn.data instanceof Uint16Array ? floatsOfHalves(drawn.data) : drawn.data;
  if (!(data instanceof Float32Array || data instanceof Uint8Array) || data.length !== count * 3) {
    throw new StudioError('model/wrong-shape', { values: data.length, wanted: count * 3 });
  }
  const [black, white] = layout.range;
  const gain = 255 / (white - black);
  const { pixel, channel } = strides(layout.layout, count);
  const [red, blue] = layout.order === 'rgb' ? [0, 2 * channel] : [2 * channel, 0];
  const right = Math.min(part.x + part.width, image.width);
  const bottom = Math.min(part.y + part.height, image.height);
  // Bytes that round and clamp what is stored in them.
  const out = image.data;
  for (let y = Math.max(0, part.y); y < bottom; y++) {
    let o = (y * image.width + part.x) * 4;
    let p = ((y - region.y) * region.width + part.x - region.x) * pixel;
    for (let x = part.x; x < right; x++, o += 4, p += pixel) {
      out[o] = ((data[p + red] as number) - black) * gain;
      out[o + 1] = ((data[p + channel] as number) - black) * gain;
      out[o + 2] = ((data[p + blue] as number) - black) * gain;
      out[o + 3] = 255;
    }
  }
}

/** The element type a graph wants at this input. @throws StudioError model/wrong-shape for what we do not write */
export function pictureType(inputs: readonly ValueInfo[], name: string): PictureType {
  const type = inputs.find((input) => input.name === name)?.type ?? 'float32';
  if (type === 'float32' || type === 'float16' || type === 'uint8') return type;
  throw new StudioError('model/wrong-shape', { input: name, type });
}
