/**
 * One part of a kept item, sealed in chunks of 1 MiB with AES-256-GCM by the STREAM construction (Hoang, Reyhanitabar,
 * Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015, §7). The nonce is
 * `prefix ‖ index ‖ last` and the header is the associated data of every chunk, so that none can be left out, moved,
 * or taken from another part, item or version.
 */
import { StudioError } from '../base/errors';

export type Bytes = Uint8Array<ArrayBuffer>;

export const chunkBytes = 1024 * 1024;
/** What AES-GCM adds to each chunk. */
export const tagBytes = 16;
export const idBytes = 16;
const version = 1;
const prefixBytes = 7;
const name = new TextEncoder().encode('obscura-stream');

/** The place in this list is what the header says of the part. The last is the result itself, a picture or a text. */
export const parts = ['facts', 'thumbnail', 'picture'] as const;
export type Part = (typeof parts)[number];

/** `'obscura-stream' ‖ version u8 ‖ part u8 ‖ id[16] ‖ chunkBytes u32 ‖ prefix[7]`, big-endian. */
export const streamHeaderBytes = name.length + 2 + idBytes + 4 + prefixBytes;

export function streamHeader(id: Bytes, part: Part, prefix: Bytes = randomBytes(prefixBytes)): Bytes {
  const header = new Uint8Array(streamHeaderBytes);
  header.set(name);
  const fields = new DataView(header.buffer, name.length);
  fields.setUint8(0, version);
  fields.setUint8(1, parts.indexOf(part));
  header.set(id, name.length + 2);
  fields.setUint32(2 + idBytes, chunkBytes);
  header.set(prefix, streamHeaderBytes - prefixBytes);
  return header;
}

/** @throws StudioError vault/version, or vault/damaged where it is of another part or item */
export function checkStreamHeader(header: Bytes, id: Bytes, part: Part): void {
  if (header.length === streamHeaderBytes && header[name.length] !== version)
    throw new StudioError('vault/version', { version: header[name.length] ?? 0 });
  const prefix = header.slice(streamHeaderBytes - prefixBytes);
  if (!sameBytes(header, streamHeader(id, part, prefix))) throw damaged(part);
}

export interface Place {
  readonly index: number;
  readonly last: boolean;
}

/** `bytes` are at most `chunkBytes`; the answer is `tagBytes` longer. */
export async function sealChunk(key: CryptoKey, header: Bytes, place: Place, bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt(algorithm(header, place), key, bytes));
}

/** @throws StudioError vault/damaged where it is not the chunk of this place, bit for bit */
export async function openChunk(key: CryptoKey, header: Bytes, place: Place, sealed: Bytes): Promise<Bytes> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm(header, place), key, sealed));
  } catch (thrown) {
    throw damaged(parts[header[name.length + 1] ?? 0] ?? 'facts', thrown);
  }
}

/** At least one: an empty part is one empty chunk. */
export function chunkCount(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / chunkBytes));
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

export function sameBytes(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function algorithm(header: Bytes, { index, last }: Place): AesGcmParams {
  const iv = new Uint8Array(prefixBytes + 5);
  iv.set(header.subarray(streamHeaderBytes - prefixBytes));
  const tail = new DataView(iv.buffer, prefixBytes);
  tail.setUint32(0, index);
  tail.setUint8(4, last ? 1 : 0);
  return { name: 'AES-GCM', iv, additionalData: header };
}

function damaged(part: Part, cause?: unknown): StudioError {
  return new StudioError('vault/damaged', { part }, { cause });
}
