/**
 * Picture files to RGBA and back, with the browser's own decoders. The browser applies EXIF orientation
 * and converts to sRGB; what comes out is drawn anew and says of itself nothing but that its colours are sRGB.
 */
import { asStudioError, StudioError } from '../base/errors';
import { bytesOfFile } from '../base/file';
import type { PictureFormat, RgbaImage } from './image';
import { readPictureHeader, type PictureHeader } from './picture-header';
import { tagSrgb } from './srgb-tag';

/** About 16 bytes a pixel are alive at the peak of a job, so 100 megapixels stay below 2 GB. */
export const maxPixels = 100_000_000;
/** Canvas sides beyond this fail in Safari. */
export const maxSidePx = 16_384;
export const minSidePx = 16;

/**
 * Its bytes and what they say of its size, before EXIF orientation; null where the container hides it. Nothing is decoded.
 * @throws StudioError file/gone, image/empty, not-an-image, truncated, too-large, too-small
 */
export async function readPicture(file: Blob) {
  const bytes = await bytesOfFile(file);
  const header = readPictureHeader(bytes);
  const { kind, complete, width, height } = header;
  if (!complete) throw new StudioError('image/truncated', { kind });
  if (width === undefined || height === undefined) return { bytes, header, size: null };
  checkSize(width, height);
  return { bytes, header, size: { width, height } };
}

/** @throws StudioError as `readPicture`, image/unreadable */
export async function decodePicture(file: Blob): Promise<RgbaImage> {
  const { header } = await readPicture(file);
  const bitmap = await openBitmap(file, header);
  try {
    checkSize(bitmap.width, bitmap.height);
    const { context, free } = canvasOf(bitmap.width, bitmap.height);
    try {
      // Transparent pictures stand on white, as on paper; the nets know no transparency.
      context.fillStyle = 'white';
      context.fillRect(0, 0, bitmap.width, bitmap.height);
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      return { width: bitmap.width, height: bitmap.height, data };
    } finally {
      free();
    }
  } finally {
    bitmap.close();
  }
}

async function openBitmap(file: Blob, header: PictureHeader): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch (thrown) {
    throw new StudioError('image/unreadable', { kind: header.kind }, { cause: thrown });
  }
}

function checkSize(width: number, height: number): void {
  if (Math.min(width, height) < minSidePx) {
    throw new StudioError('image/too-small', { width, height, minSidePx });
  }
  if (width * height > maxPixels || Math.max(width, height) > maxSidePx) {
    throw new StudioError('image/too-large', { width, height, maxPixels, maxSidePx });
  }
}

/** JPEG and WebP at quality 95. @throws StudioError image/encode-failed */
export async function encodePicture(image: RgbaImage, format: PictureFormat): Promise<Blob> {
  const { canvas, context, free } = canvasOf(image.width, image.height);
  try {
    context.putImageData(imageDataOf(image), 0, 0);
    const type = `image/${format}`;
    const blob = await canvas.convertToBlob({ type, quality: 0.95 });
    if (blob.type !== type) throw new StudioError('image/encode-failed', { format });
    return await tagSrgb(blob);
  } catch (thrown) {
    throw asStudioError(thrown, 'image/encode-failed');
  } finally {
    free();
  }
}

/** The pixels are handed on without a copy where their buffer allows it. */
function imageDataOf({ data, width, height }: RgbaImage): ImageData {
  if (data.buffer instanceof ArrayBuffer) {
    return new ImageData(new Uint8ClampedArray(data.buffer, data.byteOffset, data.length), width, height);
  }
  return new ImageData(new Uint8ClampedArray(data), width, height);
}

function canvasOf(width: number, height: number) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (!context) throw new StudioError('image/too-large', { width, height, maxPixels, maxSidePx });
  const free = () => {
    canvas.width = canvas.height = 0;
  };
  return { canvas, context, free };
}
