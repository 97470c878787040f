/**
 * What a picture file says about itself before anything is decoded: kind, size, and whether its end is
 * there. Guards against decompression bombs and half-copied files; decoders accept both silently.
 */
import { StudioError } from '../base/errors';

export type PictureKind = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp' | 'avif' | 'heic' | 'tiff' | 'jxl';

export interface PictureHeader {
  readonly kind: PictureKind;
  /** As stored, before EXIF orientation; absent where the container hides it. */
  readonly width?: number;
  readonly height?: number;
  readonly complete: boolean;
}

/** @throws StudioError image/empty, image/not-an-image, image/truncated (a header cut short) */
export function readPictureHeader(bytes: Uint8Array): PictureHeader {
  if (bytes.length === 0) throw new StudioError('image/empty');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return readKnown(bytes, view);
  } catch (thrown) {
    if (thrown instanceof RangeError) throw new StudioError('image/truncated', {}, { cause: thrown });
    throw thrown;
  }
}

function readKnown(bytes: Uint8Array, view: DataView): PictureHeader {
  const text = (at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return readJpeg(bytes, view);
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') {
    return { kind: 'png', width: view.getUint32(16), height: view.getUint32(20), complete: hasPngEnd(bytes) };
  }
  if (text(0, 4) === 'GIF8') {
    return {
      kind: 'gif',
      width: view.getUint16(6, true),
      height: view.getUint16(8, true),
      complete: bytes.lastIndexOf(0x3b) > 13,
    };
  }
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') return readWebp(bytes, view, text);
  if (text(0, 2) === 'BM') {
    return {
      kind: 'bmp',
      width: view.getInt32(18, true),
      height: Math.abs(view.getInt32(22, true)),
      complete: bytes.length >= view.getUint32(2, true),
    };
  }
  if (text(4, 4) === 'ftyp') {
    const brand = text(8, 4);
    if (brand === 'avif' || brand === 'avis') return { kind: 'avif', ...ispe(bytes, view), complete: true };
    if (/^(hei|hev|mif1|msf1)/.test(brand)) return { kind: 'heic', ...ispe(bytes, view), complete: true };
  }
  if (text(0, 4) === 'II*\0' || text(0, 4) === 'MM\0*') return { kind: 'tiff', complete: true };
  if (text(0, 2) === '\xff\x0a' || text(4, 4) === 'JXL ') return { kind: 'jxl', complete: true };
  throw new StudioError('image/not-an-image');
}

/** IEND may be followed by trailing bytes (some phones append a film), so look for it from the end. */
function hasPngEnd(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 8; at > 8; at--) {
    if (bytes[at] === 0x49 && bytes[at + 1] === 0x45 && bytes[at + 2] === 0x4e && bytes[at + 3] === 0x44) {
      return true;
    }
  }
  return false;
}

/** Walks the segments to the first scan; complete when an end marker follows it. */
function readJpeg(bytes: Uint8Array, view: DataView): PictureHeader {
  let at = 2;
  let size: { width: number; height: number } | null = null;
  for (;;) {
    const marker = view.getUint16(at);
    if (marker >> 8 !== 0xff) throw new StudioError('image/unreadable', { kind: 'jpeg' });
    const code = marker & 0xff;
    if (code === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const isFrame = code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
    if (isFrame) size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    if (code === 0xda) break;
    if (code === 0xd9) throw new StudioError('image/truncated', { kind: 'jpeg' });
    at += 2 + view.getUint16(at + 2);
  }
  let end = bytes.length - 2;
  while (end > at && !(bytes[end] === 0xff && bytes[end + 1] === 0xd9)) end--;
  return { kind: 'jpeg', ...size, complete: end > at };
}

function readWebp(
  bytes: Uint8Array,
  view: DataView,
  text: (at: number, length: number) => string,
): PictureHeader {
  const complete = bytes.length >= 8 + view.getUint32(4, true);
  const form = text(12, 4);
  if (form === 'VP8X') {
    const u24 = (at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
    return { kind: 'webp', width: 1 + u24(24), height: 1 + u24(27), complete };
  }
  if (form === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { kind: 'webp', width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff), complete };
  }
  return {
    kind: 'webp',
    width: view.getUint16(26, true) & 0x3fff,
    height: view.getUint16(28, true) & 0x3fff,
    complete,
  };
}

/** The largest `ispe` (image spatial extents) box; ISO/IEC 23008-12 §6.5.3. */
function ispe(bytes: Uint8Array, view: DataView): { width?: number; height?: number } {
  let largest: { width: number; height: number } | null = null;
  const end = Math.min(bytes.length - 16, 65_536);
  for (let at = 12; at < end; at++) {
    if (bytes[at] === 0x69 && view.getUint32(at) === 0x69737065) {
      const width = view.getUint32(at + 8);
      const height = view.getUint32(at + 12);
      if (!largest || width * height > largest.width * largest.height) largest = { width, height };
    }
  }
  return largest ?? {};
}
