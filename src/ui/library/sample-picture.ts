/** A small picture whose colours everybody knows: the photo on the bench, else a drawn face before sky and grass. */
import type { Photo } from '../../state/photo.svelte';

/** Some cartoon nets take no less. */
const sidePx = 256;

export async function samplePicture(photo: Photo | null): Promise<Blob> {
  const canvas = new OffscreenCanvas(sidePx, sidePx);
  const context = canvas.getContext('2d');
  if (context) {
    if (photo?.preview === 'shown') await paintPhoto(context, photo.blob);
    else paintFace(context);
  }
  return canvas.convertToBlob();
}

/** The middle of it. */
async function paintPhoto(context: OffscreenCanvasRenderingContext2D, blob: Blob): Promise<void> {
  const bitmap = await createImageBitmap(blob);
  const side = Math.min(bitmap.width, bitmap.height);
  const [x, y] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
  context.drawImage(bitmap, x, y, side, side, 0, 0, sidePx, sidePx);
  bitmap.close();
}

function paintFace(context: OffscreenCanvasRenderingContext2D): void {
  const fill = (colour: string, shape: () => void): void => {
    context.fillStyle = colour;
    context.beginPath();
    shape();
    context.fill();
  };
  const oval = (x: number, y: number, rx: number, ry: number): void =>
    context.ellipse(x, y, rx, ry, 0, 0, 2 * Math.PI);
  const sky = context.createLinearGradient(0, 0, 0, 180);
  sky.addColorStop(0, '#3d86d8');
  sky.addColorStop(1, '#b9dcf6');
  context.fillStyle = sky;
  context.fillRect(0, 0, sidePx, sidePx);
  fill('#5f9e3e', () => context.rect(0, 178, sidePx, 78));
  fill('#ffd23f', () => oval(214, 40, 20, 20));
  fill('#c8372d', () => oval(128, 268, 88, 66));
  fill('#d9a07c', () => context.rect(108, 176, 40, 40));
  fill('#3c2a20', () => oval(128, 112, 66, 76));
  fill('#e8b593', () => oval(128, 126, 54, 66));
  fill('#3c2a20', () => context.ellipse(128, 84, 56, 30, 0, Math.PI, 2 * Math.PI));
  for (const x of [106, 150]) {
    fill('#ffffff', () => oval(x, 120, 10, 7));
    fill('#3a2b1e', () => oval(x, 120, 5, 6));
    fill('#e89d86', () => oval(x + (x < 128 ? -10 : 10), 146, 10, 7));
  }
  fill('#d99a78', () => oval(128, 140, 6, 9));
  fill('#b8433f', () => oval(128, 164, 18, 7));
}
