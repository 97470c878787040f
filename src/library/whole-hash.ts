/** SHA-256 of the whole file while its chunks come in any order: goes on as far as the held ones reach. */
import { streamingSha256, type StreamingHash } from '../base/sha256';
import { freeChunk, type Bytes } from './chunks';
import type { OpenPartial } from './partials';

/** A chunk that was just kept; `free` is called once its bytes are of no more use here. */
export interface FreshChunk {
  readonly index: number;
  readonly bytes: Bytes;
  readonly free: () => void;
}

/** So many chunks that came too early are held in memory until their turn; others are read back from the store then. */
const mostEarly = 3;
/** So much is hashed without a pause: about ten milliseconds. */
const sliceBytes = 4 * 1024 * 1024;

export class WholeHash {
  readonly #partial: OpenPartial;
  readonly #hash: StreamingHash;
  readonly #early = new Map<number, FreshChunk>();
  #next = 0;
  #turn: Promise<void> = Promise.resolve();

  private constructor(partial: OpenPartial, hash: StreamingHash) {
    this.#partial = partial;
    this.#hash = hash;
  }

  static async of(partial: OpenPartial): Promise<WholeHash> {
    return new WholeHash(partial, await streamingSha256());
  }

  /** The chunk whose turn it is. */
  get next(): number {
    return this.#next;
  }

  /** True once every chunk has gone in. */
  get isWhole(): boolean {
    return this.#next === this.#partial.cut.count;
  }

  /**
   * Takes in what is held now; `fresh` spares reading back the chunk that was just kept. Stops at a chunk that
   * is missing, or that the store gives back with other bytes and which is then missing.
   * @throws StudioError storage/*
   */
  advance(fresh?: FreshChunk): Promise<void> {
    // At once: a turn that is under way would read it back.
    if (fresh) this.#early.set(fresh.index, fresh);
    const turn = this.#turn.then(async () => {
      while (this.#partial.isHeld(this.#next)) {
        const here = this.#early.get(this.#next);
        const back = here ? null : await this.#partial.readBack(this.#next);
        const bytes = here?.bytes ?? back?.bytes;
        if (!bytes) break;
        await this.#take(bytes);
        this.#drop(here);
        if (back) freeChunk(back);
        this.#next += 1;
      }
      if (this.#early.size > mostEarly) this.#drop(fresh);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** In slices: meanwhile the line must be read, or it stands still. */
  async #take(bytes: Bytes): Promise<void> {
    for (let at = 0; at < bytes.length; at += sliceBytes) {
      this.#hash.update(bytes.subarray(at, at + sliceBytes));
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  #drop(chunk?: FreshChunk): void {
    if (chunk && this.#early.delete(chunk.index)) chunk.free();
  }

  /** Lower-case hex, once whole. */
  digest(): string {
    return this.#hash.digest();
  }
}
