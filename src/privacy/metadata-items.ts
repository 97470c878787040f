/** Which items a HEIF file has, and where they lie. Source: ISO/IEC 14496-12 §8.11.3 (iloc) and §8.11.6 (iinf). */
import { boxesOf } from './metadata-boxes';
import { latin1, untilZero, viewOf } from './metadata-text';

export interface Item {
  readonly id: number;
  readonly type: string;
  /** Of a 'mime' item. */
  readonly contentType: string;
}

export interface Place {
  /** In the `idat` box instead of the file. */
  readonly inside: boolean;
  readonly extents: readonly { readonly start: number; readonly length: number }[];
}

const mostItems = 5000;

export function itemsOf(iinf: Uint8Array): Item[] {
  const head = iinf[0] === 0 ? 6 : 8;
  return boxesOf(iinf.subarray(head)).map(({ data }) => {
    const view = viewOf(data);
    const wide = data[0] === 3;
    const at = wide ? 10 : 8;
    const names = data.subarray(at + 4);
    const name = untilZero(names);
    const contentType = latin1(untilZero(names.subarray(name.length + 1)));
    return {
      id: wide ? view.getUint32(4) : view.getUint16(4),
      type: latin1(data.subarray(at, at + 4)),
      contentType,
    };
  });
}

/** Those in the file or in `idat`; items made of other items have no metadata. */
export function placesOf(iloc: Uint8Array): Map<number, Place> {
  const view = viewOf(iloc);
  const version = view.getUint8(0);
  const sizes = view.getUint16(4);
  const [offsetBytes, lengthBytes] = [sizes >> 12, (sizes >> 8) & 15];
  const [baseBytes, indexBytes] = [(sizes >> 4) & 15, version === 0 ? 0 : sizes & 15];
  let at = 6;
  const read = (bytes: number): number => {
    let value = 0;
    for (let index = 0; index < bytes; index++) value = value * 256 + view.getUint8(at++);
    return value;
  };
  const idBytes = version < 2 ? 2 : 4;
  const count = Math.min(read(idBytes), mostItems);
  const places = new Map<number, Place>();
  for (let index = 0; index < count; index++) {
    const id = read(idBytes);
    const method = version === 0 ? 0 : read(2) & 15;
    read(2);
    const base = read(baseBytes);
    const extentCount = Math.min(read(2), mostItems);
    const extents = Array.from({ length: extentCount }, () => {
      read(indexBytes);
      const start = base + read(offsetBytes);
      return { start, length: read(lengthBytes) };
    });
    if (method < 2) places.set(id, { inside: method === 1, extents });
  }
  return places;
}
