/** Bytes as streams, for the store to read. */
import type { Bytes } from './chunks';

/** The same bytes in pieces of exactly `size`, the last one shorter. */
export async function* rechunk(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Bytes> {
  let pending = new Uint8Array(size);
  let filled = 0;
  for await (let bytes of source) {
    while (bytes.length > 0) {
      const taken = bytes.subarray(0, size - filled);
      pending.set(taken, filled);
      filled += taken.length;
      bytes = bytes.subarray(taken.length);
      if (filled === size) {
        yield pending;
        pending = new Uint8Array(size);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield pending.slice(0, filled);
}

// eslint-disable-next-line @typescript-eslint/require-await -- the store reads async iterables
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
