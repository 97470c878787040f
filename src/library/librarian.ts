/** The library worker's half: one download a file over all tabs, everything else straight to the store. */
import { StudioError } from '../base/errors';
import type { TransferProgress } from '../base/progress';
import type { ColourGuess, ModelCard } from '../models/model';
import { bytesOf, contentOf, filesOf, isSameContent, modelOf } from '../models/files';
import { fetchedForm, isFetchable, isOriginal } from '../models/remote';
import { cardById, catalog } from './catalog';
import type { Channel, LibraryMessage } from './channel';
import { isConversionOf } from './conversion';
import { download, type DownloadPowers } from './download';
import { exportFiles, exportTo } from './exporter';
import { importModel, setColours } from './importer';
import { Mirror, placed } from './mirror';
import type { ModelRecord } from './model-record';
import { heldBytes, type PartialRecord } from './partials';
import { restoreModels, type Restored } from './restorer';
import { certainSourceOf, sourceOf } from './sources';

/** A download that nobody went on with for this long is swept. */
const stalePartialMs = 30 * 24 * 60 * 60 * 1000;
/** How long the last word of a tab that let go of a file may be on its way. */
const lastWordMs = 1000;

export interface ShelfEntry {
  readonly card: ModelCard;
  /** partial: begun and not finished; damaged: was ready and lost some of its bytes. `get` completes both. */
  readonly state: 'absent' | 'partial' | 'damaged' | 'ready';
  /** Bytes that are here of a model that is not whole. */
  readonly heldBytes: number;
  /** Stopped by the visitor, so it does not go on by itself. */
  readonly paused: boolean;
  /** Of a model that is ready in an older revision: what `get` fetches beside it and puts in its place once proven. */
  readonly newer?: ShelfEntry;
}

type Report = (progress: TransferProgress) => void;
/** How far another tab is with a model; null when it has ended. */
export type Watcher = (cardId: string, progress: TransferProgress | null) => void;

export interface LibrarianPowers extends DownloadPowers {
  readonly channel: Channel;
  readonly now: () => number;
}

interface Fetching {
  readonly abort: AbortController;
  readonly reports: Set<Report>;
  readonly done: Promise<void>;
}

export class Librarian {
  readonly #powers: LibrarianPowers;
  /** By their content. */
  readonly #fetching = new Map<string, Fetching>();
  /** The content of what other tabs fetch: each waits here for the end of it. */
  readonly #watched = new Set<string>();
  #watcher: Watcher = () => undefined;
  readonly #mirror: Mirror;
  #swept = false;
  /** As it was last seen. */
  #listed: readonly ModelCard[] = [];

