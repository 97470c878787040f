/**
 * Qwen3-VL as it is published for transformers.js, taken over as it is: three graphs, each with its weights beside it, and
 * what the pipeline must know of them. Such an export has no DeepStack, whatever its `config.json` says. File names:
 * huggingface/transformers.js@4.3.1 src/utils/dtypes.js.
 */
import type { ByteSink, SinkFolder, SourceFolder } from '../base/byte-source';
import { StudioError } from '../base/errors';
import type { WrittenFile } from './external-data';
import { readOnnx } from './onnx';
import { readPublished, writeFacts } from './qwen3-vl-facts';
import type { BuildOptions } from './qwen3-vl';

const graphs = {
  embed: 'embed_tokens',
  vision: 'vision_encoder',
  decoder: 'decoder_model_merged',
} as const;
/** The first that is there is taken: small ones first, of these the ones that compute in 32 bits. */
const suffixes = ['_q4', '_q4f16', '_quantized', '_int8', '_uint8', '_fp16', ''];
const mostGraphBytes = 2 ** 31;
const pieceBytes = 2 ** 24;

/** True where there is no more official form beside it. */
export async function isPublicLayout(from: SourceFolder): Promise<boolean> {
  for (const name of ['model.safetensors', 'model.safetensors.index.json'])
    if ((await from.open(name)) !== null) return false;
  return (await graphIn(from, 'decoder')) !== null;
}

/** Bytes of all that is taken. @throws StudioError model/missing-file, model/unsafe-path, model/damaged */
export async function publicBytes(from: SourceFolder): Promise<number> {
  const files = (await Promise.all(parts.map((part) => filesOf(from, part)))).flat();
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** @throws StudioError model/missing-file, model/not-recognised, model/damaged, model/unsafe-path */
export async function takePublicLayout(
  from: SourceFolder,
  to: SinkFolder,
  { signal, onProgress }: Omit<BuildOptions, 'precision'>,
): Promise<void> {
  const published = await readPublished(from);
  const totalBytes = await publicBytes(from);
  let doneBytes = 0;
  const taken: Record<string, { graph: string; data: WrittenFile[] }> = {};
  for (const part of parts) {
    const files = await filesOf(from, part);
    const [graph, ...data] = files.map(({ name, bytes }): WrittenFile => ({ location: name, bytes }));
    if (!graph) throw new StudioError('model/missing-file', { file: graphs[part] });
    for (const { name, source } of files) {
      const sink: ByteSink = await to.create(name);
      for (let at = 0; at < source.bytes; at += pieceBytes) {
        signal.throwIfAborted();
        const length = Math.min(pieceBytes, source.bytes - at);
        await sink.append(await source.read(at, length));
        onProgress?.((doneBytes += length), totalBytes);
      }
      await sink.close();
    }
    taken[part] = { graph: graph.location, data };
  }
  const { config } = published;
  const vision = { ...config.vision, deepstackBlocks: [] };
  await writeFacts(
    to,
    { ...published, config: { ...config, vision } },
    {
      layout: 'transformers.js',
      parts: taken,
    },
  );
}

type Part = keyof typeof graphs;
const parts: readonly Part[] = ['embed', 'vision', 'decoder'];

async function graphIn(from: SourceFolder, part: Part) {
  for (const suffix of suffixes) {
    for (const folder of ['onnx/', '']) {
      const name = `${graphs[part]}${suffix}.onnx`;
      const source = await from.open(folder + name);
      if (source) return { name, folder, source };
    }
  }
  return null;
}

/** The graph, and the files that it names its weights by. */
async function filesOf(from: SourceFolder, part: Part) {
  const graph = await graphIn(from, part);
  if (!graph) throw new StudioError('model/missing-file', { file: `${graphs[part]}.onnx` });
  const { name, folder, source } = graph;
  if (source.bytes > mostGraphBytes)
    throw new StudioError('model/damaged', { file: name, bytes: source.bytes });
  const files = [{ name, source, bytes: source.bytes }];
  for (const location of readOnnx(await source.read(0, source.bytes)).externalFiles) {
    if (!/^[\w-][\w.-]*$/.test(location)) throw new StudioError('model/unsafe-path', { path: location });
    const data = await from.open(folder + location);
    if (!data) throw new StudioError('model/missing-file', { file: location });
    files.push({ name: location, source: data, bytes: data.bytes });
  }
  return files;
}
