/** Files chosen together with a `manifest.json`: the models it describes, restored under its own words. */
import { asStudioError, isAbort, StudioError } from '../base/errors';
import { bytesOfFile } from '../base/file';
import { sha256 } from '../base/sha256';
import { maxManifestBytes } from '../privacy/mirror-list';
import { filesOf, withFiles } from '../models/files';
import type { ModelCard, ModelFile } from '../models/model';
import { cardOfContent } from './catalog';
import { importListed, importParts } from './importer';
import { readManifest, type ListedFile, type ListedModel } from './manifest';
import type { ModelStore } from './store';

/** A second download of that name is called `manifest (1).json`. */
const manifestName = /^manifest(?: ?\(\d+\))?\.json$/i;

export function isManifest({ name }: File): boolean {
  return manifestName.test(name);
}

/** What came of the models of one manifest. */
export interface Restored {
  readonly cards: readonly ModelCard[];
  readonly failed: readonly { readonly title: string; readonly error: StudioError }[];
}

/**
 * The folder itself is never read: a path in the manifest only tells which of the files that were given is meant.
 * All of them are there before the first is kept; one that then fails takes no other with it.
 * @throws StudioError model/manifest, model/manifest-version, model/missing-file, model/hash-mismatch, model/*,
 * storage/*
 */
export async function restoreModels(files: readonly File[], store: ModelStore): Promise<Restored> {
  const manifest = files.find(isManifest);
  if (!manifest || manifest.size > maxManifestBytes) {
    throw new StudioError('model/manifest', { maxBytes: maxManifestBytes });
  }
  const listed = readManifest(await manifest.text(), cardOfContent);
  if (listed.length === 0) throw new StudioError('model/manifest', { models: 0 });
  const given = files.filter((file) => file !== manifest);
  const found: { readonly model: ModelCard; readonly files: ReadonlyMap<ModelFile, File> }[] = [];
  for (const model of listed) found.push(await filesFor(model, given, listed.length));
  const cards: ModelCard[] = [];
  const failed: { title: string; error: StudioError }[] = [];
  for (const { model, files: its } of found) {
    const [file] = its.values();
    try {
      cards.push(
        await (!model.parts && file ? importListed(model, file, store) : importParts(model, its, store)),
      );
    } catch (thrown) {
      if (isAbort(thrown) || found.length === 1) throw thrown;
      failed.push({ title: model.title, error: asStudioError(thrown, 'storage/unavailable') });
    }
  }
  return { cards, failed };
}

/** From a disk, so that there is no path to get them from again. @throws StudioError model/missing-file */
async function filesFor(listed: ListedModel, given: readonly File[], modelCount: number) {
  const files = new Map<ModelFile, File>();
  const places = new Map(filesOf<ListedFile>(listed).map((file) => [file.sha256, file]));
  const model = withFiles(listed, ({ name, bytes, sha256, remote }): ModelFile => {
    return { name, bytes, sha256, ...(remote && { remote }) };
  });
  const isOnly = modelCount === 1 && places.size === 1;
  for (const file of filesOf(model)) {
    const place = places.get(file.sha256);
    if (place) files.set(file, await fileOf(place, given, isOnly));
  }
  return { model, files };
}

/**
 * By its name and length, and where that is not enough by its hash. The browser may have given a download another name.
 * What is taken is checked when it is kept.
 */
async function fileOf(wanted: ListedFile, files: readonly File[], isOnly: boolean): Promise<File> {
  const named = files.filter(({ name }) => name === wanted.path.split('/').at(-1));
  const alike = (named.length > 0 ? named : files).filter(({ size }) => size === wanted.bytes);
  if (alike.length > 1) {
    for (const file of alike) if ((await sha256(await bytesOfFile(file))) === wanted.sha256) return file;
  }
  const file = alike[0] ?? (isOnly ? (named[0] ?? files[0]) : undefined);
  if (!file) throw new StudioError('model/missing-file', { file: wanted.path });
  return file;
}
