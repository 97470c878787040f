/** What a Qwen3-VL's published files say beside its weights, and `model.json`, which says it to the pipeline. */
import type { SinkFolder, SourceFolder } from '../base/byte-source';
import { StudioError } from '../base/errors';
import { parseFields } from '../base/json-fields';
import type { WrittenFile } from './external-data';
import { readQwen3VlConfig, type Qwen3VlConfig } from './qwen3-vl-config';

const version = 1;
/** A text file of the source larger than this is none of Qwen3-VL's. */
const mostTextBytes = 2 ** 25;

export interface PublishedFacts {
  readonly config: Qwen3VlConfig;
  readonly tokenizer: string;
  readonly picture: {
    readonly mean: readonly number[];
    readonly deviation: readonly number[];
    readonly leastPixels: number;
    readonly mostPixels: number;
  };
  /** An answer ends with any of these. */
  readonly stop: readonly number[];
  readonly thinking: boolean;
}

/**
 * What stands beside the weights: how pictures are prepared, where answers end, whether the model thinks aloud.
 * @throws StudioError model/missing-file, model/not-recognised, model/damaged
 */
export async function readPublished(from: SourceFolder): Promise<PublishedFacts> {
  const config = readQwen3VlConfig(await textOf(from, 'config.json'));
  const picture = parseFields(await textOf(from, 'preprocessor_config.json'), 'preprocessor_config.json');
  const size = picture.object('size');
  const generation = await optionalTextOf(from, 'generation_config.json');
  const template =
    (await optionalTextOf(from, 'chat_template.jinja')) ??
    (await optionalTextOf(from, 'chat_template.json')) ??
    (await optionalTextOf(from, 'tokenizer_config.json')) ??
    '';
  return {
    config,
    tokenizer: await textOf(from, 'tokenizer.json'),
    picture: {
      mean: picture.numbers('image_mean'),
      deviation: picture.numbers('image_std'),
      leastPixels: size.whole('shortest_edge'),
      mostPixels: size.whole('longest_edge'),
    },
    stop: generation === null ? config.stopTokens : stopTokens(generation),
    // The Thinking models' template opens the thought for them, whatever way its line end is spelt.
    thinking: /assistant(\\)*(\n|n)<think>/.test(template),
  };
}

function stopTokens(generation: string): readonly number[] {
  const fields = parseFields(generation, 'generation_config.json');
  try {
    return fields.wholes('eos_token_id');
  } catch {
    return [fields.whole('eos_token_id')];
  }
}

interface WrittenPart {
  readonly graph: string;
  readonly data: readonly WrittenFile[];
}

/** `model.json` and `tokenizer.json`. `built` is what differs between the layouts. */
export async function writeFacts(
  to: SinkFolder,
  { config, tokenizer, picture, stop, thinking }: PublishedFacts,
  built: Readonly<Record<string, unknown>> & { readonly parts: Readonly<Record<string, WrittenPart>> },
): Promise<void> {
  const { text, vision } = config;
  const { layers, hidden, keyHeads, headSize, vocabulary, ropeTheta, ropeSections, mostPositions } = text;
  const { channels, patch, temporalPatch, merge, gridSide } = vision;
  const facts = {
    ...{ format: 'obscura/qwen3-vl', version },
    ...built,
    text: { layers, hidden, keyHeads, headSize, vocabulary, ropeTheta, ropeSections, mostPositions },
    vision: {
      ...{ channels, patch, temporalPatch, merge },
      headSize: vision.hidden / vision.heads,
      ropeTheta: vision.ropeTheta,
      gridSide,
      deepstack: vision.deepstackBlocks.length,
      ...picture,
    },
    tokens: {
      image: config.imageToken,
      visionStart: config.visionStartToken,
      visionEnd: config.visionEndToken,
      stop,
    },
    thinking,
  };
  await writeFile(to, 'tokenizer.json', encoded(tokenizer));
  await writeFile(to, 'model.json', encoded(JSON.stringify(facts, null, 1)));
}

async function textOf(from: SourceFolder, name: string): Promise<string> {
  const text = await optionalTextOf(from, name);
  if (text === null) throw new StudioError('model/missing-file', { file: name });
  return text;
}

async function optionalTextOf(from: SourceFolder, name: string): Promise<string | null> {
  const source = await from.open(name);
  if (!source) return null;
  if (source.bytes > mostTextBytes)
    throw new StudioError('model/damaged', { file: name, bytes: source.bytes });
  return new TextDecoder().decode(await source.read(0, source.bytes));
}

export async function writeFile(to: SinkFolder, name: string, bytes: Uint8Array): Promise<void> {
  const sink = await to.create(name);
  await sink.append(bytes);
  await sink.close();
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
