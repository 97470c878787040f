/**
 * The layout in which Qwen3-VL is published for transformers.js: `embed_tokens`, `vision_encoder`, `decoder_model_merged`.
 * Element types are read from the sessions. It has no DeepStack, its decoder gives logits for every token that it is
 * given, and a larger cache with every run. Names: huggingface/transformers.js@4.3.1 src/models/qwen2_vl/modeling_qwen2_vl.js.
 */
import { StudioError } from '../../base/errors';
import { floatToHalf, halfToFloat } from '../../runtime/half';
import type { ElementType, Held, HoldingSession, Session, Tensor } from '../../runtime/runtime';
import { cacheNames, cacheType, type DecoderCache } from './decoder-step';
import type { Embeddings } from './embed';
import type { ModelFacts, TextFacts } from './model-facts';
import type { Patches, PictureFeatures } from './vision';

/** Logits of a whole prompt at once would be 600 kB a token. */
export const publicChunkTokens = 64;

/** What the decoder is opened to keep where it runs. */
export function publicKeeps(text: TextFacts): readonly string[] {
  return cacheNames(text).map((name) => `present.${name}`);
}

export function publicEmbeddings(session: Session, { text }: ModelFacts): Embeddings {
  return {
    async rows(tokens) {
      const ids = {
        type: 'int64',
        dims: [1, tokens.length],
        data: BigInt64Array.from(tokens, BigInt),
      } as const;
      const { inputs_embeds: rows } = await session.run({ input_ids: ids });
      return floats(rows, 'inputs_embeds', tokens.length * text.hidden);
    },
    release: () => session.release(),
  };
}

/** @throws StudioError as `Session.run` */
export async function lookAtPublic(session: Session, { grid, values }: Patches): Promise<PictureFeatures> {
  const count = grid.height * grid.width;
  const places = BigInt64Array.of(1n, BigInt(grid.height), BigInt(grid.width));
  const { image_features: features } = await session.run({
    pixel_values: typed(session, 'pixel_values', [count, values.length / count], values),
    image_grid_thw: { type: 'int64', dims: [1, 3], data: places },
  });
  return { grid, features: floats(features, 'image_features'), deepstack: [] };
}

/** A cache that grows with every run, as the graph makes it. */
export function openGrowingCache(session: HoldingSession, { text }: ModelFacts): DecoderCache {
  const { keyHeads, headSize, hidden } = text;
  const names = cacheNames(text);
  const type = cacheType(session);
  const nothing = type === 'float16' ? new Uint16Array(0) : new Float32Array(0);
  const empty: Tensor = { type, dims: [1, keyHeads, 0, headSize], data: nothing };
  let held: Readonly<Record<string, Held>> = {};
  const release = () => {
    for (const each of Object.values(held)) each.release();
    held = {};
  };
  return {
    async run({ embeddings, positions, from, to, past, isLast }) {
      const count = to - from;
      const feeds: Record<string, Tensor | Held> = {
        inputs_embeds: typed(session, 'inputs_embeds', [1, count, hidden], embeddings),
        attention_mask: {
          type: 'int64',
          dims: [1, past + count],
          data: new BigInt64Array(past + count).fill(1n),
        },
        position_ids: { type: 'int64', dims: [3, 1, count], data: columns(positions, from, to) },
      };
      // Newer exports can be told so.
      if (session.inputs.some(({ name }) => name === 'num_logits_to_keep'))
        feeds['num_logits_to_keep'] = { type: 'int64', dims: [], data: BigInt64Array.of(1n) };
      for (const name of names) feeds[`past_key_values.${name}`] = held[`present.${name}`] ?? empty;
      const wanted = names.map((name) => `present.${name}`);
      const { given, kept } = await session.runKeeping(feeds, isLast ? [...wanted, 'logits'] : wanted);
      release();
      held = kept;
      if (!isLast) return new Float32Array(0);
      return floats(given['logits'], 'logits').subarray(-text.vocabulary);
    },
    // What was read cannot be cut; a chat that goes on agrees with all of it.
    cutTo(agreeing, length) {
      if (agreeing === length) return agreeing;
      release();
      return 0;
    },
    release,
  };
}

/** [3, n] → columns `from`…`to` of each row. */
function columns(positions: Int32Array, from: number, to: number): BigInt64Array {
  const all = positions.length / 3;
  return BigInt64Array.from(
    [0, 1, 2].flatMap((row) => [...positions.subarray(row * all + from, row * all + to)]),
    BigInt,
  );
}

/** In the element type that the session asks for. */
function typed({ inputs }: Session, name: string, dims: readonly number[], values: Float32Array): Tensor {
  const type = (inputs.find((input) => input.name === name)?.type ?? 'float32') as ElementType;
  if (type === 'float16') return { type, dims, data: Uint16Array.from(values, floatToHalf) };
  if (type !== 'float32') throw new StudioError('model/not-as-described', { input: name, type });
  return { type, dims, data: values };
}

function floats(tensor: Tensor | undefined, name: string, length?: number): Float32Array {
  const values =
    tensor?.data instanceof Uint16Array ? Float32Array.from(tensor.data, halfToFloat) : tensor?.data;
  if (!(values instanceof Float32Array) || (length !== undefined && values.length !== length))
    throw new StudioError('model/not-as-described', { output: name, type: tensor?.type ?? 'none' });
  return values;
}
