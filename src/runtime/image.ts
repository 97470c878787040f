/** Pixels in the worker: interleaved 8-bit RGBA, row-major, top-left origin, sRGB. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  /** `width * height * 4` bytes. */
  readonly data: Uint8ClampedArray;
}

/** A rectangle in pixels; it may reach beyond the picture. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Transparent black. */
export function blankImage(width: number, height: number): RgbaImage {
  return { width, height, data: new Uint8ClampedArray(width * height * 4) };
}

/** The same picture where it is opaque already, else a copy laid on white. Costs no memory for a photo. */
export function onWhite(image: RgbaImage): RgbaImage {
  if (isOpaque(image)) return image;
  const { width, height, data } = image;
  const laid = blankImage(width, height);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = (data[i + 3] as number) / 255;
    for (let c = 0; c < 3; c++) laid.data[i + c] = 255 + ((data[i + c] as number) - 255) * alpha;
    laid.data[i + 3] = 255;
  }
  return laid;
}

/** The same bytes, one little-endian word a pixel: red lowest, alpha highest. */
export function pixelsOf({ data }: RgbaImage): Uint32Array {
  return new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
}

function isOpaque(image: RgbaImage): boolean {
  const pixels = pixelsOf(image);
  for (let i = 0; i < pixels.length; i++) if ((pixels[i] as number) < 0xff000000) return false;
  return true;
}

/** The part of the picture inside `region` (whole pixels), which is cut to the picture first. */
export function cropImage(image: RgbaImage, region: Region): RgbaImage & Region {
  const x = Math.min(Math.max(Math.floor(region.x), 0), image.width - 1);
  const y = Math.min(Math.max(Math.floor(region.y), 0), image.height - 1);
  const width = Math.max(1, Math.min(Math.ceil(region.x + region.width), image.width) - x);
  const height = Math.max(1, Math.min(Math.ceil(region.y + region.height), image.height) - y);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * image.width + x) * 4;
    data.set(image.data.subarray(start, start + width * 4), row * width * 4);
  }
  return { x, y, width, height, data };
}

/** What a result can be written as. */
export type PictureFormat = 'jpeg' | 'png' | 'webp';
