/** A folder of weights as their makers publish them, converted on this device and kept as the model itself. */
import { beyondTheEnd, type ByteSource, type SourceFolder } from '../base/byte-source';
import { StudioError } from '../base/errors';
import { bytesOfFile } from '../base/file';
import { sha256 } from '../base/sha256';
import type { TransferProgress } from '../base/progress';
import { blockBytes, blocksOf } from '../runtime/four-bit';
import { quantizeRows } from '../foundry/quantize';
import { readQwen3VlConfig } from '../foundry/qwen3-vl-config';
import { buildQwen3Vl } from '../foundry/qwen3-vl';
import { isPublicLayout, publicBytes, takePublicLayout } from '../foundry/qwen3-vl-public';
import { readFolder, readRows, type StoredTensor } from '../foundry/safetensors';
import { contentOf, withFiles } from '../models/files';
import type { ModelCard } from '../models/model';
import { builtCard, builtFacts, sizeName } from './built-model';
import type { Bytes } from './chunks';
import { Staging, type StagingPowers } from './staging';
import type { ModelStore } from './store';

/** What a conversion reads, keeps and takes, told before it begins. */
export interface ConversionPlan {
  readonly title: string;
  /** Official weights become a model; what others exported for transformers.js is taken as it is. */
  readonly kind: 'weights' | 'exported';
  readonly sourceBytes: number;
  /** About. */
  readonly keptBytes: number;
  /** From the speed of this device with a piece of these very weights. */
  readonly ms: number;
}

export interface ConversionPowers {
  readonly store: ModelStore;
  readonly room: StagingPowers;
}

interface Converting {
  readonly report: (progress: TransferProgress) => void;
  readonly signal: AbortSignal;
}

/** Larger is no `config.json`. */
const mostConfigBytes = 2 ** 20;
/** Weights that the speed is measured with. */
const sampleValues = 2 ** 21;
/** Before that a time left would be a guess. */
const steadyMs = 2000;

/** The folder of Qwen3-VL's published files among these, official or as exported for transformers.js; null where there is none. */
export async function publishedFolder(files: readonly File[]): Promise<SourceFolder | null> {
  for (const config of files.filter(({ name, size }) => name === 'config.json' && size < mostConfigBytes)) {
    if (!/"model_type"\s*:\s*"qwen3_vl"/.test(await config.text())) continue;
    const folder = folderOf(config);
    const byName = new Map(
      files.flatMap((file) => {
        const path = pathOf(file);
        return path.startsWith(folder) ? [[path.slice(folder.length), file] as const] : [];
      }),
    );
    return {
      open: (name) => {
        const file = byName.get(name);
        return Promise.resolve(file ? fileSource(file) : null);
      },
    };
  }
  return null;
}

/** @throws StudioError model/missing-file, model/not-recognised, model/damaged, file/gone */
export async function planConversion(folder: SourceFolder): Promise<ConversionPlan> {
  const { speed, ...told } = await lookInto(folder);
  return { ...told, ms: told.sourceBytes / (await speed()) };
}

/** What a plan says; `speed` measures the bytes of the source a millisecond. @throws as `planConversion` */
async function lookInto(folder: SourceFolder) {
  const { text } = readQwen3VlConfig(await textOf(folder, 'config.json'));
  const title = `Qwen3-VL${sizeName(text.hidden)}`;
  if (await isPublicLayout(folder)) {
    const bytes = await publicBytes(folder);
    return { title, kind: 'exported', sourceBytes: bytes, keptBytes: bytes, speed: hashSpeed } as const;
  }
  const tensors = [...(await readFolder(folder)).values()];
  const sourceBytes = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  const keptBytes = tensors.reduce((sum, tensor) => sum + keptBytesOf(tensor), 0);
  const largest = tensors.reduce((most, tensor) => (tensor.bytes > most.bytes ? tensor : most));
  return { title, kind: 'weights', sourceBytes, keptBytes, speed: () => measureSpeed(largest) } as const;
}

/**
 * Weight by weight; a model is there when all of it is, and of what is given up nothing stays.
 * @throws StudioError as `planConversion`, storage/*; the signal's reason
 */
