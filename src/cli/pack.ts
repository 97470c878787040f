/** Lays models beside the app: each file under its model's id, and last the manifest that names them all. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StudioError } from '../base/errors';
import { convertDctNet } from '../foundry/dct-net-pb';
import { inlineData } from '../foundry/inline-data';
import { readOnnx } from '../foundry/onnx';
import { Cut, largestChunkBytes } from '../library/chunks';
import { leavesFolder } from '../library/companions';
import { fileKind, headBytes } from '../library/file-kind';
import { plainFileName, writeManifest, type ListedFile, type ListedModel } from '../library/manifest';
import { convertedCard, packedSource, recognisedCard } from '../library/recognise';
import { contentOf, ofOneFile } from '../models/files';
import type { FileCard, ModelCard } from '../models/model';
import { builtIn, partsIn } from './pack-parts';
import { PlainError } from './plain-error';

const cards = resolve(import.meta.dirname, '../models');

/**
 * Writes `<out>/<id>/<name>` for each model and `<out>/manifest.json`, which from then on names these alone. Folders
 * stand for the models in them; weights that lie beside an ONNX file are taken into it, and DCT-Net's `.pb` are
 * converted. Nothing is written before every file has been read and recognised.
 * @throws PlainError for a built-in, a model twice or none at all; StudioError model/* for what is no model
 */
export async function pack(paths: readonly string[], out: string): Promise<readonly ListedModel[]> {
  const known = await knownCards();
  const several = [...known.values()].flatMap((card) => (card.parts ? [card] : []));
  const parts = paths
    .filter(isFolder)
    .flatMap((path) => [...partsIn(path, several), ...[builtIn(path) ?? []].flat()]);
  const taken = new Set(parts.flatMap(({ from }) => [...from.values()]));
  const single = paths.flatMap((path) => modelFiles(path, taken));
  if (single.length + parts.length === 0) throw new PlainError(`There is no model in ${paths.join(', ')}.`);
  const packed = single.map((file) => {
    try {
      const { bytes, card } = readModel(file, known);
      if (card.builtIn) throw new PlainError(`${file} is ${card.title}, which ships with the app.`);
      return { bytes, model: listed(card, bytes) };
    } catch (thrown) {
      if (!(thrown instanceof StudioError)) throw thrown;
      throw new StudioError(thrown.code, { ...thrown.details, model: file }, { cause: thrown });
    }
  });
  const models = [...packed, ...parts].map(({ model }) => model);
  if (new Set(models.map(({ id }) => id)).size < models.length)
    throw new PlainError('A model is named twice.');
  for (const { bytes, model } of packed) write(join(out, model.part.path), bytes);
  for (const [to, from] of parts.flatMap((each) => [...each.from])) copy(from, join(out, to));
  write(join(out, 'manifest.json'), writeManifest(models));
  return models;
}

/** @throws PlainError */
function isFolder(path: string): boolean {
  if (!existsSync(path)) throw new PlainError(`There is no file ${path}.`);
  return statSync(path).isDirectory();
}

/** But for those that are `taken` as parts of another. */
function modelFiles(path: string, taken: ReadonlySet<string>): readonly string[] {
  if (!isFolder(path)) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  const models = names.filter((name) => /\.(onnx|pb)$/i.test(name)).map((name) => join(path, name));
  return models.filter((file) => !taken.has(file));
}

function readModel(
  file: string,
  known: ReadonlyMap<string, ModelCard>,
): { bytes: Uint8Array; card: FileCard } {
  const published = readFileSync(file);
  const name = basename(file);
  if (fileKind(published.subarray(0, headBytes), name) === 'tensorflow') {
    const bytes = convertDctNet(published);
    const hash = sha256(bytes);
    return {
      bytes,
      card: ofOneFile(known.get(hash)) ?? { ...convertedCard(bytes, name, hash), source: packedSource },
    };
  }
  const bytes = withItsWeights(file, published);
  const hash = sha256(bytes);
  return {
    bytes,
    card: ofOneFile(known.get(hash)) ?? { ...recognisedCard(bytes, name, hash), source: packedSource },
  };
}

/** With the weights that lie in files of their own, where they are in the model's folder. */
function withItsWeights(file: string, model: Uint8Array): Uint8Array {
  const files = new Map<string, Uint8Array>();
  for (const location of readOnnx(model).externalFiles) {
    const beside = join(dirname(file), location);
    // What is missing or lies elsewhere stays outside, and is refused as such.
    if (!leavesFolder(location) && existsSync(beside)) files.set(location, readFileSync(beside));
  }
  return files.size === 0 ? model : inlineData(model, files);
}

function listed(card: FileCard, bytes: Uint8Array): FileCard<ListedFile> {
  const cut = new Cut(bytes.length, largestChunkBytes);
  const hashes = [...Array(cut.count).keys()].map((index) =>
    sha256(bytes.subarray(cut.start(index), cut.start(index) + cut.length(index))),
  );
  const path = `${card.id}/${plainFileName(card.part, card)}`;
  return { ...card, part: { ...card.part, path, chunks: { bytes: cut.chunkBytes, sha256: hashes } } };
}

/** By the hash of the file. The app itself finds them by a glob, which only the build understands. */
async function knownCards(): Promise<ReadonlyMap<string, ModelCard>> {
  const files = readdirSync(cards).map((id) => join(cards, id, 'card.ts'));
  const modules = files
    .filter((file) => existsSync(file))
    .map(async (file) => {
      const { card } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { card: ModelCard };
      return [contentOf(card), card] as const;
    });
  return new Map(await Promise.all(modules));
}

/** Under its name only once it is whole. */
function write(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, content);
  renameSync(`${path}.part`, path);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, `${to}.part`);
  renameSync(`${to}.part`, to);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
