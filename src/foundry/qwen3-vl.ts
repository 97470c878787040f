/**
 * Qwen3-VL from its published files: a folder in Hugging Face's layout in, the parts `vision.onnx` and `decoder.onnx`
 * with their weights and `model.json` out. Weights pass through a few rows at a time, so an 8B source never lies in
 * memory. `model.json` says to the pipeline whatever it must know besides.
 */
import type { SinkFolder, SourceFolder } from '../base/byte-source';
import { StudioError } from '../base/errors';
import { parseFields } from '../base/json-fields';
import { ExternalWriter } from './external-data';
import { Layers, type LayerOptions, type Precision, type StoredTable } from './layers';
import { buildDecoder } from './qwen3-vl-decoder';
import { readQwen3VlConfig, type Qwen3VlConfig } from './qwen3-vl-config';
import { buildVision } from './qwen3-vl-vision';
import { readFolder } from './safetensors';

export interface BuildOptions {
  readonly precision: Precision;
  readonly signal: AbortSignal;
  /** Bytes of the source that were turned, and their whole. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

const version = 1;
/** A text file of the source larger than this is none of Qwen3-VL's. */
const mostTextBytes = 2 ** 25;

/** @throws StudioError model/missing-file, model/not-recognised, model/damaged, model/unsafe-path */
export async function buildQwen3Vl(
  from: SourceFolder,
  to: SinkFolder,
  { precision, signal, onProgress }: BuildOptions,
): Promise<void> {
  const config = readQwen3VlConfig(await textOf(from, 'config.json'));
  const facts = await readFacts(from, config);
  const tensors = await readFolder(from);
  const totalBytes = [...tensors.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  let doneBytes = 0;
  const onPiece = (bytes: number) => {
    signal.throwIfAborted();
    onProgress?.((doneBytes += bytes), totalBytes);
  };
  const part = (stem: string): LayerOptions => {
    const writer = new ExternalWriter(to, stem);
    return { tensors, writer, precision, signal, onPiece };
  };

  const visionPart = part('vision');
  await write(to, 'vision.onnx', await buildVision(new Layers(visionPart), config.vision));
  const visionFiles = await visionPart.writer.close();
  const decoderPart = part('decoder');
  const decoder = await buildDecoder(new Layers(decoderPart), config, precision);
  await write(to, 'decoder.onnx', decoder.onnx);
  const decoderFiles = await decoderPart.writer.close();

  await write(to, 'tokenizer.json', encoded(facts.tokenizer));
  await write(
    to,
    'model.json',
    encoded(
      JSON.stringify(
        {
          format: 'obscura/qwen3-vl',
          version,
          precision,
          parts: {
            vision: { graph: 'vision.onnx', data: visionFiles },
            decoder: { graph: 'decoder.onnx', data: decoderFiles },
          },
          embeddings: tableFacts(decoder.embeddings, config, precision),
          text: {
            layers: config.text.layers,
            hidden: config.text.hidden,
            keyHeads: config.text.keyHeads,
            headSize: config.text.headSize,
            vocabulary: config.text.vocabulary,
            ropeTheta: config.text.ropeTheta,
            ropeSections: config.text.ropeSections,
            mostPositions: config.text.mostPositions,
          },
          vision: {
            channels: config.vision.channels,
            patch: config.vision.patch,
            temporalPatch: config.vision.temporalPatch,
            merge: config.vision.merge,
            headSize: config.vision.hidden / config.vision.heads,
            ropeTheta: config.vision.ropeTheta,
            gridSide: config.vision.gridSide,
            deepstack: config.vision.deepstackBlocks.length,
            ...facts.picture,
          },
          tokens: {
            image: config.imageToken,
            visionStart: config.visionStartToken,
            visionEnd: config.visionEndToken,
            stop: facts.stop,
          },
          thinking: facts.thinking,
        },
        null,
        1,
      ),
    ),
  );
}

/** What stands in the other files: how pictures are prepared, where answers end, whether the model thinks aloud. */
async function readFacts(from: SourceFolder, config: Qwen3VlConfig) {
  const picture = parseFields(await textOf(from, 'preprocessor_config.json'), 'preprocessor_config.json');
  const size = picture.object('size');
  const generation = await optionalTextOf(from, 'generation_config.json');
  const template =
    (await optionalTextOf(from, 'chat_template.jinja')) ??
    (await optionalTextOf(from, 'chat_template.json')) ??
    (await optionalTextOf(from, 'tokenizer_config.json')) ??
    '';
  return {
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

function tableFacts({ values, scales }: StoredTable, { text }: Qwen3VlConfig, precision: Precision) {
  return {
    precision,
    rows: text.vocabulary,
    columns: text.hidden,
    file: values.location,
    offset: values.offset,
    scales: scales && { file: scales.location, offset: scales.offset },
  };
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

async function write(to: SinkFolder, name: string, bytes: Uint8Array): Promise<void> {
  const sink = await to.create(name);
  await sink.append(bytes);
  await sink.close();
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
