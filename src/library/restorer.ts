/** Files chosen together with a `manifest.json`: the models it describes, restored under its own words. */
import { StudioError } from '../base/errors';
import { bytesOfFile } from '../base/file';
import { sha256 } from '../base/sha256';
import { maxManifestBytes } from '../privacy/mirror-list';
import type { ModelCard } from '../models/model';
import { cardBySha256 } from './catalog';
import { importListed } from './importer';
import { readManifest, type ListedModel } from './manifest';
import type { ModelStore } from './store';

/** A second download of that name is called `manifest (1).json`. */
const manifestName = /^manifest(?: ?\(\d+\))?\.json$/i;

export function isManifest({ name }: File): boolean {
  return manifestName.test(name);
}

/**
 * The folder itself is never read: a path in the manifest only tells which of the files that were given is meant.
 * All of them are there before the first is kept.
 * @throws StudioError model/manifest, model/manifest-version, model/missing-file, model/hash-mismatch, model/*,
 * storage/*
 */
export async function restoreModels(
  files: readonly File[],
  store: ModelStore,
): Promise<readonly ModelCard[]> {
  const manifest = files.find(isManifest);
  if (!manifest || manifest.size > maxManifestBytes) {
    throw new StudioError('model/manifest', { maxBytes: maxManifestBytes });
  }
  const listed = readManifest(await manifest.text(), cardBySha256);
  if (listed.length === 0) throw new StudioError('model/manifest', { models: 0 });
  const models = files.filter(({ name }) => /\.onnx$/i.test(name));
  const found: { readonly model: ListedModel; readonly file: File }[] = [];
  for (const model of listed) found.push({ model, file: await fileOf(model, models, listed.length) });
  const cards: ModelCard[] = [];
  for (const { model, file } of found) {
    // From a disk, so that there is no path to get it from again.
    const { name, bytes, sha256 } = model.part;
    cards.push(await importListed({ ...model, part: { name, bytes, sha256 } }, file, store));
  }
  return cards;
}

/**
 * By its name and length, and where that is not enough by its hash. The browser may have given a download another name.
 * What is taken is checked when it is kept.
 */
async function fileOf({ part }: ListedModel, files: readonly File[], modelCount: number): Promise<File> {
  const named = files.filter(({ name }) => name === part.path.split('/').at(-1));
  const alike = (named.length > 0 ? named : files).filter(({ size }) => size === part.bytes);
  if (alike.length > 1) {
    for (const file of alike) if ((await sha256(await bytesOfFile(file))) === part.sha256) return file;
  }
  const file = alike[0] ?? (modelCount === 1 ? (named[0] ?? files[0]) : undefined);
  if (!file) throw new StudioError('model/missing-file', { file: part.path });
  return file;
}
