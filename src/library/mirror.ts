/** The models a deployment laid beside the app: what its `models/manifest.json` names, and where each is fetched. */
import { manifestPath, maxManifestBytes, modelsFolder } from '../privacy/mirror-list';
import type { ModelCard } from '../models/model';
import { cardBySha256 } from './catalog';
import type { Request } from './line';
import type { LineGate } from './line-gate';
import { readManifest, type ListedModel } from './manifest';

/** A host that says nothing for so long says nothing. */
const patienceMs = 20_000;

export class Mirror {
  readonly #request: Request;
  readonly #gate: LineGate;
  #models: readonly ListedModel[] = [];

  constructor({ request, gate }: { readonly request: Request; readonly gate: LineGate }) {
    this.#request = request;
    this.#gate = gate;
  }

  /** As it was read last. What ships with the app is got as it ships. */
  get models(): readonly ListedModel[] {
    return this.#models;
  }

  /** Reads it anew; without one, or without a line, what was read before stays. @throws StudioError model/manifest* */
  async look(): Promise<void> {
    const text = await this.#read().catch(() => null);
    if (text === null) return;
    this.#models = readManifest(text, cardBySha256)
      .filter(({ builtIn }) => !builtIn)
      .map((model) => ({ ...model, part: { ...model.part, path: modelsFolder + model.part.path } }));
  }

  async #read(): Promise<string> {
    const closing = await this.#gate.pass(new AbortController().signal);
    const signal = AbortSignal.any([closing, AbortSignal.timeout(patienceMs)]);
    const response = await this.#request(manifestPath, { signal });
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    for await (const piece of response.body ?? []) {
      pieces.push(Uint8Array.from(piece));
      bytes += piece.length;
      // Too long to be one: the reader of it says so.
      if (bytes > maxManifestBytes) break;
    }
    return new Blob(pieces).text();
  }
}

/** The card with the place and the chunk hashes under which its file is, or was, to be had. */
export function placed(card: ModelCard, of: ModelCard | undefined): ModelCard {
  if (card.part.path !== undefined || of?.part.sha256 !== card.part.sha256) return card;
  const { path, chunks } = of.part;
  return path === undefined ? card : { ...card, part: { ...card.part, path, ...(chunks && { chunks }) } };
}
