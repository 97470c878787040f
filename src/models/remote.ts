/** Where a model's bytes come from, and which foreign hosts that takes. */
import { filesOf } from './files';
import type { ModelCard, ModelFile, Remote } from './model';

/** What the airlock is asked for: a path of the app or a foreign address; undefined for what is only imported. */
export function addressOf({ path, remote }: ModelFile): string | undefined {
  return path ?? remote?.url;
}

/** False of what can only be imported. */
export function isFetchable(card: ModelCard): boolean {
  return filesOf(card).every((file) => addressOf(file) !== undefined);
}

/** The foreign files a visitor must agree to first; one that stands beside the app needs no agreement. */
export function foreignFiles(card: ModelCard): readonly Remote[] {
  return filesOf(card).flatMap(({ path, remote }) => (path === undefined && remote ? [remote] : []));
}

/** The hosts of these files, as a person reads them, the files' own first. */
export function hostsOf(remotes: readonly Remote[]): readonly string[] {
  const addresses = [...remotes.map(({ url }) => url), ...remotes.flatMap(({ redirects }) => redirects)];
  return [...new Set(addresses.map((address) => new URL(address).host))];
}

/** The card with the file that is fetched: its own where that is to be had, else what its makers publish. */
export function fetchedForm(card: ModelCard): ModelCard {
  const { original, part } = card;
  if (!original || !part || addressOf(part) !== undefined) return card;
  const { name, remote } = original;
  return { ...card, part: { name, remote, bytes: 0, sha256: '' } };
}

/** True of a card whose part is what is converted once it has come. */
export function isOriginal({ part, original }: ModelCard): boolean {
  return original !== undefined && part?.remote?.url === original.remote.url;
}
