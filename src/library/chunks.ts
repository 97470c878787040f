/** The bytes of models: one record a chunk, under the file's hash and the chunk's place. */
import { StudioError } from '../base/errors';
import { sha256 } from '../base/sha256';
import type { KeptChunk } from './kept-bytes';
import type { KeyValue } from './key-value';

export type Bytes = Uint8Array<ArrayBuffer>;

const MiB = 1024 * 1024;
export const largestChunkBytes = 16 * MiB;
export const smallestChunkBytes = MiB / 4;

/**
 * About a sixteenth of the file, as a power of two: 256 KiB to 16 MiB. A chunk is what a cut line, a pause or a
 * bad bit costs, so small models have small ones.
 */
export function chunkBytesFor(fileBytes: number): number {
  const near = 2 ** Math.ceil(Math.log2(Math.max(1, fileBytes / 16)));
  return Math.min(largestChunkBytes, Math.max(smallestChunkBytes, near));
}

/** How one file is cut: `chunkBytes` each, the last one shorter. */
export class Cut {
  readonly count: number;

  constructor(
    readonly fileBytes: number,
    readonly chunkBytes: number,
  ) {
    this.count = Math.ceil(fileBytes / chunkBytes);
  }

  /** Offset of the chunk's first byte. */
  start(index: number): number {
    return index * this.chunkBytes;
  }

  length(index: number): number {
    return Math.min(this.chunkBytes, this.fileBytes - this.start(index));
  }
}

/** A chunk's bytes, and what the store keeps them in. */
export interface ReadChunk {
  readonly bytes: Bytes;
  readonly kept: KeptChunk;
}

/** Gives a chunk's memory back at once: left to the collector, hundreds of megabytes gather. What the store itself holds stays. */
export function freeChunk({ bytes, kept }: ReadChunk): void {
  if (kept instanceof Blob) freeBuffer(bytes.buffer);
}

/** Whoever still reads it finds nothing: it is sent to where nobody hears, and dropped. */
export function freeBuffer(buffer: ArrayBuffer): void {
  nowhere.postMessage(null, [buffer]);
}

/** `transfer(0)` would not do: Chromium 156 keeps the memory, and its collector no longer knows of it. */
const nowhere = (() => {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
})();

/** What is written in the same transaction as a chunk. */
export type Beside = readonly (readonly [key: string, value: unknown])[];

export class ChunkRecords {
  readonly #entries: KeyValue;

  constructor(entries: KeyValue) {
    this.#entries = entries;
  }

  /** @throws StudioError storage/full, storage/unavailable; then nothing of it was written */
  async write(file: string, index: number, bytes: Bytes, beside: Beside = []): Promise<void> {
    const key = `${file}/${index}`;
    try {
      await this.#entries.setMany([[key, new Blob([bytes])], ...beside]);
    } catch (thrown) {
      if (!(thrown instanceof StudioError) || thrown.code !== 'storage/unavailable') throw thrown;
      // Safari refuses Blobs where it cannot write the file behind them; it takes the bytes themselves.
      await this.#entries.setMany([[key, bytes.slice().buffer], ...beside]);
    }
  }

  /** @throws as `prove` */
  async read(file: string, index: number, expected: string): Promise<Bytes | null> {
    return (await this.prove(file, index, expected))?.bytes ?? null;
  }

  /**
   * Null where the record is gone, the browser lost the file behind it, or its bytes are not `expected`.
   * @throws StudioError storage/unavailable where it cannot be read just now: that is no damage
   */
  async prove(file: string, index: number, expected: string): Promise<ReadChunk | null> {
    const chunk = await this.find(file, index);
    return chunk && (await sha256(chunk.bytes)) === expected ? chunk : null;
  }

  /** As it lies there, unproven. Null and @throws as `prove` */
  async find(file: string, index: number): Promise<ReadChunk | null> {
    const kept = await this.#entries.get<KeptChunk>(`${file}/${index}`);
    if (kept === undefined) return null;
    const buffer = kept instanceof Blob ? await bytesBehind(kept) : kept;
    return buffer && { bytes: new Uint8Array(buffer), kept };
  }
}

async function bytesBehind(blob: Blob): Promise<ArrayBuffer | null> {
  try {
    return await blob.arrayBuffer();
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'NotFoundError') return null;
    throw new StudioError('storage/unavailable', {}, { cause: thrown });
  }
}
