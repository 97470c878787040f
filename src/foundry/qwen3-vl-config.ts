/**
 * What Qwen3-VL's own files say about it: `config.json` in the layout of huggingface/transformers@v5
 * models/qwen3_vl/configuration_qwen3_vl.py, and of the published weights, which name the rotary embedding's
 * settings `rope_scaling` and `rope_theta`. Nothing about the architecture is a constant of ours.
 */
import { StudioError } from '../base/errors';
import { parseFields, type JsonFields } from '../base/json-fields';

export interface VisionConfig {
  readonly depth: number;
  readonly hidden: number;
  readonly intermediate: number;
  readonly heads: number;
  readonly channels: number;
  readonly patch: number;
  readonly temporalPatch: number;
  readonly merge: number;
  readonly outHidden: number;
  /** Side of the square of learned positions. */
  readonly gridSide: number;
  /** The blocks after which a tap feeds the decoder's first layers, in this order. */
  readonly deepstackBlocks: readonly number[];
  readonly activation: 'tanh' | 'none';
  readonly ropeTheta: number;
}

export interface TextConfig {
  readonly layers: number;
  readonly hidden: number;
  readonly intermediate: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly headSize: number;
  readonly vocabulary: number;
  readonly epsilon: number;
  readonly attentionBias: boolean;
  readonly ropeTheta: number;
  /** How many frequencies follow time, height and width. */
  readonly ropeSections: readonly number[];
  readonly mostPositions: number;
}

export interface Qwen3VlConfig {
  readonly vision: VisionConfig;
  readonly text: TextConfig;
  /** The head is the embedding table. */
  readonly tied: boolean;
  readonly imageToken: number;
  readonly visionStartToken: number;
  readonly visionEndToken: number;
  /** Where an answer ends, unless `generation_config.json` says more. */
  readonly stopTokens: readonly number[];
}

/** `visual.rotary_pos_emb` has no setting of its own in the published files. */
const visionRopeTheta = 10000;
/** Far beyond any Qwen3-VL; a hostile file must not make a builder run for hours. */
const mostLayers = 512;

/** @throws StudioError model/damaged, model/not-recognised */
export function readQwen3VlConfig(json: string): Qwen3VlConfig {
  const config = parseFields(json, 'config.json');
  if (config.text('model_type') !== 'qwen3_vl') {
    throw notQwen3Vl({ model_type: config.text('model_type') });
  }
  const text = config.object('text_config');
  const vision = readVision(config.object('vision_config'));
  const read = {
    vision,
    text: readText(text),
    tied: (config.has('tie_word_embeddings') ? config : text).flag('tie_word_embeddings'),
    imageToken: config.whole('image_token_id'),
    visionStartToken: config.whole('vision_start_token_id'),
    visionEndToken: config.whole('vision_end_token_id'),
    stopTokens: text.has('eos_token_id') ? [text.whole('eos_token_id')] : [],
  };
  if (vision.outHidden !== read.text.hidden) {
    throw notQwen3Vl({ out_hidden_size: vision.outHidden, wanted: read.text.hidden });
  }
  if (
    vision.deepstackBlocks.length > read.text.layers ||
    vision.deepstackBlocks.some((b) => b >= vision.depth)
  ) {
    throw notQwen3Vl({ deepstack_visual_indexes: vision.deepstackBlocks.join(' ') });
  }
  return read;
}

function readVision(config: JsonFields): VisionConfig {
  const gridSide = Math.sqrt(config.whole('num_position_embeddings'));
  const activation = config.text('hidden_act');
  const rope = config.has('rope_parameters') ? config.object('rope_parameters') : null;
  const vision: VisionConfig = {
    depth: config.whole('depth'),
    hidden: config.whole('hidden_size'),
    intermediate: config.whole('intermediate_size'),
    heads: config.whole('num_heads'),
    channels: config.has('in_channels') ? config.whole('in_channels') : 3,
    patch: config.whole('patch_size'),
    temporalPatch: config.whole('temporal_patch_size'),
    merge: config.whole('spatial_merge_size'),
    outHidden: config.whole('out_hidden_size'),
    gridSide,
    deepstackBlocks: config.wholes('deepstack_visual_indexes'),
    activation: activation === 'gelu' ? 'none' : 'tanh',
    ropeTheta: rope?.number('rope_theta') ?? visionRopeTheta,
  };
  if (!['gelu', 'gelu_pytorch_tanh'].includes(activation)) throw notQwen3Vl({ hidden_act: activation });
  if (!Number.isInteger(gridSide)) throw notQwen3Vl({ num_position_embeddings: gridSide ** 2 });
  if (vision.heads === 0 || vision.hidden % (4 * vision.heads) !== 0)
    throw notQwen3Vl({ num_heads: vision.heads });
  if (vision.depth > mostLayers) throw notQwen3Vl({ depth: vision.depth });
  if (new Set(vision.deepstackBlocks).size < vision.deepstackBlocks.length) {
    throw notQwen3Vl({ deepstack_visual_indexes: vision.deepstackBlocks.join(' ') });
  }
  return vision;
}

function readText(config: JsonFields): TextConfig {
  const rope = config.object(config.has('rope_parameters') ? 'rope_parameters' : 'rope_scaling');
  const text: TextConfig = {
    layers: config.whole('num_hidden_layers'),
    hidden: config.whole('hidden_size'),
    intermediate: config.whole('intermediate_size'),
    heads: config.whole('num_attention_heads'),
    keyHeads: config.whole('num_key_value_heads'),
    headSize: config.whole('head_dim'),
    vocabulary: config.whole('vocab_size'),
    epsilon: config.number('rms_norm_eps'),
    attentionBias: config.flag('attention_bias'),
    ropeTheta: (config.has('rope_theta') ? config : rope).number('rope_theta'),
    ropeSections: rope.wholes('mrope_section'),
    mostPositions: config.whole('max_position_embeddings'),
  };
  const ropeKind = rope.has('rope_type') ? rope.text('rope_type') : 'default';
  if (ropeKind !== 'default') throw notQwen3Vl({ rope_type: ropeKind });
  if (config.text('hidden_act') !== 'silu') throw notQwen3Vl({ hidden_act: config.text('hidden_act') });
  const frequencies = text.ropeSections.reduce((sum, section) => sum + section, 0);
  if (text.ropeSections.length !== 3 || frequencies * 2 !== text.headSize) {
    throw notQwen3Vl({ mrope_section: text.ropeSections.join(' '), head_dim: text.headSize });
  }
  if (text.keyHeads === 0 || text.heads % text.keyHeads !== 0) {
    throw notQwen3Vl({ num_key_value_heads: text.keyHeads });
  }
  if (text.layers > mostLayers) throw notQwen3Vl({ num_hidden_layers: text.layers });
  return text;
}

function notQwen3Vl(details: Readonly<Record<string, string | number>>): StudioError {
  return new StudioError('model/not-recognised', details);
}
