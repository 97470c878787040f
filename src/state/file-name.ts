/** Names of saved files: a time and a random tail, never the name of the photo. */
import type { PictureFormat } from '../runtime/image';

type SavedFormat = PictureFormat | 'json' | 'csv' | 'md' | 'html' | 'txt';

const extensions: Readonly<Record<SavedFormat, string>> = {
  ...{ jpeg: 'jpg', png: 'png', webp: 'webp' },
  ...{ json: 'json', csv: 'csv', md: 'md', html: 'html', txt: 'txt' },
};
const textFormats: Readonly<Record<string, SavedFormat>> = {
  'application/json': 'json',
  'text/csv': 'csv',
  'text/markdown': 'md',
  'text/html': 'html',
};
const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const tailLength = 6;

/**
 * `obscura_YYYYMMDD_HHMMSS_<6 random>.ext` in local time.
 * `randomByte` gives 0…255; bytes that would favour some letters are drawn again.
 */
export function resultFileName(format: SavedFormat, now: Date, randomByte: () => number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const fair = 256 - (256 % alphabet.length);
  let tail = '';
  while (tail.length < tailLength) {
    const byte = randomByte();
    if (byte < fair) tail += alphabet.charAt(byte % alphabet.length);
  }
  return `obscura_${date}_${time}_${tail}.${extensions[format]}`;
}

/** A name for a file saved now. */
export function newFileName(format: SavedFormat): string {
  return resultFileName(format, new Date(), () => crypto.getRandomValues(new Uint8Array(1))[0] ?? 0);
}

/** As `newFileName`, for a text of this media type. */
export function newTextName(type: string): string {
  return newFileName(textFormats[type] ?? 'txt');
}
