/** One chunk of a PNG. Source: PNG 3rd edition (W3C), §5.3 and annex D. */
type Bytes = Uint8Array<ArrayBuffer>;

/** Signature and IHDR, after which a chunk of our own may stand. */
export const pngHeadBytes = 33;

/** `data` without the chunk's name. */
export function pngChunk(name: string, data: Uint8Array): Bytes {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) chunk[4 + i] = name.charCodeAt(i);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
