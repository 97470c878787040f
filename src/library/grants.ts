/** What the cards of this build ask a grant for. The build writes the wall's list from here. */
import { StudioError } from '../base/errors';
import { fetchedForm } from '../models/remote';
import type { ForeignFile } from '../privacy/policy';
import { catalog } from './catalog';

export interface ModelGrant extends ForeignFile {
  readonly cardId: string;
}

export const grants: readonly ModelGrant[] = catalog.flatMap((card) => {
  const { remote } = fetchedForm(card).part;
  if (!remote) return [];
  const { url, redirects, metadata } = remote;
  return [{ cardId: card.id, url, redirects, ...(metadata && { metadata: metadata.url }) }];
});

/** @throws StudioError model/not-installed for a card without a foreign source */
export function grantOf(cardId: string): ModelGrant {
  const grant = grants.find((known) => known.cardId === cardId);
  if (!grant) throw new StudioError('model/not-installed', { model: cardId });
  return grant;
}
