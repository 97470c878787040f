/** What the cards of this build ask a grant for. The build writes the wall's list from here. */
import { StudioError } from '../base/errors';
import { fetchedForm, foreignFiles } from '../models/remote';
import type { ForeignFile } from '../privacy/policy';
import { catalog } from './catalog';

export interface ModelGrant extends ForeignFile {
  readonly cardId: string;
}

export const grants: readonly ModelGrant[] = catalog.flatMap((card) =>
  foreignFiles(fetchedForm(card)).map(({ url, redirects, metadata }) => ({
    ...{ cardId: card.id, url, redirects },
    ...(metadata && { metadata: metadata.url }),
  })),
);

/** One for each file. @throws StudioError model/not-installed for a card without a foreign source */
export function grantsOf(cardId: string): readonly ModelGrant[] {
  const granted = grants.filter((known) => known.cardId === cardId);
  if (granted.length === 0) throw new StudioError('model/not-installed', { model: cardId });
  return granted;
}
