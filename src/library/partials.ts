/**
 * A file of a model that is not ready: a download under way or stopped, one that is done and waits for the model's
 * other files, or a kept one that lost a chunk. The record is written in one transaction with each chunk, so after a
 * crash it names exactly the chunks that are there.
 */
import { sha256 } from '../base/sha256';
import type { FileCard } from '../models/model';
import { ChunkRecords, Cut, type Bytes, type ReadChunk } from './chunks';
import type { KeyValue } from './key-value';
import type { FileRecord, KeptFile } from './model-record';

export interface PartialRecord {
  readonly card: FileCard;
  readonly chunkBytes: number;
  /** SHA-256 of each chunk that is here, null for those that are not. */
  readonly held: readonly (string | null)[];
  /** Of a file that is or once was whole: the chunk hashes under which it was proven. */
  readonly proven: readonly string[] | null;
  /** The host's name for this version of the file, where it gave one that can be read. */
  readonly etag: string | null;
  /** Stopped by the visitor, so it does not go on by itself. */
  readonly paused: boolean;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
}

const ending = '/partial';

export function partialKey(file: string): string {
  return file + ending;
}

export function isPartialKey(key: string): boolean {
  return key.endsWith(ending);
}

export function newPartial(card: FileCard, chunkBytes: number, now: number): PartialRecord {
  const { count } = new Cut(card.part.bytes, chunkBytes);
  const held = Array.from({ length: count }, () => null);
  return { card, chunkBytes, held, proven: null, etag: null, paused: false, writtenAt: now };
}

export function wholePartial({ card, chunkSha256, chunkBytes }: FileRecord, now: number): PartialRecord {
  return { ...newPartial(card, chunkBytes, now), held: chunkSha256, proven: chunkSha256 };
}

/** The file as it will be kept, once all of it is here and was proven; else null. */
export function keptFileOf({ held, proven, chunkBytes }: PartialRecord): KeptFile | null {
  return proven && !held.includes(null) ? { chunkSha256: proven, chunkBytes } : null;
}

export function heldBytes({ card, chunkBytes, held }: PartialRecord): number {
  const cut = new Cut(card.part.bytes, chunkBytes);
  return held.reduce((sum, hash, index) => sum + (hash === null ? 0 : cut.length(index)), 0);
}

/** A partial open for writing. Only the holder of the file's lock has one. */
export class OpenPartial {
  readonly cut: Cut;
  readonly #entries: KeyValue;
  readonly #chunks: ChunkRecords;
  readonly #now: () => number;
  #record: PartialRecord;
  #hashing: Promise<unknown> = Promise.resolve();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(record: PartialRecord, powers: { readonly entries: KeyValue; readonly now: () => number }) {
    this.#record = record;
    this.#entries = powers.entries;
    this.#now = powers.now;
    this.#chunks = new ChunkRecords(powers.entries);
    this.cut = new Cut(record.card.part.bytes, record.chunkBytes);
  }

  get record(): PartialRecord {
    return this.#record;
  }

  isHeld(index: number): boolean {
    return typeof this.#record.held[index] === 'string';
  }

  /** What the chunk's hash must be, where anybody has said so. */
  expected(index: number): string | null {
    const { proven, card } = this.#record;
    const { chunks } = card.part;
    const stated = chunks?.bytes === this.#record.chunkBytes ? chunks.sha256[index] : undefined;
    // A file of one chunk has its hash on the card.
    return proven?.[index] ?? stated ?? (this.cut.count === 1 ? card.part.sha256 : null);
  }

  /** True when written; false when the bytes are not the expected ones. @throws StudioError storage/* */
  async keep(index: number, bytes: Bytes): Promise<boolean> {
    // Copies of the bytes are made for the hash and for the write: one chunk at a time for each of the two.
    const hashing = this.#hashing.then(() => sha256(bytes));
    this.#hashing = hashing.catch(() => undefined);
    const hash = await hashing;
    return this.#inTurn(async () => {
      const expected = this.expected(index);
      if (expected !== null && hash !== expected) return false;
      const next = this.#with({ held: this.#record.held.with(index, hash) });
      const { sha256: file } = next.card.part;
      await this.#chunks.write(file, index, bytes, [[partialKey(file), next]]);
      this.#record = next;
      return true;
    });
  }

  /** The bytes of a held chunk, or null when the store gave others back; it is then held no more. */
  async readBack(index: number): Promise<ReadChunk | null> {
    const hash = this.#record.held[index];
    if (typeof hash !== 'string') return null;
    const chunk = await this.#chunks.prove(this.#record.card.part.sha256, index, hash);
    if (chunk === null) await this.#save(() => ({ held: this.#record.held.with(index, null) }));
    return chunk;
  }

  setPaused(paused: boolean): Promise<void> {
    return this.#save(() => ({ paused }));
  }

  /** Its whole hash agreed. */
  setProven(): Promise<void> {
    return this.#save(() => ({ proven: this.#record.held.filter((hash) => hash !== null) }));
  }

  setEtag(etag: string): Promise<void> {
    return this.#save(() => ({ etag }));
  }

  /** Holds nothing any more; the chunks are written over as the new ones come. */
  restart(etag: string | null): Promise<void> {
    return this.#save(() => ({ held: this.#record.held.map(() => null), etag }));
  }

  #save(change: () => Partial<PartialRecord>): Promise<void> {
    return this.#inTurn(async () => {
      const next = this.#with(change());
      await this.#entries.setMany([[partialKey(next.card.part.sha256), next]]);
      this.#record = next;
    });
  }

  #with(change: Partial<PartialRecord>): PartialRecord {
    return { ...this.#record, ...change, writtenAt: this.#now() };
  }

  /** One write after the other, so that each record has all that was kept before it. */
  #inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = this.#writing.then(write);
    this.#writing = turn.catch(() => undefined);
    return turn;
  }
}
