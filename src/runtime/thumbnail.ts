/** A small JPEG of a picture, for lists; drawn anew, so that it carries no metadata. */
import { StudioError } from '../base/errors';

const longestSidePx = 480;

/** @throws StudioError image/unreadable, image/encode-failed */
export async function thumbnailOf(picture: Blob, width: number, height: number): Promise<Blob> {
  const scale = Math.min(1, longestSidePx / Math.max(width, height));
  const [resizeWidth, resizeHeight] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const size = { resizeWidth: resizeWidth ?? 1, resizeHeight: resizeHeight ?? 1 };
  const bitmap = await createImageBitmap(picture, { ...size, resizeQuality: 'medium' }).catch(
    (cause: unknown) => {
      throw new StudioError('image/unreadable', {}, { cause });
    },
  );
  try {
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d', { alpha: false })?.drawImage(bitmap, 0, 0);
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
  } catch (thrown) {
    throw new StudioError('image/encode-failed', { format: 'jpeg' }, { cause: thrown });
  } finally {
    bitmap.close();
  }
}
