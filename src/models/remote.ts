/** Where a part's bytes come from, and which foreign hosts that takes. */
import type { ModelCard, ModelPart, Remote } from './model';

/** What the airlock is asked for: a path of the app or a foreign address; undefined for what is only imported. */
export function addressOf({ path, remote }: ModelPart): string | undefined {
  return path ?? remote?.url;
}

/** The foreign host a visitor must agree to first; a file that stands beside the app needs none. */
export function foreignOf({ path, remote }: ModelPart): Remote | undefined {
  return path === undefined ? remote : undefined;
}

/** As a person reads them, the file's own first. */
export function hostsOf({ url, redirects }: Remote): readonly string[] {
  return [url, ...redirects].map((address) => new URL(address).host);
}

/** The card with the part that is fetched: its own where that is to be had, else what its makers publish. */
export function fetchedForm(card: ModelCard): ModelCard {
  const { original, part } = card;
  if (!original || addressOf(part) !== undefined) return card;
  const { name, remote } = original;
  return { ...card, part: { name, remote, bytes: 0, sha256: '' } };
}

/** True of a card whose part is what is converted once it has come. */
export function isOriginal({ part, original }: ModelCard): boolean {
  return original !== undefined && part.remote?.url === original.remote.url;
}
