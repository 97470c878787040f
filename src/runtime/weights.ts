/**
 * [Note: Weights read where they lie] ORT takes external data as one buffer, of which it wants two things for each
 * tensor: `byteLength` and a `subarray`, which it copies at once (1.30.0, ort-wasm-simd-threaded.*.mjs, both builds).
 * So it gets a buffer that is empty and answers these two from the disk, and the heap never holds more than the
 * largest tensor. A Blob would do in the jspi build alone, and its stream hung now and then in Chromium.
 */
import type { SyncByteSource } from '../base/byte-source';
import { StudioError } from '../base/errors';

export function readInPlace(source: SyncByteSource) {
  let failure: unknown = null;
  const subarray = (start: number, end: number): Uint8Array => {
    try {
      return source.lend(start, end - start);
    } catch (thrown) {
      // ORT makes a number of it.
      failure = thrown;
      throw thrown;
    }
  };
  const buffer = Object.defineProperties(new Uint8Array(), {
    byteLength: { value: source.bytes },
    subarray: { value: subarray },
  });
  return {
    buffer,
    /** Why no session came of it, where reading failed. ORT opens no other on WebGPU after that, so it counts as dead. */
    explain(): StudioError | null {
      return failure === null ? null : new StudioError('model/damaged', { dead: true }, { cause: failure });
    },
  };
}
