/** The page's half of the library. */
import { proxy, type Remote } from 'comlink';
import { StudioError } from '../base/errors';
import type { TransferProgress } from '../base/progress';
import type { ShelfEntry, Watcher } from '../library/librarian';
import type { ConversionPlan } from '../library/published-folder';
import type { Restored } from '../library/restorer';
import type { ColourGuess, ModelCard } from '../models/model';
import { foreignFiles } from '../models/remote';
import type { GrantListener, GrantWorkers } from './grant-workers';
import { unwrap } from './outcome';
import type { LibraryApi, Outcome } from './protocol';
import { Thread, type WorkerLike } from './thread';

/** Every method throws `StudioError`. */
export interface Library {
  list(): Promise<readonly ShelfEntry[]>;
  /** Looks for a manifest beside the app; what it names is listed from then on. None is no failure. */
  lookBeside(): Promise<void>;
  /**
   * Begins or goes on; settles when the model is ready. For a card with a foreign source this is the grant: call it
   * only when the visitor agreed to that host. @throws an abort too, when it was paused or cancelled
   */
  get(card: ModelCard, report: (progress: TransferProgress) => void): Promise<ModelCard>;
  /** Keeps what has arrived. Does nothing where nothing is fetched. */
  pause(cardId: string): Promise<void>;
  /** Forgets what has arrived. Does nothing where nothing has. */
  cancel(cardId: string): Promise<void>;
  /** Takes downloads off the line until `release`; they wait, and go on by themselves. */
  hold(): Promise<void>;
  release(): Promise<void>;
  /** Hears what other tabs fetch; one listener. */
  watch(watcher: Watcher): void;
  /** Hears which models are being fetched from a foreign host; one listener. */
  watchGrants(listener: GrantListener): void;
  /** One model, or those that a manifest among the files names; at least one. @throws where no single one was read */
  importModels(files: readonly File[], report?: (progress: TransferProgress) => void): Promise<Restored>;
  /** Where these are weights as their makers publish them, what importing them takes; else null. */
  planConversion(files: readonly File[]): Promise<ConversionPlan | null>;
  /** The import under way ends as an abort where it is a conversion. */
  cancelImport(): Promise<void>;
  /** Writes the model and its manifest into a folder of its own in `folder`. */
  exportTo(cardId: string, folder: FileSystemDirectoryHandle): Promise<void>;
  /** The same two files, for a browser that writes no folders. */
  exportFiles(cardId: string): Promise<readonly File[]>;
  setColours(cardId: string, said: Partial<ColourGuess>): Promise<ModelCard>;
  verify(cardId: string): Promise<ModelCard>;
  remove(cardId: string): Promise<void>;
  /** A file of this build, by its path relative to the app. */
  ownFile(path: string): Promise<Blob>;
  /** Ends the workers, and with them every download, for good: every later call is an abort. */
  close(): void;
}

export function libraryBridge(makeWorker: () => WorkerLike, grants: GrantWorkers): Library {
  let thread: Thread<LibraryApi> | null = null;
  let held = false;
  let closed = false;
  const closing = () => new DOMException('The library was closed.', 'AbortError');
  let watcher: Watcher = () => undefined;
  const open = () => {
    if (closed) throw closing();
    if (thread && !thread.isEnded) return thread;
    thread = new Thread<LibraryApi>(makeWorker());
    // Messages arrive in order, so both stand before the first call.
    if (held) void thread.api.hold();
    void thread.api.watch(proxy<Watcher>((cardId, progress) => watcher(cardId, progress)));
    return thread;
  };
  const call = async <T>(work: (api: Remote<LibraryApi>) => Promise<Outcome<T>>) =>
    unwrap(await open().call(work));
  /** A worker that is not there has nothing on the line. */
  const tell = async (work: (api: Remote<LibraryApi>) => Promise<Outcome<true>>) => {
    await thread?.call(work).catch(() => undefined);
  };
  return {
    async lookBeside() {
      await call((api) => api.lookBeside());
    },
    list: () => call((api) => api.list()),
    async get(card, report) {
      if (!closed && foreignFiles(card).length > 0) return grants.get(card, report);
      return unwrap(await open().callHearing(report, (api, listener) => api.get(card.id, listener)));
    },
    async pause(cardId) {
      grants.stop(cardId);
      await call((api) => api.pause(cardId));
    },
    async cancel(cardId) {
      grants.stop(cardId);
      await call((api) => api.cancel(cardId));
    },
    async hold() {
      held = true;
      grants.hold();
      await tell((api) => api.hold());
    },
    async release() {
      held = false;
      grants.release();
      await tell((api) => api.release());
    },
    watch(listener) {
      watcher = listener;
    },
    watchGrants: (listener) => grants.watch(listener),
    planConversion: (files) => call((api) => api.planConversion(files)),
    async cancelImport() {
      await call((api) => api.cancelImport());
    },
    async importModels(files, report = () => undefined) {
      const { cards, failed } = unwrap(
        await open().callHearing(report, (api, listener) => api.importModels(files, listener)),
      );
      return {
        cards,
        failed: failed.map(({ title, error }) => ({ title, error: StudioError.fromWire(error) })),
      };
    },
    async exportTo(cardId, folder) {
      await call((api) => api.exportTo(cardId, folder));
    },
    exportFiles: (cardId) => call((api) => api.exportFiles(cardId)),
    setColours: (cardId, said) => call((api) => api.setColours(cardId, said)),
    verify: (cardId) => call((api) => api.verify(cardId)),
    async remove(cardId) {
      await call((api) => api.remove(cardId));
    },
    ownFile: (path) => call((api) => api.ownFile(path)),
    close() {
      closed = true;
      grants.stopAll();
      thread?.end(closing());
    },
  };
}