  constructor(powers: LibrarianPowers) {
    this.#powers = powers;
    this.#mirror = new Mirror(powers);
    powers.channel.listen((message) => this.#hear(message));
  }

  /** The whole catalogue and what was imported. */
  async list(): Promise<readonly ShelfEntry[]> {
    const { store } = this.#powers;
    if (!this.#swept) {
      this.#swept = true;
      // What stays behind costs space only.
      await store.sweep((partial) => this.#isWanted(partial)).catch(() => undefined);
    }
    const ready = await store.list();
    const partials = await store.partials();
    // Of two cards of one id the later one stands: what is kept before what is listed.
    const begun = partials.map(({ card }) => modelOf(card));
    const found = [...begun, ...this.#mirror.models, ...ready.map(({ card }) => card)];
    const others = found.filter(({ id }) => !cardById(id));
    const cards = [...catalog, ...new Map(others.map((card) => [card.id, card])).values()];
    const entries = await Promise.all(cards.map((card) => this.#entryOf(card, ready, partials)));
    this.#listed = entries.map(({ card }) => card);
    return entries;
  }

  async #entryOf(
    card: ModelCard,
    ready: readonly ModelRecord[],
    partials: readonly PartialRecord[],
  ): Promise<ShelfEntry> {
    const converted = ready.find((record) => isConversionOf(record.card, card));
    if (converted) return readyEntry(converted.card);
    const isAsked = isSameContent(card);
    const here = placed(card, this.#mirror.models.find(isAsked));
    const begun = placed(here, partials.map((record) => modelOf(record.card)).find(isAsked));
    const source = await sourceOf(begun, this.#powers.store);
    const isSource = isSameContent(source);
    const kept = ready.find((record) => isAsked(record.card) || isSource(record.card));
    if (kept) return readyEntry(isAsked(kept.card) ? placed(here, kept.card) : kept.card);
    const unready = unreadyEntry(source, partials);
    const older = ready.find((record) => record.card.id === card.id);
    return older ? { ...readyEntry(older.card), newer: unready } : unready;
  }

  /** Looks what the deployment laid beside the app; from then on it is listed. @throws StudioError model/manifest* */
  lookBeside(): Promise<void> {
    return this.#mirror.look();
  }

  /**
   * Begins, or goes on where it stopped. Does nothing when the model is here; waits where another tab fetches it.
   * @throws StudioError model/not-installed, network/*, storage/*, model/hash-mismatch; an abort when it was
   * paused or cancelled
   */
  async get(cardId: string, report: Report): Promise<ModelCard> {
    const card = await certainSourceOf(await this.#cardOf(cardId), this.#powers.store, this.#powers);
    const fetching = this.#fetching.get(contentOf(card)) ?? this.#begin(card);
    fetching.reports.add(report);
    await fetching.done;
    return card;
  }

  /** Stops fetching in every tab and keeps what has arrived; nothing goes on by itself. */
  async pause(cardId: string): Promise<void> {
    const card = await sourceOf(await this.#cardOf(cardId), this.#powers.store);
    await this.#stop(card);
    await this.#powers.store.lock(card, () => this.#powers.store.setPaused(card));
    this.#powers.channel.post({ kind: 'ended', content: contentOf(card) });
  }

  /** Stops fetching in every tab and forgets what has arrived; a model that is ready stays. */
  async cancel(cardId: string): Promise<void> {
    const card = await sourceOf(await this.#cardOf(cardId), this.#powers.store);
    await this.#stop(card);
    await this.#powers.store.lock(card, () => this.#powers.store.discard(card));
    this.#powers.channel.post({ kind: 'ended', content: contentOf(card) });
  }

  /** When it returns nothing of this tab is on the line, and nothing will be until `release`. */
  hold(): void {
    this.#powers.gate.hold();
  }

  release(): void {
    this.#powers.gate.release();
  }

  /** Hears from now on what other tabs fetch. */
  watch(watcher: Watcher): void {
    this.#watcher = watcher;
  }

  importModel(file: Blob, fileName: string): Promise<ModelCard> {
    return importModel(file, fileName, this.#powers.store);
  }

  restoreModels(files: readonly File[]): Promise<Restored> {
    return restoreModels(files, this.#powers.store);
  }

  exportTo(cardId: string, folder: FileSystemDirectoryHandle): Promise<void> {
    return exportTo(folder, cardId, this.#powers.store);
  }

  exportFiles(cardId: string): Promise<readonly File[]> {
    return exportFiles(cardId, this.#powers.store);
  }

  setColours(cardId: string, said: Partial<ColourGuess>): Promise<ModelCard> {
    return setColours(this.#powers.store, cardId, said);
  }

  verify(cardId: string): Promise<ModelCard> {
    return this.#powers.store.verify(cardId);
  }

  remove(cardId: string): Promise<void> {
    return this.#powers.store.remove(cardId);
  }

  #begin(card: ModelCard): Fetching {
    const { store, channel } = this.#powers;
    const content = contentOf(card);
    const abort = new AbortController();
    const reports = new Set<Report>();
    const report: Report = (progress) => {
      for (const tell of reports) tell(progress);
      channel.post({ kind: 'progress', content, progress });
    };
    const fetchIfMissing = async () => {
      if (await this.#isKept(card)) return;
      try {
        await download(card, this.#powers, { signal: abort.signal, report });
      } finally {
        channel.post({ kind: 'ended', content });
      }
    };
    const done = store.lock(card, fetchIfMissing, abort.signal).finally(() => this.#fetching.delete(content));
    const fetching = { abort, reports, done };
    this.#fetching.set(content, fetching);
    return fetching;
  }

  async #isKept(card: ModelCard): Promise<boolean> {
    const { store } = this.#powers;
    if (!isOriginal(card)) return store.has(card);
    return (await store.list()).some((record) => isConversionOf(record.card, card));
  }

  async #stop(card: ModelCard): Promise<void> {
    const content = contentOf(card);
    this.#powers.channel.post({ kind: 'stop', content });
    const fetching = this.#fetching.get(content);
    fetching?.abort.abort();
    await fetching?.done.catch(() => undefined);
  }

  #hear(message: LibraryMessage): void {
    const { content } = message;
    const fetching = this.#fetching.get(content);
    if (message.kind === 'stop') fetching?.abort.abort();
    else if (!fetching) {
      const known = [...catalog, ...this.#mirror.models, ...this.#listed];
      const card = known.find((listed) => contentOf(listed) === content);
      if (!card) return;
      this.#watcher(card.id, message.kind === 'progress' ? message.progress : null);
      if (message.kind === 'progress') this.#outlive(card);
      else this.#watched.delete(content);
    } else if (message.kind === 'progress') for (const tell of fetching.reports) tell(message.progress);
  }

  /**
   * A tab that is closed while it fetches says nothing more, but its lock falls to the next in the queue. One that
   * ended as it should has its last word on the way then.
   */
  #outlive(card: ModelCard): void {
    const content = contentOf(card);
    if (this.#watched.has(content)) return;
    this.#watched.add(content);
    const missIt = () => {
      if (this.#watched.delete(content)) this.#watcher(card.id, null);
    };
    const waitForIt = () => void setTimeout(missIt, lastWordMs);
    this.#powers.store.lock(card, () => Promise.resolve()).then(waitForIt, waitForIt);
  }

  /** With where its files are to be had: beside the app as built, as named by the manifest, or as it was begun. */
  async #cardOf(cardId: string): Promise<ModelCard> {
    const inCatalog = cardById(cardId);
    if (inCatalog?.part?.path !== undefined) return inCatalog;
    const isAsked = ({ id }: ModelCard) => id === cardId;
    // This worker may be a new one.
    if (!this.#mirror.models.some(isAsked)) await this.#mirror.look().catch(() => undefined);
    const begun = (await this.#powers.store.partials()).map(({ card }) => modelOf(card));
    const elsewhere = [...this.#mirror.models, ...begun].find(isAsked);
    const card = inCatalog ?? elsewhere;
    if (!card) throw new StudioError('model/not-installed', { model: cardId });
    return placed(card, elsewhere);
  }

  /** What the manifest named may be offline now; an older revision of what ships is of no use. */
  #isWanted({ card, writtenAt }: PartialRecord): boolean {
    const shipped = cardById(card.id);
    const isCurrent =
      shipped === undefined ||
      [...filesOf(shipped), ...filesOf(fetchedForm(shipped))].some(
        ({ sha256, remote }) =>
          sha256 === card.part.sha256 || (card.part.stated === true && remote?.url === card.part.remote?.url),
      );
    return isCurrent && isFetchable(card) && this.#powers.now() - writtenAt < stalePartialMs;
  }
}

function readyEntry(card: ModelCard): ShelfEntry {
  return { card, state: 'ready', heldBytes: bytesOf(card), paused: false };
}

function unreadyEntry(card: ModelCard, partials: readonly PartialRecord[]): ShelfEntry {
  const hashes = filesOf(card).map(({ sha256 }) => sha256);
  const begun = partials.filter((record) => hashes.includes(record.card.part.sha256));
  if (begun.length === 0) return { card, state: 'absent', heldBytes: 0, paused: false };
  const wasWhole = begun.length === hashes.length && begun.every(({ proven }) => proven !== null);
  return {
    card,
    state: wasWhole ? 'damaged' : 'partial',
    heldBytes: begun.reduce((sum, record) => sum + heldBytes(record), 0),
    paused: begun.some(({ paused }) => paused),
  };
}
