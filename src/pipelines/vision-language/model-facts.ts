/** What `model.json` beside a Qwen3-VL's parts says, checked field by field: the foundry wrote it, but a host served it. */
import { StudioError } from '../../base/errors';
import { parseFields, type JsonFields } from '../../base/json-fields';
import type { PatchSettings, PictureTokens, RotarySettings } from './positions';

export interface EmbeddingFacts {
  readonly precision: 'q4' | 'f16' | 'f32';
  readonly rows: number;
  readonly columns: number;
  readonly file: string;
  readonly offset: number;
  readonly scales: { readonly file: string; readonly offset: number } | null;
}

export interface TextFacts extends RotarySettings {
  readonly layers: number;
  readonly hidden: number;
  readonly keyHeads: number;
  readonly vocabulary: number;
  readonly mostPositions: number;
}

export interface VisionFacts extends PatchSettings {
  readonly channels: number;
  readonly patch: number;
  readonly temporalPatch: number;
  /** How many lists of features go to the decoder's first layers. */
  readonly deepstack: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly leastPixels: number;
  readonly mostPixels: number;
}

export interface TokenFacts {
  readonly image: number;
  readonly visionStart: number;
  readonly visionEnd: number;
  /** An answer ends with any of these. */
  readonly stop: readonly number[];
}

export interface ModelFacts {
  /** Which graphs these are: of our own foundry, or as published for transformers.js. */
  readonly layout: 'obscura' | 'transformers.js';
  /** Null where a graph of its own gives them. */
  readonly embeddings: EmbeddingFacts | null;
  readonly text: TextFacts;
  readonly vision: VisionFacts;
  readonly tokens: TokenFacts;
  /** The template opens a thought before the answer. */
  readonly thinking: boolean;
}

/** @throws StudioError model/damaged, model/manifest-version */
export function readModelFacts(json: string): ModelFacts {
  const model = parseFields(json, 'model.json');
  if (model.text('format') !== 'obscura/qwen3-vl')
    throw new StudioError('model/damaged', { field: 'format' });
  if (model.whole('version') !== 1) {
    throw new StudioError('model/manifest-version', { version: model.whole('version') });
  }
  const layout = model.has('layout') ? model.text('layout') : 'obscura';
  if (layout !== 'obscura' && layout !== 'transformers.js')
    throw new StudioError('model/damaged', { field: 'layout', found: layout });
  return {
    layout,
    embeddings: layout === 'obscura' ? readEmbeddings(model.object('embeddings')) : null,
    text: readText(model.object('text')),
    vision: readVision(model.object('vision')),
    tokens: readTokens(model.object('tokens')),
    thinking: model.flag('thinking'),
  };
}

export function isPublic({ layout }: ModelFacts): boolean {
  return layout === 'transformers.js';
}

/** What positions are counted by. */
export function pictureTokens({ tokens, vision }: ModelFacts): PictureTokens {
  return { imageToken: tokens.image, merge: vision.merge };
}

function readEmbeddings(fields: JsonFields): EmbeddingFacts {
  const precision = fields.text('precision');
  if (precision !== 'q4' && precision !== 'f16' && precision !== 'f32') {
    throw new StudioError('model/damaged', { field: 'embeddings.precision', found: precision });
  }
  const scales = fields.has('scales') ? fields.object('scales') : null;
  if ((precision === 'q4') !== (scales !== null)) {
    throw new StudioError('model/damaged', { field: 'embeddings.scales' });
  }
  return {
    precision,
    rows: fields.whole('rows'),
    columns: fields.whole('columns'),
    file: fields.text('file'),
    offset: fields.whole('offset'),
    scales: scales && { file: scales.text('file'), offset: scales.whole('offset') },
  };
}

function readText(fields: JsonFields): TextFacts {
  return {
    layers: fields.whole('layers'),
    hidden: fields.whole('hidden'),
    keyHeads: fields.whole('keyHeads'),
    headSize: fields.whole('headSize'),
    vocabulary: fields.whole('vocabulary'),
    ropeTheta: fields.number('ropeTheta'),
    ropeSections: fields.wholes('ropeSections'),
    mostPositions: fields.whole('mostPositions'),
  };
}

function readVision(fields: JsonFields): VisionFacts {
  return {
    channels: fields.whole('channels'),
    patch: fields.whole('patch'),
    temporalPatch: fields.whole('temporalPatch'),
    merge: fields.whole('merge'),
    headSize: fields.whole('headSize'),
    ropeTheta: fields.number('ropeTheta'),
    gridSide: fields.whole('gridSide'),
    deepstack: fields.whole('deepstack'),
    mean: fields.numbers('mean'),
    deviation: fields.numbers('deviation'),
    leastPixels: fields.whole('leastPixels'),
    mostPixels: fields.whole('mostPixels'),
  };
}

function readTokens(fields: JsonFields): TokenFacts {
  return {
    image: fields.whole('image'),
    visionStart: fields.whole('visionStart'),
    visionEnd: fields.whole('visionEnd'),
    stop: fields.wholes('stop'),
  };
}
