/** The models a deployment laid beside the app: what its `models/manifest.json` names, and where each is fetched. */
import { manifestPath, maxManifestBytes, modelsFolder } from '../privacy/mirror-list';
import type { ModelCard } from '../models/model';
import { cardBySha256 } from './catalog';
import { readManifest, type ListedModel } from './manifest';
import { readText, type Asking } from './small-text';

export class Mirror {
  readonly #asking: Asking;
  #models: readonly ListedModel[] = [];

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  /** As it was read last. What ships with the app is got as it ships. */
  get models(): readonly ListedModel[] {
    return this.#models;
  }

  /** Reads it anew; without one, or without a line, what was read before stays. @throws StudioError model/manifest* */
  async look(): Promise<void> {
    const text = await readText(manifestPath, maxManifestBytes, this.#asking).catch(() => null);
    if (text === null) return;
    this.#models = readManifest(text, cardBySha256)
      .filter(({ builtIn }) => !builtIn)
      .map((model) => ({ ...model, part: { ...model.part, path: modelsFolder + model.part.path } }));
  }
}

/** The card with the place and the chunk hashes under which its file is, or was, to be had. */
export function placed(card: ModelCard, of: ModelCard | undefined): ModelCard {
  if (card.part.path !== undefined || of?.part.sha256 !== card.part.sha256) return card;
  const { path, chunks } = of.part;
  return path === undefined ? card : { ...card, part: { ...card.part, path, ...(chunks && { chunks }) } };
}
