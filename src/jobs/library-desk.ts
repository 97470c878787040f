/** The library as it is called from the page: every failure a value. */
import type { SourceFolder } from '../base/byte-source';
import type { TransferProgress } from '../base/progress';
import { withItsFiles } from '../library/companions';
import { maxImportBytes } from '../library/importer';
import type { Librarian, Watcher } from '../library/librarian';
import {
  convertFolder,
  planConversion,
  publishedFolder,
  type ConversionPowers,
} from '../library/published-folder';
import { isManifest } from '../library/restorer';
import type { ColourGuess } from '../models/model';
import { airlockFetch } from '../privacy/airlock';
import { outcomeOf } from './outcome';
import type { LibraryApi, Outcome } from './protocol';

export class LibraryDesk implements LibraryApi {
  readonly #librarian: Librarian;
  readonly #conversion: ConversionPowers;
  #importing = new AbortController();

  constructor(librarian: Librarian, conversion: ConversionPowers) {
    this.#librarian = librarian;
    this.#conversion = conversion;
  }

  list() {
    return outcomeOf(() => this.#librarian.list(), 'storage/unavailable');
  }

  lookBeside() {
    return done(() => this.#librarian.lookBeside());
  }

  get(cardId: string, report: (progress: TransferProgress) => void) {
    return outcomeOf(() => this.#librarian.get(cardId, report), 'network/failed');
  }

  pause(cardId: string) {
    return done(() => this.#librarian.pause(cardId));
  }

  cancel(cardId: string) {
    return done(() => this.#librarian.cancel(cardId));
  }

  hold() {
    return done(() => this.#librarian.hold());
  }

  release() {
    return done(() => this.#librarian.release());
  }

  watch(watcher: Watcher) {
    return done(() => this.#librarian.watch(watcher));
  }

  planConversion(files: readonly File[]) {
    return outcomeOf(async () => {
      const folder = await foundIn(files);
      return folder && (await planConversion(folder));
    }, 'model/not-recognised');
  }

  cancelImport() {
    return done(() => this.#importing.abort());
  }

  importModels(files: readonly File[], report: (progress: TransferProgress) => void) {
    const { signal } = (this.#importing = new AbortController());
    return outcomeOf(async () => {
      const folder = await foundIn(files);
      if (folder) {
        const card = await convertFolder(folder, this.#conversion, { report, signal });
        return { cards: [card], failed: [] };
      }
      if (files.some(isManifest)) {
        const { cards, failed } = await this.#librarian.restoreModels(files);
        return { cards, failed: failed.map(({ title, error }) => ({ title, error: error.toWire() })) };
      }
      const { file, name } = await withItsFiles(files, maxImportBytes);
      return { cards: [await this.#librarian.importModel(file, name)], failed: [] };
    }, 'model/not-recognised');
  }

  exportTo(cardId: string, folder: FileSystemDirectoryHandle) {
    return done(() => this.#librarian.exportTo(cardId, folder));
  }

  exportFiles(cardId: string) {
    return outcomeOf(() => this.#librarian.exportFiles(cardId), 'model/export-failed');
  }

  setColours(cardId: string, said: Partial<ColourGuess>) {
    return outcomeOf(() => this.#librarian.setColours(cardId, said), 'storage/unavailable');
  }

  verify(cardId: string) {
    return outcomeOf(() => this.#librarian.verify(cardId), 'model/damaged');
  }

  remove(cardId: string) {
    return done(() => this.#librarian.remove(cardId));
  }

  ownFile(path: string) {
    return outcomeOf(async () => (await airlockFetch(path)).blob(), 'network/failed');
  }
}

/** A manifest says what the files are, whatever else is among them. */
async function foundIn(files: readonly File[]): Promise<SourceFolder | null> {
  return files.some(isManifest) ? null : publishedFolder(files);
}

function done(work: () => void | Promise<void>): Promise<Outcome<true>> {
  return outcomeOf(async () => {
    await work();
    return true as const;
  }, 'storage/unavailable');
}
