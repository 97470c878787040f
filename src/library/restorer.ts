/** Files chosen together with a `manifest.json`: the one model it describes, restored under its own words. */
import { StudioError } from '../base/errors';
import { maxManifestBytes } from '../privacy/mirror-list';
import type { ModelCard } from '../models/model';
import { cardBySha256 } from './catalog';
import { importListed } from './importer';
import { readManifest } from './manifest';
import type { ModelStore } from './store';

/** A second download of that name is called `manifest (1).json`. */
const manifestName = /^manifest(?: ?\(\d+\))?\.json$/i;

export function isManifest({ name }: File): boolean {
  return manifestName.test(name);
}

/**
 * The folder itself is never read: of the path in the manifest only the last name counts, and only among the
 * files that were given.
 * @throws StudioError model/manifest, model/manifest-version, model/missing-file, model/hash-mismatch, model/*,
 * storage/*
 */
export async function restoreModel(files: readonly File[], store: ModelStore): Promise<ModelCard> {
  const manifest = files.find(isManifest);
  if (!manifest || manifest.size > maxManifestBytes) {
    throw new StudioError('model/manifest', { maxBytes: maxManifestBytes });
  }
  const [listed, ...others] = readManifest(await manifest.text(), cardBySha256);
  if (!listed || others.length > 0) {
    throw new StudioError('model/manifest', { models: others.length + (listed ? 1 : 0), wanted: 1 });
  }
  const wanted = listed.part.path.split('/').at(-1);
  const models = files.filter(({ name }) => /\.onnx$/i.test(name));
  // The browser may have given a download another name; the hash tells whether it is the one.
  const file = models.find(({ name }) => name === wanted) ?? (models.length === 1 ? models[0] : undefined);
  if (!file) throw new StudioError('model/missing-file', { file: listed.part.path });
  // From a disk, so that there is no path to get it from again.
  const { name, bytes, sha256 } = listed.part;
  return importListed({ ...listed, part: { name, bytes, sha256 } }, file, store);
}
