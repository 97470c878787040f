/** Reading and writing protocol buffers field by field; what is read is a view, not a copy. Wire format: protobuf.dev/programming-guides/encoding */
import { joined } from '../base/bytes';
import { StudioError } from '../base/errors';

export interface Field {
  readonly number: number;
  /** Varints as numbers (exact to 2^53), everything else as views. */
  readonly value: number | Uint8Array;
}

/** A whole number is a varint, `float` four bytes; text and bytes carry their length. */
export type Outgoing = readonly [
  number: number,
  value: number | { readonly float: number } | string | Uint8Array,
];

/** @throws StudioError model/damaged */
export function* readFields(bytes: Uint8Array): Generator<Field> {
  const cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const key = varint(cursor);
    const number = Math.floor(key / 8);
    if (key % 8 === 0) yield { number, value: varint(cursor) };
    else if (key % 8 === 1) yield { number, value: take(cursor, 8) };
    else if (key % 8 === 2) yield { number, value: take(cursor, varint(cursor)) };
    else if (key % 8 === 5) yield { number, value: take(cursor, 4) };
    else throw new StudioError('model/damaged', { reason: `wire type ${key % 8}` });
  }
}

/** The whole numbers of a repeated field's one occurrence, packed or not. @throws StudioError model/damaged */
export function wholesOf(value: number | Uint8Array): number[] {
  if (typeof value === 'number') return [value];
  const cursor = { bytes: value, at: 0 };
  const wholes: number[] = [];
  while (cursor.at < value.length) wholes.push(varint(cursor));
  return wholes;
}

/** The floats of a repeated field's one occurrence, packed or not. */
export function floatsOf(value: number | Uint8Array): number[] {
  const bytes = bytesOf(value);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length >> 2 }, (_, i) => view.getFloat32(i * 4, true));
}

export function textOf(value: number | Uint8Array): string {
  return typeof value === 'number' ? '' : new TextDecoder().decode(value);
}

export function bytesOf(value: number | Uint8Array): Uint8Array {
  if (typeof value === 'number') throw new StudioError('model/damaged', { reason: 'not a message' });
  return value;
}

/** One message of these fields, in this order. */
export function writeFields(fields: Iterable<Outgoing>): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const [number, value] of fields) {
    if (typeof value === 'number') {
      parts.push(varintBytes(number * 8), varintBytes(value));
    } else if (typeof value === 'object' && 'float' in value) {
      const four = new Uint8Array(4);
      new DataView(four.buffer).setFloat32(0, value.float, true);
      parts.push(varintBytes(number * 8 + 5), four);
    } else {
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
      parts.push(varintBytes(number * 8 + 2), varintBytes(bytes.length), bytes);
    }
  }
  return joined(parts);
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

function varint(cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw endsEarly();
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new StudioError('model/damaged', { reason: 'a number is too long' });
}

function take(cursor: Cursor, length: number): Uint8Array {
  if (cursor.at + length > cursor.bytes.length) throw endsEarly();
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

function endsEarly(): StudioError {
  return new StudioError('model/damaged', { reason: 'ends early' });
}
