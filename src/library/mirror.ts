/** The models a deployment laid beside the app: what its `models/manifest.json` names, and where each is fetched. */
import { manifestPath, maxManifestBytes, modelsFolder } from '../privacy/mirror-list';
import { filesOf, isSameContent, withFiles } from '../models/files';
import type { ModelCard } from '../models/model';
import { cardOfContent } from './catalog';
import { readManifest } from './manifest';
import { readText, type Asking } from './small-text';

export class Mirror {
  readonly #asking: Asking;
  #models: readonly ModelCard[] = [];

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  /** As it was read last. What ships with the app is got as it ships. */
  get models(): readonly ModelCard[] {
    return this.#models;
  }

  /** Reads it anew; without one, or without a line, what was read before stays. @throws StudioError model/manifest* */
  async look(): Promise<void> {
    const text = await readText(manifestPath, maxManifestBytes, this.#asking).catch(() => null);
    if (text === null) return;
    this.#models = readManifest(text, cardOfContent)
      .filter(({ builtIn }) => !builtIn)
      .map((model) => withFiles(model, (file) => ({ ...file, path: `${modelsFolder}${file.path ?? ''}` })));
  }
}

/** The card with the places and the chunk hashes under which its files are, or were, to be had. */
export function placed(card: ModelCard, of: ModelCard | undefined): ModelCard {
  if (!of || !isSameContent(card)(of)) return card;
  const files = new Map(filesOf(of).map((file) => [file.sha256, file]));
  return withFiles(card, (file) => {
    const { path, chunks } = files.get(file.sha256) ?? {};
    if (file.path !== undefined || path === undefined) return file;
    return { ...file, path, ...(chunks && { chunks }) };
  });
}
