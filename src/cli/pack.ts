/** Lays models beside the app: each file under its model's id, and last the manifest that names them all. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StudioError } from '../base/errors';
import { Cut, largestChunkBytes } from '../library/chunks';
import { fileKind, headBytes } from '../library/file-kind';
import { plainFileName, writeManifest, type ListedModel } from '../library/manifest';
import { packedSource, recognisedCard } from '../library/recognise';
import type { ModelCard } from '../models/model';
import { PlainError } from './plain-error';

const cards = resolve(import.meta.dirname, '../models');

/**
 * Writes `<out>/<id>/<name>` for each ONNX file and `<out>/manifest.json`, which from then on names these alone.
 * Nothing is written before every file has been read and recognised.
 * @throws PlainError for a built-in or a model twice; StudioError model/* for what is no model
 */
export async function pack(files: readonly string[], out: string): Promise<readonly ListedModel[]> {
  const known = await knownCards();
  const packed = files.map((file) => {
    if (!existsSync(file)) throw new PlainError(`There is no file ${file}.`);
    const bytes = readFileSync(file);
    try {
      return { bytes, model: describe(file, bytes, known) };
    } catch (thrown) {
      if (!(thrown instanceof StudioError)) throw thrown;
      throw new StudioError(thrown.code, { file, ...thrown.details }, { cause: thrown });
    }
  });
  const models = packed.map(({ model }) => model);
  if (new Set(models.map(({ id }) => id)).size < models.length)
    throw new PlainError('A model is named twice.');
  for (const { bytes, model } of packed) write(join(out, model.part.path), bytes);
  write(join(out, 'manifest.json'), writeManifest(models));
  return models;
}

function describe(file: string, bytes: Buffer, known: ReadonlyMap<string, ModelCard>): ListedModel {
  if (fileKind(bytes.subarray(0, headBytes), file) !== 'onnx')
    throw new StudioError('model/not-recognised', { reason: 'not ONNX' });
  const hash = sha256(bytes);
  const card = known.get(hash) ?? { ...recognisedCard(bytes, basename(file), hash), source: packedSource };
  if (card.builtIn) throw new PlainError(`${file} is ${card.title}, which ships with the app.`);
  const cut = new Cut(bytes.length, largestChunkBytes);
  const hashes = [...Array(cut.count).keys()].map((index) =>
    sha256(bytes.subarray(cut.start(index), cut.start(index) + cut.length(index))),
  );
  const path = `${card.id}/${plainFileName(card)}`;
  return { ...card, part: { ...card.part, path, chunks: { bytes: cut.chunkBytes, sha256: hashes } } };
}

/** By the hash of the file. The app itself finds them by a glob, which only the build understands. */
async function knownCards(): Promise<ReadonlyMap<string, ModelCard>> {
  const files = readdirSync(cards).map((id) => join(cards, id, 'card.ts'));
  const modules = files
    .filter((file) => existsSync(file))
    .map(async (file) => {
      const { card } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { card: ModelCard };
      return [card.part.sha256, card] as const;
    });
  return new Map(await Promise.all(modules));
}

/** Under its name only once it is whole. */
function write(path: string, content: Buffer | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, content);
  renameSync(`${path}.part`, path);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
