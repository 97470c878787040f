/** A part of a picture as a picture of its own, with the very pixels of the file. */
import { StudioError } from '../base/errors';

interface Part {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** `part` in whole pixels of the picture as it is seen, upright. A PNG. @throws StudioError image/unreadable, image/encode-failed */
export async function cutOut(file: Blob, { left, top, right, bottom }: Part): Promise<Blob> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch((cause: unknown) => {
    throw new StudioError('image/unreadable', {}, { cause });
  });
  const canvas = new OffscreenCanvas(right - left, bottom - top);
  try {
    const context = canvas.getContext('2d');
    context?.drawImage(bitmap, -left, -top);
    return await canvas.convertToBlob({ type: 'image/png' });
  } catch (thrown) {
    throw new StudioError('image/encode-failed', { format: 'png' }, { cause: thrown });
  } finally {
    bitmap.close();
    canvas.width = canvas.height = 0;
  }
}
