/** Pictures as numbers for tests: decoded by the browser, compared in Node. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA. */
  readonly data: Uint8Array;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Decodes a picture file in the page, with the browser's own decoder. */
export async function pixelsOf(page: Page, file: string): Promise<Pixels> {
  const { width, height, base64 } = await page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let text = '';
    for (let at = 0; at < data.length; at += 32_768) {
      text += String.fromCharCode(...data.subarray(at, at + 32_768));
    }
    return { width: bitmap.width, height: bitmap.height, base64: btoa(text) };
  }, readFileSync(file).toString('base64'));
  return { width, height, data: new Uint8Array(Buffer.from(base64, 'base64')) };
}

/** Writes a PNG, encoded in the page. */
export async function savePixels(page: Page, pixels: Pixels, file: string): Promise<void> {
  const { width, height, data } = pixels;
  const encoded = await page.evaluate(
    async ({ width, height, base64 }) => {
      const bytes = Uint8ClampedArray.from(atob(base64), (letter) => letter.charCodeAt(0));
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext('2d')!.putImageData(new ImageData(bytes, width, height), 0, 0);
      const png = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
      let text = '';
      for (let at = 0; at < png.length; at += 32_768) {
        text += String.fromCharCode(...png.subarray(at, at + 32_768));
      }
      return btoa(text);
    },
    { width, height, base64: Buffer.from(data).toString('base64') },
  );
  writeFileSync(file, Buffer.from(encoded, 'base64'));
}

/** Peak signal-to-noise ratio over R, G and B in decibels, in `box` or everywhere. */
export function psnr(
  a: Pixels,
  b: Pixels,
  box: Box = { x: 0, y: 0, width: a.width, height: a.height },
): number {
  if (a.width !== b.width || a.height !== b.height) throw new RangeError('sizes differ');
  let squares = 0;
  let count = 0;
  forEachValue(a, b, box, (difference) => {
    squares += difference * difference;
    count += 1;
  });
  return 10 * Math.log10((255 * 255) / (squares / count));
}

export function largestDifference(a: Pixels, b: Pixels): number {
  let largest = 0;
  forEachValue(a, b, { x: 0, y: 0, width: a.width, height: a.height }, (difference) => {
    largest = Math.max(largest, Math.abs(difference));
  });
  return largest;
}

function forEachValue(a: Pixels, b: Pixels, box: Box, visit: (difference: number) => void): void {
  const right = Math.min(a.width, Math.ceil(box.x + box.width));
  const bottom = Math.min(a.height, Math.ceil(box.y + box.height));
  for (let y = Math.max(0, Math.floor(box.y)); y < bottom; y++) {
    for (let x = Math.max(0, Math.floor(box.x)); x < right; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const at = (y * a.width + x) * 4 + channel;
        visit((a.data[at] ?? 0) - (b.data[at] ?? 0));
      }
    }
  }
}

/** Mean colour of a box. */
export function meanColour(pixels: Pixels, box: Box): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      const at = (y * pixels.width + x) * 4;
      for (const channel of [0, 1, 2] as const) sums[channel] += pixels.data[at + channel] ?? 0;
    }
  }
  return sums.map((sum) => sum / (box.width * box.height)) as [number, number, number];
}
