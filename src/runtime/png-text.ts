/**
 * Text in a PNG under a keyword: written as tEXt where it is Latin-1, else as iTXt in UTF-8, as Pillow does; read from
 * either, and from zTXt. Source: PNG 3rd edition (W3C) §11.3.3.
 */
import { pngChunk, pngHeadBytes } from './png-chunk';

const mostTextBytes = 256 * 1024;
const signature = [137, 80, 78, 71, 13, 10, 26, 10];

export function withPngText(picture: Blob, keyword: string, text: string): Blob {
  const isLatin1 = Array.from(text, (letter) => letter.codePointAt(0) ?? 0).every((code) => code < 256);
  const plain = Uint8Array.from(`${keyword}\0${isLatin1 ? text : '\0\0\0\0'}`, (letter) =>
    letter.charCodeAt(0),
  );
  const chunk = isLatin1
    ? pngChunk('tEXt', plain)
    : pngChunk('iTXt', Uint8Array.of(...plain, ...new TextEncoder().encode(text)));
  const parts = [picture.slice(0, pngHeadBytes), chunk, picture.slice(pngHeadBytes)];
  return new Blob(parts, { type: picture.type });
}

/** The first text under the keyword, or null: also of what is no PNG, or one that is cut off. */
export async function readPngText(file: Blob, keyword: string): Promise<string | null> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (signature.some((byte, i) => bytes[i] !== byte)) return null;
  const view = new DataView(bytes.buffer);
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const name = latin1(bytes.subarray(at + 4, at + 8));
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (data.length < length || name === 'IEND') return null;
    const end = data.indexOf(0);
    if (end > 0 && latin1(data.subarray(0, end)) === keyword && length <= mostTextBytes) {
      if (name === 'tEXt') return latin1(data.subarray(end + 1));
      if (name === 'zTXt') return latin1(await inflate(data.subarray(end + 2)));
      if (name === 'iTXt') return readInternational(data.subarray(end + 1));
    }
    at += 12 + length;
  }
  return null;
}

/** Flag, method, language and translated keyword, then the text. */
async function readInternational(data: Uint8Array): Promise<string> {
  const language = data.indexOf(0, 2);
  const text = data.subarray(data.indexOf(0, language + 1) + 1);
  return new TextDecoder().decode(data[0] === 1 ? await inflate(text) : text);
}

/** What unpacks to more than is read is cut off; what does not unpack is no text. */
async function inflate(packed: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([packed.slice()]).stream().pipeThrough(new DecompressionStream('deflate'));
  const reader = stream.getReader();
  const found = new Uint8Array(mostTextBytes);
  let filled = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const fits = part.value.subarray(0, mostTextBytes - filled);
      found.set(fits, filled);
      filled += fits.length;
      if (filled === mostTextBytes) break;
    }
  } catch {
    return new Uint8Array();
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return found.subarray(0, filled);
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
