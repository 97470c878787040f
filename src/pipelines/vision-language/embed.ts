/**
 * What tokens stand for: rows of the table that the decoder's own file holds (with a tied head it is the head's),
 * read one by one from where they lie. The 4-bit layout is MatMulNBits': microsoft/onnxruntime@v1.30.0
 * docs/ContribOperators.md; even values in the low halves of the bytes, zero at 8.
 */
import type { ByteSource } from '../../base/byte-source';
import { StudioError } from '../../base/errors';
import { halfToFloat } from '../../runtime/half';
import type { EmbeddingFacts } from './model-facts';

export interface Embeddings {
  /** [tokens, hidden]. @throws StudioError model/damaged */
  rows(tokens: readonly number[]): Promise<Float32Array>;
}

/** `open` gives the part's data files by name. */
export function openEmbeddings(facts: EmbeddingFacts, open: (file: string) => ByteSource): Embeddings {
  const { precision, columns, offset, scales } = facts;
  const values = open(facts.file);
  const factors = scales && { source: open(scales.file), offset: scales.offset };
  const blocks = Math.ceil(columns / facts.blockLength);
  const rowBytes = { q4: (blocks * facts.blockLength) / 2, f16: columns * 2, f32: columns * 4 }[precision];

  const row = async (token: number): Promise<Float32Array> => {
    if (!(token >= 0 && token < facts.rows))
      throw new StudioError('engine/failed', { reason: 'no such token', token });
    // Copied, so that wider values may be seen in it wherever it lay.
    const raw = (await values.read(offset + token * rowBytes, rowBytes)).slice();
    if (precision === 'f32') return new Float32Array(raw.buffer);
    if (precision === 'f16') return Float32Array.from(new Uint16Array(raw.buffer), halfToFloat);
    if (!factors) throw new StudioError('model/damaged', { field: 'embeddings.scales' });
    const own = (await factors.source.read(factors.offset + token * blocks * 4, blocks * 4)).slice();
    return unpacked(raw, new Float32Array(own.buffer), facts);
  };

  return {
    async rows(tokens) {
      const all = new Float32Array(tokens.length * columns);
      for (const [at, token] of tokens.entries()) all.set(await row(token), at * columns);
      return all;
    },
  };
}

function unpacked(
  packed: Uint8Array,
  scales: Float32Array,
  { columns, blockLength }: EmbeddingFacts,
): Float32Array {
  const values = new Float32Array(columns);
  for (let i = 0; i < columns; i++) {
    const byte = packed[i >> 1] as number;
    const level = (i % 2 === 0 ? byte & 15 : byte >> 4) - 8;
    values[i] = level * (scales[Math.floor(i / blockLength)] as number);
  }
  return values;
}
