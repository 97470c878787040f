/**
 * What is fetched for a card, with what its hosts stated of it. A statement is taken down with the first model that is
 * proven under it, and enforced from then on; until then a download goes on under the one it was begun with.
 */
import { StudioError } from '../base/errors';
import { filesOf, withFiles } from '../models/files';
import type { FileCard, ModelCard, ModelFile } from '../models/model';
import { fetchedForm } from '../models/remote';
import { Hub, type Statement } from './hub';
import type { Asking } from './small-text';
import type { ModelStore } from './store';

/** The card as it is fetched, with lengths and hashes where they are known by now. */
export async function sourceOf(card: ModelCard, store: ModelStore): Promise<ModelCard> {
  const wanted = fetchedForm(card);
  const said = new Map<string, Statement>();
  for (const { url } of openFiles(wanted)) {
    const known = (await store.statementOf(url)) ?? (await begunAs(url, store))?.part;
    if (known) said.set(url, known);
  }
  return withStatements(wanted, said);
}

/**
 * The same, with lengths and hashes for certain: a host that states them is asked each time. Known already, they do
 * for a host that cannot be asked now, or that is too busy to say anything of use.
 * @throws StudioError model/not-stated, model/stated-otherwise, network/*
 */
export async function certainSourceOf(
  card: ModelCard,
  store: ModelStore,
  asking: Asking,
): Promise<ModelCard> {
  const wanted = fetchedForm(card);
  const hub = new Hub(asking);
  const statements = new Map<string, Statement>();
  for (const remote of openFiles(wanted)) {
    const enforced = await store.statementOf(remote.url);
    const begun = await begunAs(remote.url, store);
    const known = enforced ?? begun?.part;
    const said = await hub.statementOf(remote, card.title).catch((thrown: unknown) => {
      if (known && saysNothing(thrown)) return known;
      throw thrown;
    });
    if (enforced && !isSame(enforced, said)) {
      const details = { model: card.title, expected: enforced.sha256, found: said.sha256 };
      throw new StudioError('model/stated-otherwise', details);
    }
    // Nothing was proven under the former statement.
    if (begun && !isSame(begun.part, said)) await store.lock(begun, () => store.discard(begun));
    statements.set(remote.url, said);
  }
  return withStatements(wanted, statements);
}

/** Of the files that the card itself does not know. */
function openFiles(card: ModelCard) {
  return filesOf(card).flatMap((file) => (isOpen(file) && file.remote ? [file.remote] : []));
}

function isOpen({ path, remote, sha256 }: ModelFile): boolean {
  return path === undefined && remote?.metadata !== undefined && sha256 === '';
}

async function begunAs(url: string, store: ModelStore): Promise<FileCard | undefined> {
  const cards = (await store.partials()).map(({ card }) => card);
  return cards.find(({ part }) => part.stated === true && part.remote?.url === url);
}

function withStatements(card: ModelCard, statements: ReadonlyMap<string, Statement>): ModelCard {
  return withFiles(card, (file) => {
    const said = isOpen(file) ? statements.get(file.remote?.url ?? '') : undefined;
    return said ? { ...file, bytes: said.bytes, sha256: said.sha256, stated: true } : file;
  });
}

function isSame(one: Statement, other: Statement): boolean {
  return one.sha256 === other.sha256 && one.bytes === other.bytes;
}

function saysNothing(thrown: unknown): boolean {
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') return true;
  if (!(thrown instanceof StudioError)) return false;
  return thrown.code.startsWith('network/') || thrown.code === 'model/not-stated';
}
