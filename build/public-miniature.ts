/**
 * A seeded Qwen3-VL in the layout that is published for transformers.js: three graphs with the names, types and free
 * dimensions of onnx-community/Qwen3-VL-2B-Instruct-ONNX, and with its faults: frequencies of height and width stand in
 * runs, nothing of DeepStack, logits for every token. Where its vision part interpolates learned positions, this one takes
 * the nearest.
 */
import { ExternalWriter } from '../src/foundry/external-data';
import { Layers, type LayerOptions, type Precision } from '../src/foundry/layers';
import { memoryFolder, memorySink, miniatureFolder, seededWeights } from '../src/foundry/miniature';
import type { OnnxValue } from '../src/foundry/onnx';
import { onnxType } from '../src/foundry/onnx-tensor';
import { writeOnnx } from '../src/foundry/onnx-writer';
import { readQwen3VlConfig, type Qwen3VlConfig } from '../src/foundry/qwen3-vl-config';
import { caches, decoderBlocks, floats, prefix as decoderPrefix } from '../src/foundry/qwen3-vl-decoder';
import * as vision from '../src/foundry/qwen3-vl-vision';
import { readFolder } from '../src/foundry/safetensors';

/** The files of such a folder. `suffix` is what the file names end with, as `_q4`. */
export async function publicMiniature(
  configJson: string,
  { precision = 'f32', suffix = '' }: { readonly precision?: Precision; readonly suffix?: string } = {},
): Promise<Map<string, Uint8Array>> {
  const published = miniatureFolder(configJson, seededWeights('public'));
  const config = readQwen3VlConfig(configJson);
  const tensors = await readFolder(memoryFolder(published));
  const data = new Map<string, Uint8Array>();
  const files = new Map([...published].filter(([name]) => !name.endsWith('.safetensors')));
  const graphs = { embed_tokens: embedTokens, vision_encoder: visionEncoder, decoder_model_merged: decoder };
  for (const [name, write] of Object.entries(graphs)) {
    const file = `${name}${suffix}.onnx`;
    const writer = new ExternalWriter(memorySink(data), name);
    const own = precision === 'q4' && name === 'embed_tokens' ? 'f32' : precision;
    const { signal } = new AbortController();
    const options: LayerOptions = { tensors, writer, precision: own, signal, onPiece: () => undefined };
    const layers = new Layers(options);
    const graph = await write(layers, config, own);
    await writer.close();
    // One file of weights a graph, by the name that the exporter gives it.
    for (const tensor of layers.tensors)
      if (tensor.external) Object.assign(tensor.external, { location: `${file}_data` });
    files.set(`onnx/${file}`, graph());
    files.set(`onnx/${file}_data`, data.get(`${name}-0.bin`) ?? new Uint8Array());
  }
  return files;
}

type WriteGraph = (layers: Layers, config: Qwen3VlConfig, precision: Precision) => Promise<() => Uint8Array>;

const int64 = (name: string, dims: readonly (number | string)[]): OnnxValue => {
  return { name, elementType: onnxType.int64, dims };
};

const embedTokens: WriteGraph = async (layers, { text }) => {
  const table = await layers.exact(`${decoderPrefix}.embed_tokens.weight`, [text.vocabulary, text.hidden]);
  layers.finish(layers.node('Gather', [table, 'input_ids']), 'inputs_embeds');
  return written('embed_tokens', layers, {
    inputs: [int64('input_ids', ['batch', 'seq'])],
    outputs: [floats('inputs_embeds', ['batch', 'seq', text.hidden])],
  });
};

