/**
 * One conversation in the decoder: what was read so far lies as keys and values where the session runs. A prompt is read in chunks; text that agrees with what was read before is not read again.
 */
import { StudioError } from '../../base/errors';
import type { HoldingSession } from '../../runtime/runtime';
import { openFixedCache, type DecoderCache, type DecoderStep } from './decoder-step';
import type { Embeddings } from './embed';
import { isPublic, pictureTokens, type ModelFacts } from './model-facts';
import { tokenPositions } from './positions';
import { openGrowingCache, publicChunkTokens } from './public-layout';
import type { PictureFeatures } from './vision';

/** A picture as it stands in a conversation: `key` is the same for the same file and no others. */
export interface SeenPicture extends PictureFeatures {
  readonly key: string;
}

export interface DecoderParts {
  readonly session: HoldingSession;
  readonly embeddings: Embeddings;
  readonly facts: ModelFacts;
}

export function chatFull(tokens: number, room: number): StudioError {
  return new StudioError('chat/full', { tokens, room });
}

/** How many tokens of a prompt pass at once: bounds what the widest layer holds. */
const chunkTokens = 256;

export class Conversation {
  readonly #parts: DecoderParts;
  readonly #cache: DecoderCache;
  readonly #chunkTokens: number;
  readonly room: number;
  #ids: number[] = [];
  #pictures: readonly SeenPicture[] = [];
  #delta = 0;

  private constructor(parts: DecoderParts, cache: DecoderCache, room: number) {
    this.#parts = parts;
    this.#cache = cache;
    this.#chunkTokens = isPublic(parts.facts) ? publicChunkTokens : chunkTokens;
    this.room = room;
  }

  /** `room` is the most tokens it can hold, prompt and answers together. @throws StudioError gpu/out-of-memory */
  static async open(parts: DecoderParts, room: number): Promise<Conversation> {
    const { session, facts } = parts;
    const cache = isPublic(facts)
      ? openGrowingCache(session, facts)
      : await openFixedCache(session, facts, room);
    return new Conversation(parts, cache, room);
  }

  /** Tokens that are in. */
  get length(): number {
    return this.#ids.length;
  }

  /**
   * Reads a whole prompt; what it begins with may be in already, and is taken up. Yields after each chunk how many
   * tokens are in; gives the last token's logits, and how many tokens were not read again.
   * @throws StudioError chat/full when it does not fit; the signal's reason between two chunks
   */
  async *read(
    ids: readonly number[],
    pictures: readonly SeenPicture[],
    signal: AbortSignal,
  ): AsyncGenerator<number, { logits: Float32Array; reused: number }, void> {
    if (ids.length > this.room) throw chatFull(ids.length, this.room);
    const grids = pictures.map(({ grid }) => grid);
    const { rows, delta } = tokenPositions(ids, grids, pictureTokens(this.#parts.facts));
    const reused = this.#cache.cutTo(this.#agreeing(ids, pictures), this.length);
    // Only what agrees is still true should the rest be given up half way.
    this.#ids = ids.slice(0, reused);
    this.#pictures = pictures;
    this.#delta = delta;
    let logits: Float32Array = new Float32Array(0);
    for (let from = reused; from < ids.length; from += this.#chunkTokens) {
      signal.throwIfAborted();
      const to = Math.min(ids.length, from + this.#chunkTokens);
      const place = { positions: rows, from, to, isLast: to === ids.length };
      logits = await this.#run(ids.slice(from, to), place);
      yield to;
    }
    return { logits, reused };
  }

  /** Reads one token more, and gives its logits. @throws StudioError chat/full when it does not fit */
  async next(token: number): Promise<Float32Array> {
    if (this.length >= this.room)
      throw new StudioError('engine/failed', { reason: 'the conversation is full' });
    const at = this.length + this.#delta;
    return this.#run([token], { positions: Int32Array.of(at, at, at), from: 0, to: 1, isLast: true });
  }

  release(): void {
    this.#cache.release();
  }

  /** How much of a prompt is in; at least its last token is read, for its logits. A picture of other pixels agrees with nothing. */
  #agreeing(ids: readonly number[], pictures: readonly SeenPicture[]): number {
    const { image } = this.#parts.facts.tokens;
    let [same, picture] = [0, -1];
    for (; same < Math.min(ids.length - 1, this.#ids.length); same++) {
      if (ids[same] !== this.#ids[same]) break;
      const begins = ids[same] === image && ids[same - 1] !== image;
      if (begins && pictures[++picture]?.key !== this.#pictures[picture]?.key) break;
    }
    return same;
  }

  async #run(
    tokens: readonly number[],
    place: Pick<DecoderStep, 'positions' | 'from' | 'to' | 'isLast'>,
  ): Promise<Float32Array> {
    const embedded = await this.#embedded(tokens, this.#parts.facts.text.hidden);
    const logits = await this.#cache.run({ ...embedded, ...place, past: this.length });
    this.#ids.push(...tokens);
    return logits;
  }

  /** Rows for text, features for pictures, and what DeepStack adds: one row of zeros where there is no picture. */
  async #embedded(
    tokens: readonly number[],
    hidden: number,
  ): Promise<Pick<DecoderStep, 'embeddings' | 'deepstack'>> {
    const { embeddings, facts } = this.#parts;
    const count = tokens.length;
    const rows = await embeddings.rows(tokens);
    const { image } = facts.tokens;
    const hasPicture = tokens.includes(image);
    const added = Array.from(
      { length: facts.vision.deepstack },
      () => new Float32Array((hasPicture ? count : 1) * hidden),
    );
    let seen = this.#ids.reduce((sum, token) => sum + Number(token === image), 0);
    for (const [at, token] of tokens.entries()) {
      if (token !== image) continue;
      const { picture, row } = this.#featureAt(seen++);
      const take = (list: Float32Array) => list.subarray(row * hidden, (row + 1) * hidden);
      rows.set(take(picture.features), at * hidden);
      for (const [k, list] of picture.deepstack.entries()) added[k]?.set(take(list), at * hidden);
    }
    return { embeddings: rows, deepstack: added };
  }

  #featureAt(place: number): { picture: SeenPicture; row: number } {
    const { merge } = this.#parts.facts.vision;
    let row = place;
    for (const picture of this.#pictures) {
      const tokens = (picture.grid.height * picture.grid.width) / merge ** 2;
      if (row < tokens) return { picture, row };
      row -= tokens;
    }
    throw new StudioError('engine/failed', { reason: 'more picture tokens than pictures' });
  }
}
