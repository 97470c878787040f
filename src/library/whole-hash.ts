/** SHA-256 of the whole file while its chunks come in any order: goes on as far as the held ones reach. */
import { streamingSha256, type StreamingHash } from '../base/sha256';
import type { Bytes } from './chunks';
import type { OpenPartial } from './partials';

export class WholeHash {
  readonly #partial: OpenPartial;
  readonly #hash: StreamingHash;
  #next = 0;
  #turn: Promise<void> = Promise.resolve();

  private constructor(partial: OpenPartial, hash: StreamingHash) {
    this.#partial = partial;
    this.#hash = hash;
  }

  static async of(partial: OpenPartial): Promise<WholeHash> {
    return new WholeHash(partial, await streamingSha256());
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
  advance(fresh?: { readonly index: number; readonly bytes: Bytes }): Promise<void> {
    const turn = this.#turn.then(async () => {
      while (this.#partial.isHeld(this.#next)) {
        const bytes = fresh?.index === this.#next ? fresh.bytes : await this.#partial.readBack(this.#next);
        if (bytes === null) return;
        this.#hash.update(bytes);
        this.#next += 1;
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Lower-case hex, once whole. */
  digest(): string {
    return this.#hash.digest();
  }
}
