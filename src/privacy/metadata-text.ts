/** Bytes of a file as text. Views never reach beyond the part they were made for. */

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @throws RangeError where the part is not all there */
export function part(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (start < 0 || length < 0 || start + length > bytes.length) throw new RangeError('cut short');
  return bytes.subarray(start, start + length);
}

const latin1Decoder = new TextDecoder('latin1');
const utf8Decoder = new TextDecoder();

export function latin1(bytes: Uint8Array): string {
  return latin1Decoder.decode(bytes);
}

export function utf8(bytes: Uint8Array): string {
  return utf8Decoder.decode(bytes);
}

export function utf16(bytes: Uint8Array, littleEndian: boolean): string {
  return new TextDecoder(littleEndian ? 'utf-16le' : 'utf-16be').decode(bytes);
}

export function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  return latin1(bytes.subarray(at, at + text.length)) === text;
}

/** Up to the first zero byte, which is not part of it. */
export function untilZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
