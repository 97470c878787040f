/**
 * Small models with weights from a seed, in the published layout: what the foundry's own builders are tried on. The
 * same weights are made in reference/qwen3_vl_weights.py, so only what comes out of them is stored.
 */
import { joined } from '../base/bytes';
import { memorySource, type SinkFolder, type SourceFolder } from '../base/byte-source';
import { miniatureTokenizer } from './miniature-tokenizer';
import { readQwen3VlConfig, type Qwen3VlConfig } from './qwen3-vl-config';

/** A tensor's values by its name and dims. */
export type Weights = (name: string, dims: readonly number[]) => Float32Array;

/** The spread of four even bytes, added. */
const noiseSpread = 147.8;

/** Whole numbers −510…510, near to normal: four bytes of murmur3's finaliser over a counter, added. */
export function noise(seed: number, count: number): Int16Array {
  const values = new Int16Array(count);
  for (let i = 0; i < count; i++) {
    let h = Math.imul(i, 0x9e3779b9) + seed;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
    values[i] = (h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24) - 510;
  }
  return values;
}

/** FNV-1a. */
export function seedOf(name: string): number {
  let h = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}

/** Spread 0.3, of rows that stand for tokens 0.2; gains of norms about 1, of queries and keys 2. All can be held in bfloat16. */
export function seededWeights(label: string): Weights {
  return (name, dims) => {
    const spread = name.includes('embed_tokens') ? 0.2 : 0.3;
    const mean = !(name.includes('norm') && name.endsWith('.weight')) ? 0 : /[qk]_norm/.test(name) ? 2 : 1;
    const count = dims.reduce((product, dim) => product * dim, 1);
    const values = Float32Array.from(
      noise(seedOf(`${label}/${name}`), count),
      (n) => n * (spread / noiseSpread) + mean,
    );
    const bits = new Uint32Array(values.buffer);
    for (const [i, all] of bits.entries()) bits[i] = (all + 0x7fff + ((all >>> 16) & 1)) & 0xffff0000;
    return values;
  };
}

/** Every tensor Qwen3-VL has, by its published name. */
export function tensorDims({ vision, text, tied }: Qwen3VlConfig): ReadonlyMap<string, readonly number[]> {
  const dims = new Map<string, readonly number[]>();
  const linear = (name: string, out: number, into: number, bias = true) => {
    dims.set(`${name}.weight`, [out, into]);
    if (bias) dims.set(`${name}.bias`, [out]);
  };
  const norm = (name: string, width: number, bias = true) => {
    dims.set(`${name}.weight`, [width]);
    if (bias) dims.set(`${name}.bias`, [width]);
  };
  const { hidden, merge } = vision;
  const eyes = 'model.visual';
  const kernel = [hidden, vision.channels, vision.temporalPatch, vision.patch, vision.patch];
  dims.set(`${eyes}.patch_embed.proj.weight`, kernel).set(`${eyes}.patch_embed.proj.bias`, [hidden]);
  dims.set(`${eyes}.pos_embed.weight`, [vision.gridSide ** 2, hidden]);
  for (let block = 0; block < vision.depth; block++) {
    const name = `${eyes}.blocks.${block}`;
    norm(`${name}.norm1`, hidden);
    norm(`${name}.norm2`, hidden);
    linear(`${name}.attn.qkv`, 3 * hidden, hidden);
    linear(`${name}.attn.proj`, hidden, hidden);
    linear(`${name}.mlp.linear_fc1`, vision.intermediate, hidden);
    linear(`${name}.mlp.linear_fc2`, hidden, vision.intermediate);
  }
  const wide = hidden * merge ** 2;
  const taps = vision.deepstackBlocks.map(
    (_, tap) => [`${eyes}.deepstack_merger_list.${tap}`, wide] as const,
  );
  for (const [name, width] of [[`${eyes}.merger`, hidden] as const, ...taps]) {
    norm(`${name}.norm`, width);
    linear(`${name}.linear_fc1`, wide, wide);
    linear(`${name}.linear_fc2`, vision.outHidden, wide);
  }
  const model = 'model.language_model';
  dims.set(`${model}.embed_tokens.weight`, [text.vocabulary, text.hidden]);
  for (let layer = 0; layer < text.layers; layer++) {
    const name = `${model}.layers.${layer}`;
    norm(`${name}.input_layernorm`, text.hidden, false);
    norm(`${name}.post_attention_layernorm`, text.hidden, false);
    for (const [part, count] of [
      ['q', text.heads],
      ['k', text.keyHeads],
    ] as const) {
      linear(`${name}.self_attn.${part}_proj`, count * text.headSize, text.hidden, text.attentionBias);
      norm(`${name}.self_attn.${part}_norm`, text.headSize, false);
    }
    linear(`${name}.self_attn.v_proj`, text.keyHeads * text.headSize, text.hidden, text.attentionBias);
    linear(`${name}.self_attn.o_proj`, text.hidden, text.heads * text.headSize, text.attentionBias);
    linear(`${name}.mlp.gate_proj`, text.intermediate, text.hidden, false);
    linear(`${name}.mlp.up_proj`, text.intermediate, text.hidden, false);
    linear(`${name}.mlp.down_proj`, text.hidden, text.intermediate, false);
  }
  norm(`${model}.norm`, text.hidden, false);
  if (!tied) linear('lm_head', text.vocabulary, text.hidden, false);
  return dims;
}

