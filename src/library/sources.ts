/** What is fetched for a card, with what its host stated of it: at first use taken down, from then on enforced. */
import { StudioError } from '../base/errors';
import type { ModelCard } from '../models/model';
import { fetchedForm } from '../models/remote';
import { askStatement, type Statement } from './hub';
import type { Asking } from './small-text';
import type { ModelStore } from './store';

/** The card as it is fetched, with length and hash where they are known by now. */
export async function sourceOf(card: ModelCard, store: ModelStore): Promise<ModelCard> {
  const wanted = fetchedForm(card);
  const { remote } = wanted.part;
  const known = isOpen(wanted) && remote ? await store.statementOf(remote.url) : undefined;
  return known ? withStatement(wanted, known) : wanted;
}

/**
 * The same, with length and hash for certain: a host that states them is asked each time. Known already, they do for
 * a host that cannot be asked now.
 * @throws StudioError model/not-stated, model/stated-otherwise, network/*
 */
export async function certainSourceOf(
  card: ModelCard,
  store: ModelStore,
  asking: Asking,
): Promise<ModelCard> {
  const wanted = fetchedForm(card);
  const { remote } = wanted.part;
  if (!isOpen(wanted) || !remote) return wanted;
  const known = await store.statementOf(remote.url);
  const said = await askStatement(wanted, asking).catch((thrown: unknown) => {
    if (known && isOfTheLine(thrown)) return known;
    throw thrown;
  });
  if (!known) await store.keepStatement(remote.url, said);
  else if (known.sha256 !== said.sha256 || known.bytes !== said.bytes) {
    const details = { model: card.title, expected: known.sha256, found: said.sha256 };
    throw new StudioError('model/stated-otherwise', details);
  }
  return withStatement(wanted, said);
}

/** True where the card itself does not know its file. */
function isOpen({ part }: ModelCard): boolean {
  return part.path === undefined && part.remote?.metadata !== undefined && part.sha256 === '';
}

function withStatement(card: ModelCard, { bytes, sha256 }: Statement): ModelCard {
  return { ...card, part: { ...card.part, bytes, sha256, stated: true } };
}

function isOfTheLine(thrown: unknown): boolean {
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') return true;
  return thrown instanceof StudioError && thrown.code.startsWith('network/');
}
