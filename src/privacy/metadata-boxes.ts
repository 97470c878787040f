/** The boxes of an ISO base media file. Source: ISO/IEC 14496-12 §4.2. */
import { latin1, part, viewOf } from './metadata-text';

export interface Box {
  readonly type: string;
  readonly data: Uint8Array;
}

const mostBoxes = 5000;

/** One level of boxes. @throws RangeError where one is cut short */
export function boxesOf(bytes: Uint8Array): Box[] {
  const view = viewOf(bytes);
  const boxes: Box[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    if (boxes.length >= mostBoxes) throw new RangeError('too many boxes');
    const size = view.getUint32(at);
    const isLarge = size === 1;
    const head = isLarge ? 16 : 8;
    const length = isLarge ? Number(view.getBigUint64(at + 8)) : size === 0 ? bytes.length - at : size;
    if (length < head) throw new RangeError('no box');
    boxes.push({ type: latin1(bytes.subarray(at + 4, at + 8)), data: part(bytes, at + head, length - head) });
    at += length;
  }
  return boxes;
}
