/**
 * Qwen3-VL's language model as an ONNX graph for one conversation. Source: huggingface/transformers@v5.18
 * models/qwen3_vl/modeling_qwen3_vl.py, Qwen3VLTextModel.
 *
 * Inputs for s new tokens: `embeddings` [s, hidden] (rows of the table, or picture features), `cos` and `sin`
 * [s, headSize/2] (the interleaved angles of time, height and width), `deepstack_k` [s, hidden] (added after layer k:
 * picture features in their places, zero elsewhere) or [1, hidden] of zeros, `past_key_values.i.key|value`
 * [1, keyHeads, room, headSize], `seqlens_k` int32 [1] (tokens after this run, less one) and `total_sequence_length`
 * int32 [1] (tokens after this run). Outputs: `logits` [1, vocabulary] of the last token, and `present.i.key|value`
 * of the past's own size, so that both may be one buffer.
 *
 * [Note: Accuracy level] MatMulNBits multiplies in f32 (level 0). Level 4 rounds the activations to 8 bits where there
 * are many rows and does not where there is one; then what a token's keys and values are would depend on whether it
 * came in a prompt or one by one, and a prefix taken up again would not be the conversation it stands for.
 */
import type { OnnxValue } from './onnx';
import { onnxType } from './onnx-tensor';
import { writeOnnx } from './onnx-writer';
import type { Layers, Precision, StoredTable } from './layers';
import type { Qwen3VlConfig, TextConfig } from './qwen3-vl-config';
import { opset } from './qwen3-vl-vision';

export const prefix = 'model.language_model';

export interface BuiltDecoder {
  /** The graph's own file; its weights are written as it grows. */
  readonly onnx: Uint8Array<ArrayBuffer>;
  /** Where the rows lie that tokens stand for. */
  readonly embeddings: StoredTable;
}

/** @throws StudioError model/damaged */
export async function buildDecoder(
  layers: Layers,
  { text, vision, tied }: Qwen3VlConfig,
  precision: Precision,
): Promise<BuiltDecoder> {
  const { hidden, vocabulary } = text;
  const embeddings = await layers.table(`${prefix}.embed_tokens.weight`, [vocabulary, hidden]);
  const cache = precision === 'f16' ? onnxType.float16 : onnxType.float32;
  const normed = await decoderBlocks(layers, text, { taps: vision.deepstackBlocks.length, precision });
  // One row: a prompt of 1,500 tokens would otherwise give 900 MB of logits.
  const last = layers.node('Slice', [
    normed,
    layers.wholes([-1]),
    layers.wholes([2 ** 31 - 1]),
    layers.wholes([0]),
  ]);
  const head = tied ? embeddings : await layers.table('lm_head.weight', [vocabulary, hidden]);
  layers.finish(
    layers.product(last, head, { name: 'lm_head', dims: [vocabulary, hidden], offsets: null }),
    'logits',
  );
  const onnx = writeOnnx('decoder', {
    opset,
    inputs: [
      floats('embeddings', ['tokens', hidden]),
      floats('cos', ['tokens', text.headSize / 2]),
      floats('sin', ['tokens', text.headSize / 2]),
      ...vision.deepstackBlocks.map((_, k) => floats(`deepstack_${k}`, [`deepstack_${k}_tokens`, hidden])),
      { name: 'seqlens_k', elementType: onnxType.int32, dims: [1] },
      { name: 'total_sequence_length', elementType: onnxType.int32, dims: [1] },
      ...caches('past_key_values', text, cache),
    ],
    outputs: [floats('logits', [1, vocabulary]), ...caches('present', text, cache)],
    nodes: layers.nodes,
    tensors: layers.tensors,
  });
  return { onnx, embeddings };
}

/** All layers and the last norm, from the values `embeddings`, `cos`, `sin` and those of the cache. */
export async function decoderBlocks(
  layers: Layers,
  text: TextConfig,
  { taps, precision }: { readonly taps: number; readonly precision: Precision },
): Promise<string> {
  let [x, normed] = [
    'embeddings',
    await rmsNorm(layers, text, { x: 'embeddings', name: `${prefix}.layers.0.input_layernorm` }),
  ];
  for (let layer = 0; layer < text.layers; layer++) {
    const name = `${prefix}.layers.${layer}`;
    const attended = await attention(layers, text, { x: normed, layer, half: precision === 'f16' });
    [x, normed] = await addAndNorm(layers, text, {
      x,
      y: attended,
      name: `${name}.post_attention_layernorm`,
    });
    let made = await feedForward(layers, text, { x: normed, name: `${name}.mlp` });
    if (layer < taps) made = layers.node('Add', [made, `deepstack_${layer}`]);
    const next = layer + 1 < text.layers ? `${prefix}.layers.${layer + 1}.input_layernorm` : `${prefix}.norm`;
    [x, normed] = await addAndNorm(layers, text, { x, y: made, name: next });
  }
  return normed;
}