/** The published files of a miniature; `shards` of them where there is more than one. */
export function miniatureFolder(configJson: string, weights: Weights, shards = 1): Map<string, Uint8Array> {
  const names = [...tensorDims(readQwen3VlConfig(configJson))];
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const files = new Map<string, Uint8Array>([
    ['config.json', new TextEncoder().encode(configJson)],
    ['tokenizer.json', new TextEncoder().encode(miniatureTokenizer())],
    [
      'preprocessor_config.json',
      text({
        size: { shortest_edge: 65536, longest_edge: 16777216 },
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 0.5, 0.5],
      }),
    ],
  ]);
  const places: Record<string, string> = {};
  for (let shard = 0; shard < shards; shard++) {
    const file = shards === 1 ? 'model.safetensors' : `model-${shard + 1}-of-${shards}.safetensors`;
    const own = names.filter((_, index) => index % shards === shard);
    for (const [name] of own) places[name] = file;
    files.set(file, writeSafetensors(own, weights));
  }
  if (shards > 1) files.set('model.safetensors.index.json', text({ weight_map: places }));
  return files;
}

/** All in bfloat16, as published. */
function writeSafetensors(
  tensors: readonly (readonly [name: string, dims: readonly number[]])[],
  weights: Weights,
): Uint8Array {
  const header: Record<string, object> = { __metadata__: { format: 'pt' } };
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [name, shape] of tensors) {
    const bits = new Uint32Array(weights(name, shape).buffer);
    const words = Uint16Array.from(bits, (all) => all >>> 16);
    header[name] = { dtype: 'BF16', shape, data_offsets: [at, at + words.byteLength] };
    parts.push(new Uint8Array(words.buffer));
    at += words.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
  return joined([length, json, ...parts]);
}

/** A folder in memory, to read from. */
export function memoryFolder(files: ReadonlyMap<string, Uint8Array>): SourceFolder {
  return {
    open: (name) => {
      const bytes = files.get(name);
      return Promise.resolve(bytes ? memorySource(bytes) : null);
    },
  };
}

/** A folder in memory, to write to; a file is there once it is closed. */
export function memorySink(files: Map<string, Uint8Array>): SinkFolder {
  return {
    create: (name) => {
      const parts: Uint8Array[] = [];
      return Promise.resolve({
        append: (bytes) => {
          parts.push(bytes.slice());
          return Promise.resolve();
        },
        close: () => {
          files.set(name, joined(parts));
          return Promise.resolve();
        },
      });
    },
  };
}
