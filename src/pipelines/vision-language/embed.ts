/**
 * What tokens stand for: rows of the table that the decoder's own file holds (with a tied head it is the head's), read
 * one by one from where they lie.
 */
import type { ByteSource } from '../../base/byte-source';
import { StudioError } from '../../base/errors';
import { blockBytes, blocksOf, unpackRow } from '../../runtime/four-bit';
import { halfToFloat } from '../../runtime/half';
import type { EmbeddingFacts } from './model-facts';

export interface Embeddings {
  /** [tokens, hidden]; each row is read once. @throws StudioError model/damaged, engine/failed for no such token */
  rows(tokens: readonly number[]): Promise<Float32Array>;
  /** What it holds open of its own. */
  release?(): Promise<void>;
}

/** Most of a chat's tokens come again and again: 4 MB of rows with the 2B model. */
const mostKeptRows = 512;

/** `open` gives the part's data files by name. */
export function openEmbeddings(facts: EmbeddingFacts, open: (file: string) => ByteSource): Embeddings {
  const { precision, columns, offset, scales } = facts;
  const values = open(facts.file);
  const factors = scales && { source: open(scales.file), offset: scales.offset };
  const blocks = blocksOf(columns);
  const rowBytes = { q4: blocks * blockBytes, f16: columns * 2, f32: columns * 4 }[precision];

  const row = async (token: number): Promise<Float32Array> => {
    if (!(token >= 0 && token < facts.rows)) {
      throw new StudioError('engine/failed', { reason: 'no such token', token });
    }
    // Copied, so that wider values may be seen in it wherever it lay.
    const raw = (await values.read(offset + token * rowBytes, rowBytes)).slice();
    if (precision === 'f32') return new Float32Array(raw.buffer);
    if (precision === 'f16') return Float32Array.from(new Uint16Array(raw.buffer), halfToFloat);
    if (!factors) throw new StudioError('model/damaged', { field: 'embeddings.scales' });
    const own = (await factors.source.read(factors.offset + token * blocks * 4, blocks * 4)).slice();
    return unpackRow(raw, new Float32Array(own.buffer), columns);
  };

  const kept = new Map<number, Float32Array>();
  const rowOf = async (token: number): Promise<Float32Array> => {
    const known = kept.get(token) ?? (await row(token));
    // The one that was asked for longest ago goes.
    kept.delete(token);
    kept.set(token, known);
    const [oldest] = kept.keys();
    if (kept.size > mostKeptRows && oldest !== undefined) kept.delete(oldest);
    return known;
  };

  return {
    async rows(tokens) {
      const distinct = [...new Set(tokens)];
      const rows = new Map(
        await Promise.all(distinct.map(async (token) => [token, await rowOf(token)] as const)),
      );
      const all = new Float32Array(tokens.length * columns);
      for (const [at, token] of tokens.entries()) all.set(rows.get(token) ?? [], at * columns);
      return all;
    },
  };
}