/** What was, and what is to be added to it; gives the sum and the sum's norm. */
async function addAndNorm(
  layers: Layers,
  text: TextConfig,
  { x, y, name }: { x: string; y: string; name: string },
): Promise<[sum: string, normed: string]> {
  const gain = await layers.vector(`${name}.weight`, text.hidden);
  const [normed, sum] = [layers.fresh('normed'), layers.fresh('sum')];
  layers.add({
    op: 'SkipSimplifiedLayerNormalization',
    domain: 'com.microsoft',
    inputs: [x, y, gain],
    outputs: [normed, '', '', sum],
    attributes: { epsilon: { f: text.epsilon } },
  });
  return [sum, normed];
}

/** Over the last dimension. onnxruntime keeps this operator in ONNX's own domain. */
async function rmsNorm(
  layers: Layers,
  text: TextConfig,
  { x, name, width = text.hidden }: { x: string; name: string; width?: number },
): Promise<string> {
  const gain = await layers.vector(`${name}.weight`, width);
  return layers.node('SimplifiedLayerNormalization', [x, gain], { epsilon: { f: text.epsilon } });
}

/** [s, hidden] → [s, hidden] */
async function attention(
  layers: Layers,
  text: TextConfig,
  { x, layer, half }: { x: string; layer: number; half: boolean },
): Promise<string> {
  const { hidden, heads, keyHeads, headSize, attentionBias } = text;
  const name = `${prefix}.layers.${layer}.self_attn`;
  const project = (part: string, count: number) =>
    layers.linear(x, `${name}.${part}_proj`, [count * headSize, hidden], attentionBias);
  const typed = (value: string) => (half ? layers.cast(value, 'float16') : value);
  const placed = async (part: 'q' | 'k', count: number) => {
    const split = layers.reshape(await project(part, count), [1, -1, count, headSize]);
    const normed = await rmsNorm(layers, text, { x: split, name: `${name}.${part}_norm`, width: headSize });
    const flat = layers.reshape(normed, [1, -1, count * headSize]);
    return typed(layers.foreign('RotaryEmbedding', [flat, layers.wholes([0]), 'cos', 'sin']));
  };
  const query = await placed('q', heads);
  const key = await placed('k', keyHeads);
  const values = typed(layers.reshape(await project('v', keyHeads), [1, -1, keyHeads * headSize]));
  const attended = layers.fresh('attended');
  const [pastKey, pastValue] = cacheNames('past_key_values', layer);
  layers.add({
    op: 'GroupQueryAttention',
    domain: 'com.microsoft',
    inputs: [query, key, values, pastKey, pastValue, 'seqlens_k', 'total_sequence_length'],
    outputs: [attended, ...cacheNames('present', layer)],
    attributes: { num_heads: { i: heads }, kv_num_heads: { i: keyHeads } },
  });
  const flat = layers.reshape(half ? layers.cast(attended, 'float32') : attended, [-1, heads * headSize]);
  return layers.linear(flat, `${name}.o_proj`, [hidden, heads * headSize], attentionBias);
}

async function feedForward(
  layers: Layers,
  { hidden, intermediate }: TextConfig,
  { x, name }: { x: string; name: string },
): Promise<string> {
  const gate = layers.silu(await layers.linear(x, `${name}.gate_proj`, [intermediate, hidden]));
  const up = await layers.linear(x, `${name}.up_proj`, [intermediate, hidden]);
  return layers.linear(layers.node('Mul', [gate, up]), `${name}.down_proj`, [hidden, intermediate]);
}

export function caches(
  kind: string,
  { layers, keyHeads, headSize }: TextConfig,
  elementType: number,
  room = 'room',
): OnnxValue[] {
  return Array.from({ length: layers }, (_, layer) => cacheNames(kind, layer))
    .flat()
    .map((name) => ({ name, elementType, dims: [1, keyHeads, room, headSize] }));
}

function cacheNames(kind: string, layer: number): [key: string, value: string] {
  return [`${kind}.${layer}.key`, `${kind}.${layer}.value`];
}

export function floats(name: string, dims: readonly (number | string)[]): OnnxValue {
  return { name, elementType: onnxType.float32, dims };
}
