/**
 * Qwen3-VL's eyes as an ONNX graph: patches of one picture in, one feature for each 2×2 of them out, and one more list
 * for each DeepStack tap. Source: huggingface/transformers@v5.18 models/qwen3_vl/modeling_qwen3_vl.py, Qwen3VLVisionModel.
 *
 * Inputs, n patches in 2×2 merge order: `patches` [n, channels·time·patch²], `position_indices` int64 [n, 4] and
 * `position_weights` [n, 4] (bilinear places in the learned square), `cos` and `sin` [n, headSize/2]. Outputs
 * `features` and `deepstack_features_k`, [n/4, outHidden]. Angles come from outside because WGSL promises sine and
 * cosine within ±π alone.
 */
import type { OnnxValue } from './onnx';
import { onnxType } from './onnx-tensor';
import { writeOnnx } from './onnx-writer';
import type { Layers } from './layers';
import type { VisionConfig } from './qwen3-vl-config';

/** The newest whose every operator here has a kernel on WebGPU in onnxruntime-web 1.30. */
export const opset = 21;
export const prefix = 'model.visual';

/** The graph's own file; its weights are written as it grows. @throws StudioError model/damaged */
export async function buildVision(layers: Layers, config: VisionConfig): Promise<Uint8Array<ArrayBuffer>> {
  const patchLength = config.channels * config.temporalPatch * config.patch ** 2;
  let x = layers.node('Add', [await embedPatches(layers, config), await positions(layers, config)]);
  const outputs: OnnxValue[] = [value('features', ['tokens', config.outHidden])];
  for (let block = 0; block < config.depth; block++) {
    x = await visionBlock(layers, config, { x, name: `${prefix}.blocks.${block}` });
    const tap = config.deepstackBlocks.indexOf(block);
    if (tap === -1) continue;
    const name = `deepstack_features_${tap}`;
    const merged = await merger(layers, config, {
      x,
      name: `${prefix}.deepstack_merger_list.${tap}`,
      first: 'merge',
    });
    layers.finish(merged, name);
    outputs.push(value(name, ['tokens', config.outHidden]));
  }
  layers.finish(await merger(layers, config, { x, name: `${prefix}.merger`, first: 'norm' }), 'features');
  const half = config.hidden / config.heads / 2;
  return writeOnnx('vision', {
    opset,
    inputs: [
      value('patches', ['patches', patchLength]),
      { name: 'position_indices', elementType: onnxType.int64, dims: ['patches', 4] },
      value('position_weights', ['patches', 4]),
      value('cos', ['patches', half]),
      value('sin', ['patches', half]),
    ],
    outputs,
    nodes: layers.nodes,
    tensors: layers.tensors,
  });
}

/** A convolution whose windows do not overlap is a product; as one it also escapes microsoft/onnxruntime#29651. */
export async function embedPatches(layers: Layers, config: VisionConfig): Promise<string> {
  const { hidden, channels, temporalPatch, patch } = config;
  const name = `${prefix}.patch_embed.proj`;
  const kernel = [hidden, channels, temporalPatch, patch, patch];
  const weight = await layers.exact(`${name}.weight`, kernel, [
    hidden,
    channels * temporalPatch * patch ** 2,
  ]);
  const bias = await layers.vector(`${name}.bias`, hidden);
  return layers.node('Gemm', ['patches', weight, bias], { transB: { i: 1 } });
}

/** [n, hidden]: the four nearest learned positions by their weights. */
async function positions(layers: Layers, { gridSide, hidden }: VisionConfig): Promise<string> {
  const table = await layers.exact(`${prefix}.pos_embed.weight`, [gridSide ** 2, hidden]);
  const four = layers.node('Gather', [table, 'position_indices']); // [n, 4, hidden]
  const weights = layers.node('Unsqueeze', ['position_weights', layers.wholes([2])]);
  return layers.node('ReduceSum', [layers.node('Mul', [four, weights]), layers.wholes([1])], {
    keepdims: { i: 0 },
  });
}

export async function visionBlock(
  layers: Layers,
  config: VisionConfig,
  { x, name }: { x: string; name: string },
): Promise<string> {
  const { hidden, intermediate, heads } = config;
  const normed = await layers.layerNorm(x, `${name}.norm1`, hidden);
  const packed = await layers.linear(normed, `${name}.attn.qkv`, [3 * hidden, hidden], true);
  const three = ['query', 'key', 'value'].map((part) => layers.fresh(part));
  layers.add({
    op: 'Split',
    inputs: [packed],
    outputs: three,
    attributes: { axis: { i: 1 }, num_outputs: { i: 3 } },
  });
  // [n, hidden] → [1, n, hidden]
  const [query = '', key = '', values = ''] = three.map((part) =>
    layers.node('Unsqueeze', [part, layers.wholes([0])]),
  );
  const turn = (part: string) => layers.foreign('RotaryEmbedding', [part, layers.wholes([0]), 'cos', 'sin']);
  const attended = layers.foreign('MultiHeadAttention', [turn(query), turn(key), values], {
    num_heads: { i: heads },
  });
  const flat = layers.reshape(attended, [-1, hidden]);
  const after = layers.node('Add', [
    x,
    await layers.linear(flat, `${name}.attn.proj`, [hidden, hidden], true),
  ]);
  const inner = await layers.layerNorm(after, `${name}.norm2`, hidden);
  const wide = await layers.linear(inner, `${name}.mlp.linear_fc1`, [intermediate, hidden], true);
  const active = layers.node('Gelu', [wide], { approximate: { s: config.activation } });
  return layers.node('Add', [
    after,
    await layers.linear(active, `${name}.mlp.linear_fc2`, [hidden, intermediate], true),
  ]);
}

/** [n, hidden] → [n/4, outHidden]; the last merger norms each patch, the taps' mergers norm four at once. */
export async function merger(
  layers: Layers,
  { hidden, merge, outHidden }: VisionConfig,
  { x, name, first }: { x: string; name: string; first: 'norm' | 'merge' },
): Promise<string> {
  const wide = hidden * merge ** 2;
  const norm = (value: string, width: number) => layers.layerNorm(value, `${name}.norm`, width);
  const joined =
    first === 'norm'
      ? layers.reshape(await norm(x, hidden), [-1, wide])
      : await norm(layers.reshape(x, [-1, wide]), wide);
  const inner = await layers.linear(joined, `${name}.linear_fc1`, [wide, wide], true);
  const active = layers.node('Gelu', [inner], { approximate: { s: 'none' } });
  return layers.linear(active, `${name}.linear_fc2`, [outHidden, wide], true);
}

function value(name: string, dims: readonly (number | string)[]): OnnxValue {
  return { name, elementType: onnxType.float32, dims };
}