const visionEncoder: WriteGraph = async (layers, { vision: config }) => {
  const { hidden, heads, gridSide, depth, ropeTheta, merge, channels, patch, temporalPatch } = config;
  const headSize = hidden / heads;
  layers.add({ op: 'Identity', inputs: ['pixel_values'], outputs: ['patches'] });
  const side = (index: number) => {
    const one = layers.node('Gather', ['image_grid_thw', layers.wholes([index])], { axis: { i: 1 } });
    return layers.node('Reshape', [one, layers.wholes([1])]);
  };
  const [height, width] = [side(1), side(2)];
  const blocksOf = (length: string) => layers.node('Div', [length, layers.wholes([merge])]);
  const merged = layers.wholes([merge]);
  const split = layers.node('Concat', [blocksOf(height), merged, blocksOf(width), merged], {
    axis: { i: 0 },
  });
  /** Each patch's row or column, in 2×2 merge order. [n] */
  const places = (length: string, shape: string) => {
    const scalar = layers.node('Squeeze', [length]);
    const zero = layers.node('Squeeze', [layers.wholes([0])]);
    const line = layers.node('Range', [zero, scalar, layers.node('Squeeze', [layers.wholes([1])])]);
    const square = layers.node('Concat', [height, width], { axis: { i: 0 } });
    const spread = layers.node('Expand', [
      layers.node('Reshape', [line, layers.wholes(shape === 'row' ? [-1, 1] : [1, -1])]),
      square,
    ]);
    const turned = layers.node('Transpose', [layers.node('Reshape', [spread, split])], {
      perm: { ints: [0, 2, 1, 3] },
    });
    return layers.node('Reshape', [turned, layers.wholes([-1])]);
  };
  const [rows, columns] = [places(height, 'row'), places(width, 'column')];
  const real = (value: string) => layers.cast(value, 'float32');
  const nearest = (place: string, length: string) => {
    const last = layers.node('Max', [layers.node('Sub', [real(length), layers.scalar(1)]), layers.scalar(1)]);
    const at = layers.node('Div', [layers.node('Mul', [real(place), layers.scalar(gridSide - 1)]), last]);
    return layers.node('Round', [at]);
  };
  const index = layers.node('Add', [
    layers.node('Mul', [nearest(rows, height), layers.scalar(gridSide)]),
    nearest(columns, width),
  ]);
  const table = await layers.exact(`${vision.prefix}.pos_embed.weight`, [gridSide ** 2, hidden]);
  const learned = layers.node('Gather', [table, layers.node('Cast', [index], { to: { i: onnxType.int64 } })]);
  const quarter = headSize / 4;
  const frequencies = layers.tensor(
    [1, quarter],
    Float32Array.from({ length: quarter }, (_, i) => ropeTheta ** (-i / quarter)),
  );
  const turnOf = (place: string) =>
    layers.node('Mul', [layers.node('Unsqueeze', [real(place), layers.wholes([1])]), frequencies]);
  const angles = layers.node('Concat', [turnOf(rows), turnOf(columns)], { axis: { i: 1 } });
  layers.add({ op: 'Cos', inputs: [angles], outputs: ['cos'] });
  layers.add({ op: 'Sin', inputs: [angles], outputs: ['sin'] });
  let x = layers.node('Add', [await vision.embedPatches(layers, config), learned]);
  for (let block = 0; block < depth; block++)
    x = await vision.visionBlock(layers, config, { x, name: `${vision.prefix}.blocks.${block}` });
  layers.finish(
    await vision.merger(layers, config, { x, name: `${vision.prefix}.merger`, first: 'norm' }),
    'image_features',
  );
  return written('vision_encoder', layers, {
    inputs: [
      floats('pixel_values', ['patches', channels * temporalPatch * patch ** 2]),
      int64('image_grid_thw', ['pictures', 3]),
    ],
    outputs: [floats('image_features', ['tokens', config.outHidden])],
  });
};

const decoder: WriteGraph = async (layers, { text, tied }, precision) => {
  const { hidden, vocabulary, headSize, ropeTheta, ropeSections } = text;
  layers.add({
    op: 'Reshape',
    inputs: ['inputs_embeds', layers.wholes([-1, hidden])],
    outputs: ['embeddings'],
  });
  const half = headSize / 2;
  const frequencies = layers.tensor(
    [1, 1, half],
    Float32Array.from({ length: half }, (_, i) => ropeTheta ** (-i / half)),
  );
  const turns = layers.node('Mul', [
    layers.node('Reshape', [layers.cast('position_ids', 'float32'), layers.wholes([3, -1, 1])]),
    frequencies,
  ]); // [3, s, half]
  let from = 0;
  const runs = ropeSections.map((count, axis) => {
    const row = layers.node('Gather', [turns, layers.wholes([axis])], { axis: { i: 0 } });
    const run = layers.node('Slice', [
      row,
      layers.wholes([from]),
      layers.wholes([(from += count)]),
      layers.wholes([2]),
    ]);
    return layers.node('Reshape', [run, layers.wholes([-1, count])]);
  });
  const angles = layers.node('Concat', runs, { axis: { i: 1 } });
  layers.add({ op: 'Cos', inputs: [angles], outputs: ['cos'] });
  layers.add({ op: 'Sin', inputs: [angles], outputs: ['sin'] });
  const whole = { to: { i: onnxType.int32 } };
  const seen = layers.node('ReduceSum', ['attention_mask', layers.wholes([1])], { keepdims: { i: 0 } });
  const last = layers.node('Sub', [seen, layers.wholes([1])]);
  layers.add({ op: 'Cast', inputs: [last], outputs: ['seqlens_k'], attributes: whole });
  const length = layers.node('Gather', [layers.node('Shape', ['attention_mask']), layers.wholes([1])]);
  layers.add({ op: 'Cast', inputs: [length], outputs: ['total_sequence_length'], attributes: whole });
  const normed = await decoderBlocks(layers, text, { taps: 0, precision });
  const name = tied ? `${decoderPrefix}.embed_tokens.weight` : 'lm_head.weight';
  const head = await layers.table(name, [vocabulary, hidden]);
  const logits = layers.product(normed, head, { name: 'lm_head', dims: [vocabulary, hidden], offsets: null });
  layers.finish(layers.node('Unsqueeze', [logits, layers.wholes([0])]), 'logits');
  const cache = precision === 'f16' ? onnxType.float16 : onnxType.float32;
  return written('decoder_model_merged', layers, {
    inputs: [
      floats('inputs_embeds', ['batch', 'seq', hidden]),
      int64('attention_mask', ['batch', 'all']),
      int64('position_ids', [3, 'batch', 'seq']),
      ...caches('past_key_values', text, cache, 'past'),
    ],
    outputs: [floats('logits', ['batch', 'seq', vocabulary]), ...caches('present', text, cache, 'all')],
  });
};

/** Written when its weights' places are known. */
function written(
  name: string,
  layers: Layers,
  { inputs, outputs }: { readonly inputs: OnnxValue[]; readonly outputs: OnnxValue[] },
): () => Uint8Array {
  const { opset } = vision;
  return () => writeOnnx(name, { opset, inputs, outputs, nodes: layers.nodes, tensors: layers.tensors });
}
