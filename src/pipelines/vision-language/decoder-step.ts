/** What a decoder is given with one run, whichever layout it has; and what it keeps of all runs before. */
import type { Held, HoldingSession, Tensor } from '../../runtime/runtime';
import { float32Output, float32Tensor } from '../../runtime/tensor';
import type { ModelFacts, TextFacts } from './model-facts';
import { rotaryTables } from './positions';

export interface DecoderStep {
  /** [tokens, hidden] */
  readonly embeddings: Float32Array;
  /** Added after the first layers, [tokens, hidden] or one row of zeros each. */
  readonly deepstack: readonly Float32Array[];
  /** [3, …], of which these tokens' are `from`…`to`. */
  readonly positions: Int32Array;
  readonly from: number;
  readonly to: number;
  /** Tokens that are in already. */
  readonly past: number;
  /** Someone will ask for the logits. */
  readonly isLast: boolean;
}

/** Keys and values of what was read, where the session runs. */
export interface DecoderCache {
  /** The last token's logits; of no length where it is not the last. @throws StudioError as `Session.run` */
  run(step: DecoderStep): Promise<Float32Array>;
  /** How many tokens can be gone on from, where of those that are in the first `agreeing` are still right. */
  cutTo(agreeing: number, length: number): number;
  release(): void;
}

/** The graphs of our own foundry: buffers of a fixed size, read and written in place. @throws StudioError gpu/out-of-memory */
export async function openFixedCache(
  session: HoldingSession,
  { text }: ModelFacts,
  room: number,
): Promise<DecoderCache> {
  const { layers, keyHeads, headSize, hidden } = text;
  const type = cacheType(session);
  const cache = new Map<string, Held>();
  try {
    for (let layer = 0; layer < layers; layer++) {
      for (const kind of ['key', 'value']) {
        cache.set(`${layer}.${kind}`, await session.hold(type, [1, keyHeads, room, headSize]));
      }
    }
  } catch (thrown) {
    for (const held of cache.values()) held.release();
    throw thrown;
  }
  return {
    async run({ embeddings, deepstack, positions, from, to, past }) {
      const count = to - from;
      const whole = (value: number): Tensor => ({ type: 'int32', dims: [1], data: Int32Array.of(value) });
      const { cos, sin } = rotaryTables(positions, [from, to], text);
      const feeds: Record<string, Tensor | Held> = {
        embeddings: float32Tensor([count, hidden], embeddings),
        cos: float32Tensor([count, headSize / 2], cos),
        sin: float32Tensor([count, headSize / 2], sin),
        seqlens_k: whole(past + count - 1),
        total_sequence_length: whole(past + count),
      };
      for (const [k, list] of deepstack.entries())
        feeds[`deepstack_${k}`] = float32Tensor([list.length / hidden, hidden], list);
      const into: Record<string, Held> = {};
      for (const [name, held] of cache) {
        feeds[`past_key_values.${name}`] = held;
        into[`present.${name}`] = held;
      }
      return float32Output(await session.runInto(feeds, into), 'logits');
    },
    cutTo: (agreeing) => agreeing,
    release: () => {
      for (const held of cache.values()) held.release();
    },
  };
}

export function cacheType({ inputs }: HoldingSession): 'float16' | 'float32' {
  const known = inputs.find(({ name }) => name === 'past_key_values.0.key');
  return known?.type === 'float16' ? 'float16' : 'float32';
}

/** Of a cache, by the graph's own names: without `past_key_values.` or `present.` before them. */
export function cacheNames({ layers }: TextFacts): readonly string[] {
  return Array.from({ length: layers }, (_, layer) => [`${layer}.key`, `${layer}.value`]).flat();
}
