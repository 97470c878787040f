/**
 * Writes IPTC's word that a model made a picture into the finished file: one XMP packet that says this and nothing
 * else. Source: IPTC Photo Metadata 2023.1 (Digital Source Type); where each container holds XMP, XMP part 3 and RFC 9649.
 */
import { aiSourceAddress, type AiSource } from '../base/ai-source';
import { StudioError } from '../base/errors';
import { readPictureHeader } from './picture-header';
import { pngChunk, pngHeadBytes } from './png-chunk';

type Bytes = Uint8Array<ArrayBuffer>;

/** `picture` is a PNG, JPEG or WebP of this app's encoder. @throws StudioError image/encode-failed for another */
export async function markAi(picture: Blob, source: AiSource): Promise<Blob> {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  const mark = { 'image/png': markPng, 'image/jpeg': markJpeg, 'image/webp': markWebp }[picture.type];
  if (!mark) throw new StudioError('image/encode-failed', { type: picture.type });
  return new Blob(mark(bytes, packet(source)), { type: picture.type });
}

function packet(source: AiSource): Bytes {
  return new TextEncoder().encode(
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">' +
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ' +
      'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">' +
      `<Iptc4xmpExt:DigitalSourceType>${aiSourceAddress(source)}</Iptc4xmpExt:DigitalSourceType>` +
      '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>',
  );
}

/** An iTXt chunk after IHDR. */
function markPng(png: Bytes, xmp: Bytes): Bytes[] {
  const chunk = pngChunk('iTXt', join(ascii('XML:com.adobe.xmp\0\0\0\0\0'), xmp));
  return [png.subarray(0, pngHeadBytes), chunk, png.subarray(pngHeadBytes)];
}

/** APP1 after JFIF's APP0, which must come first. */
function markJpeg(jpeg: Bytes, xmp: Bytes): Bytes[] {
  const view = new DataView(jpeg.buffer);
  const at = view.getUint16(2) === 0xffe0 ? 4 + view.getUint16(4) : 2;
  const data = join(ascii('http://ns.adobe.com/xap/1.0/\0'), xmp);
  const head = Uint8Array.of(0xff, 0xe1, (data.length + 2) >> 8, (data.length + 2) & 255);
  return [jpeg.subarray(0, at), head, data, jpeg.subarray(at)];
}

/** The last chunk, announced by a flag in the first. */
function markWebp(plain: Bytes, xmp: Bytes): Bytes[] {
  const webp = extendedWebp(plain);
  const padded = xmp.length % 2 === 0 ? xmp : join(xmp, new Uint8Array(1));
  const head = webp.slice(0, 21);
  const view = new DataView(head.buffer);
  view.setUint32(4, webp.length + 8 + padded.length - 8, true);
  view.setUint8(20, view.getUint8(20) | 0x04);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, xmp.length, true);
  return [head, webp.subarray(21), ascii('XMP '), length, padded];
}

/** As VP8X wants it: where an encoder wrote the simple form, with a first chunk of its own. Source: RFC 9649 §2.7. */
function extendedWebp(webp: Bytes): Bytes {
  const kind = String.fromCharCode(...webp.subarray(12, 16));
  if (kind === 'VP8X') return webp;
  const { width, height } = readPictureHeader(webp);
  if (width === undefined || height === undefined) throw new StudioError('image/encode-failed', { kind });
  // In the lossless form, after its signature, 14 bits each of width and height, a bit tells of transparency.
  const isTransparent = kind === 'VP8L' && ((webp[24] ?? 0) & 0x10) !== 0;
  const chunk = new Uint8Array(18);
  chunk.set(ascii('VP8X'));
  const view = new DataView(chunk.buffer);
  view.setUint32(4, 10, true);
  view.setUint8(8, isTransparent ? 0x10 : 0);
  view.setUint32(12, width - 1, true);
  // 24 bits; what would be the 25th on is the end of the chunk.
  view.setUint16(15, (height - 1) & 0xffff, true);
  view.setUint8(17, (height - 1) >> 16);
  return join(join(webp.subarray(0, 12), chunk), webp.subarray(12));
}

function ascii(text: string): Bytes {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function join(first: Bytes, second: Bytes): Bytes {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
