/**
 * Qwen3-VL from its published files: a folder in Hugging Face's layout in, the parts `vision.onnx` and `decoder.onnx`
 * with their weights and `model.json` out. Weights pass through a few rows at a time, so an 8B source never lies in
 * memory. `model.json` says to the pipeline whatever it must know besides.
 */
import type { SinkFolder, SourceFolder } from '../base/byte-source';
import { ExternalWriter } from './external-data';
import { Layers, type LayerOptions, type Precision, type StoredTable } from './layers';
import { buildDecoder } from './qwen3-vl-decoder';
import type { Qwen3VlConfig } from './qwen3-vl-config';
import { readPublished, writeFacts, writeFile } from './qwen3-vl-facts';
import { buildVision } from './qwen3-vl-vision';
import { readFolder } from './safetensors';

export interface BuildOptions {
  readonly precision: Precision;
  readonly signal: AbortSignal;
  /** Bytes of the source that were turned, and their whole. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** @throws StudioError model/missing-file, model/not-recognised, model/damaged, model/unsafe-path */
export async function buildQwen3Vl(
  from: SourceFolder,
  to: SinkFolder,
  { precision, signal, onProgress }: BuildOptions,
): Promise<void> {
  const source = await readPublished(from);
  const { config } = source;
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
  await writeFile(to, 'vision.onnx', await buildVision(new Layers(visionPart), config.vision));
  const visionFiles = await visionPart.writer.close();
  const decoderPart = part('decoder');
  const decoder = await buildDecoder(new Layers(decoderPart), config, precision);
  await writeFile(to, 'decoder.onnx', decoder.onnx);
  const decoderFiles = await decoderPart.writer.close();

  await writeFacts(to, source, {
    precision,
    parts: {
      vision: { graph: 'vision.onnx', data: visionFiles },
      decoder: { graph: 'decoder.onnx', data: decoderFiles },
    },
    embeddings: tableFacts(decoder.embeddings, config, precision),
  });
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
