/**
 * Files that are made in this browser piece by piece: what they are called by, their hash, is known only when they are
 * whole. Until then nobody owns their chunks, so that whatever a crash leaves behind is swept with the rest.
 */
import type { ByteSink, SinkFolder } from '../base/byte-source';
import { StudioError } from '../base/errors';
import { sha256, streamingSha256 } from '../base/sha256';
import { ChunkRecords, largestChunkBytes, type Bytes } from './chunks';
import { idbKeyValue } from './key-value';
import { withLocks } from './locks';
import type { StorePowers } from './model-record';

/** Those of the store, which sweeps what is left there. */
export type StagingPowers = Pick<StorePowers, 'chunks' | 'locks'>;

export interface MadeFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

interface StagedFile extends MadeFile {
  readonly chunkSha256: readonly string[];
}

export class Staging implements SinkFolder {
  readonly #name: string;
  readonly #powers: Pick<StagingPowers, 'chunks'>;
  readonly #chunks: ChunkRecords;
  readonly #files = new Map<string, StagedFile>();

  private constructor(name: string, powers: Pick<StagingPowers, 'chunks'>) {
    this.#name = name;
    this.#powers = powers;
    this.#chunks = new ChunkRecords(powers.chunks);
  }

  /** Whatever is not kept by `work` is gone when it ends, however it ends. */
  static async use<T>({ chunks, locks }: StagingPowers, work: (staging: Staging) => Promise<T>): Promise<T> {
    const staging = new Staging(`staged-${crypto.randomUUID()}`, { chunks });
    return withLocks(locks, { files: [staging.#name] }, async () => {
      try {
        return await work(staging);
      } finally {
        // What cannot be removed now is swept later.
        await staging.#discard().catch(() => undefined);
      }
    });
  }

  /** Those that are whole. */
  get files(): ReadonlyMap<string, MadeFile> {
    return this.#files;
  }

  async create(name: string): Promise<ByteSink> {
    const hash = await streamingSha256();
    const chunkSha256: string[] = [];
    let pending = new Uint8Array(largestChunkBytes);
    let [filled, total] = [0, 0];
    const flush = async () => {
      const chunk: Bytes = pending.slice(0, filled);
      hash.update(chunk);
      await this.#chunks.write(this.#keyOf(name), chunkSha256.length, chunk);
      chunkSha256.push(await sha256(chunk));
      filled = 0;
    };
    return {
      append: async (bytes) => {
        total += bytes.length;
        for (let at = 0; at < bytes.length;) {
          const taken = bytes.subarray(at, at + pending.length - filled);
          pending.set(taken, filled);
          filled += taken.length;
          at += taken.length;
          if (filled === pending.length) await flush();
        }
      },
      close: async () => {
        if (filled > 0) await flush();
        pending = new Uint8Array(0);
        this.#files.set(name, { name, bytes: total, sha256: hash.digest(), chunkSha256 });
      },
    };
  }

  /** In order; those that are `taken` are gone from here once the next is asked for. @throws StudioError model/damaged, storage/* */
  async *read(name: string, taken = false): AsyncGenerator<Bytes> {
    const { chunkSha256 = [] } = this.#files.get(name) ?? {};
    for (const [index, expected] of chunkSha256.entries()) {
      const bytes = await this.#chunks.read(this.#keyOf(name), index, expected);
      if (!bytes) throw new StudioError('model/damaged', { file: name, chunk: index });
      yield bytes;
      if (taken) await this.#powers.chunks.deleteMany([`${this.#keyOf(name)}/${index}`]);
    }
  }

  #keyOf(name: string): string {
    return `${this.#name}/${name}`;
  }

  async #discard(): Promise<void> {
    const keys = await this.#powers.chunks.keys();
    await this.#powers.chunks.deleteMany(keys.filter((key) => key.startsWith(`${this.#name}/`)));
  }
}

/** Beside the model's chunks of this origin. */
export function openStaging(): StagingPowers {
  return { chunks: idbKeyValue('obscura-model-chunks'), locks: navigator.locks };
}