export async function convertFolder(
  folder: SourceFolder,
  { store, room }: ConversionPowers,
  { report, signal }: Converting,
): Promise<ModelCard> {
  const { title, kind, sourceBytes } = await lookInto(folder);
  const started = performance.now();
  const tell = (share: number) => {
    const ms = performance.now() - started;
    report({
      ...{
        kind: 'transfer',
        name: title,
        doneBytes: Math.floor(sourceBytes * share),
        totalBytes: sourceBytes,
      },
      ...(ms > steadyMs && share < 1 && { msLeft: (ms / share) * (1 - share) }),
    });
  };
  tell(0);
  // The rest is moving what was made to its place.
  const share = kind === 'exported' ? 0.5 : 0.95;
  return Staging.use(room, async (staging) => {
    const onProgress = (done: number, total: number) => tell((done / total) * share);
    if (kind === 'exported') await takePublicLayout(folder, staging, { signal, onProgress });
    else await buildQwen3Vl(folder, staging, { precision: 'q4', signal, onProgress });
    const made = staging.files;
    const facts: Bytes[] = [];
    for await (const chunk of staging.read(builtFacts)) facts.push(chunk);
    const plain = builtCard(await new Blob(facts).text());
    const found = withFiles(plain, (file) => ({ ...file, ...made.get(file.name) }));
    const card = { ...found, id: `imported-${contentOf(found).slice(0, 16)}` };
    const keptBytes = [...made.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    let movedBytes = 0;
    const moving = async function* (name: string) {
      for await (const chunk of staging.read(name, true)) {
        signal.throwIfAborted();
        yield chunk;
        movedBytes += chunk.length;
        tell(share + (movedBytes / keptBytes) * (1 - share));
      }
    };
    await store.putFiles(card, ({ name }) => moving(name));
    tell(1);
    return card;
  });
}

/** Dropped files have no path but their name. */
function pathOf({ name, webkitRelativePath }: File): string {
  return webkitRelativePath === '' ? name : webkitRelativePath;
}

/** With the slash at its end; empty where there is none. */
function folderOf(file: File): string {
  return pathOf(file).replace(/[^/]*$/, '');
}

/** @throws StudioError file/gone where the disk gives it no more */
function fileSource(file: File): ByteSource {
  return {
    bytes: file.size,
    read: async (offset, length) => {
      if (offset + length > file.size) throw beyondTheEnd(file.size, offset + length);
      return bytesOfFile(file.slice(offset, offset + length));
    },
  };
}

async function textOf(folder: SourceFolder, name: string): Promise<string> {
  const source = await folder.open(name);
  if (!source) throw new StudioError('model/missing-file', { file: name });
  return new TextDecoder().decode(await source.read(0, source.bytes));
}

/** Tables in 4 bits with a scale for each block; what is small in 32. */
function keptBytesOf({ dims, bytes }: StoredTensor): number {
  const [rows = 0, columns = 0, ...more] = dims;
  if (dims.length < 2 || more.length > 0) return 2 * bytes;
  return rows * blocksOf(columns) * (blockBytes + 4);
}

/** Bytes of the source a millisecond; the first piece warms up. */
async function measureSpeed(tensor: StoredTensor): Promise<number> {
  const [rows = 1, columns = 1] = tensor.dims;
  const count = Math.min(rows, Math.max(1, Math.floor(sampleValues / columns)));
  const convert = async (from: number) =>
    void quantizeRows(await readRows(tensor, from, from + count), columns);
  await convert(0);
  const started = performance.now();
  await convert(rows - count);
  const bytes = (tensor.bytes * count) / rows;
  return bytes / Math.max(performance.now() - started, 1);
}

/** What each byte goes through when files are taken as they are: read, hashed and written twice. Bytes a millisecond. */
async function hashSpeed(): Promise<number> {
  const piece = new Uint8Array(2 ** 24);
  const started = performance.now();
  for (let pass = 0; pass < 4; pass++) await sha256(piece);
  return piece.length / Math.max(performance.now() - started, 1) / 2;
}
