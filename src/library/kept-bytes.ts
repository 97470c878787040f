/** A kept model read where it lies: a few bytes here and there, without a copy of the whole. */
import type { SyncByteSource } from '../base/byte-source';
import { freeBuffer, type Bytes, type Cut } from './chunks';

/** As the store gives a chunk: a handle on a file of the browser's, or the bytes where it keeps no files. */
export type KeptChunk = Blob | ArrayBuffer;

/** Not everywhere that this is compiled for are they declared. */
interface WorkerGlobals {
  readonly FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };
}

/** Of chunks whose hashes agreed. */
export class KeptBytes implements SyncByteSource {
  readonly #chunks: readonly KeptChunk[];
  readonly #cut: Cut;
  #lent: Bytes | null = null;

  constructor(chunks: readonly KeptChunk[], cut: Cut) {
    this.#chunks = chunks;
    this.#cut = cut;
  }

  get bytes(): number {
    return this.#cut.fileBytes;
  }

  /** @throws RangeError outside the file; a DOMException where the browser lost its own file meanwhile */
  read(offset: number, length: number): Bytes {
    if (offset < 0 || offset + length > this.bytes) throw new RangeError(`${offset} + ${length}`);
    const { chunkBytes } = this.#cut;
    const first = Math.floor(offset / chunkBytes);
    const inside = offset - this.#cut.start(first);
    if (inside + length <= this.#cut.length(first)) return this.#part(first, inside, inside + length);
    const bytes = new Uint8Array(length);
    for (let index = first, at = 0; at < length; index++) {
      const from = index === first ? inside : 0;
      const part = this.#part(index, from, Math.min(this.#cut.length(index), from + length - at));
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** Its memory is given back at the next: left to the collector, a gigabyte gathers while a model is opened. */
  lend(offset: number, length: number): Bytes {
    if (this.#lent) freeBuffer(this.#lent.buffer);
    const bytes = this.read(offset, length);
    // Where the store keeps no files, they are the store's own.
    this.#lent = this.#chunks.every((chunk) => chunk instanceof Blob) ? bytes : null;
    return bytes;
  }

  #part(index: number, from: number, to: number): Bytes {
    const chunk = this.#chunks[index];
    if (!(chunk instanceof Blob)) return new Uint8Array(chunk ?? new ArrayBuffer(), from, to - from);
    // Waits, as only a worker may: whoever asks for weights cannot be made to wait otherwise.
    const { FileReaderSync } = globalThis as unknown as WorkerGlobals;
    return new Uint8Array(new FileReaderSync().readAsArrayBuffer(chunk.slice(from, to)));
  }
}
