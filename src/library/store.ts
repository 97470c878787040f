/**
 * Models kept in this browser: their bytes as chunks, and one commit record a model, written last. Without its
 * commit record a model does not exist; every chunk's hash is checked at each load. What loses a chunk becomes
 * a partial download of that chunk alone. Whoever writes a file holds the lock named by its hash.
 */
import { StudioError } from '../base/errors';
import { streamingSha256 } from '../base/sha256';
import { contentOf, fileCards, filesOf, isSameContent } from '../models/files';
import type { FileCard, ModelCard, ModelFile } from '../models/model';
import { chunkBytesFor, Cut, freeChunk, type Bytes } from './chunks';
import type { Statement } from './hub';
import { KeptBytes, type KeptChunk } from './kept-bytes';
import { idbKeyValue } from './key-value';
import { lockName, withLocks } from './locks';
import { fileRecords, readRecord, type FileRecord, type ModelRecord, type StorePowers } from './model-record';
import {
  isPartialKey,
  keptFileOf,
  newPartial,
  OpenPartial,
  partialKey,
  wholePartial,
  type PartialRecord,
} from './partials';
import { dropFile, fileKept, listRecords, provenBytes, provenChunks, statedKey, wholeHashOf } from './proof';
import { rechunk } from './rechunk';

/** A kept file and its bytes as they are read, every chunk's hash checked. */
export interface ProvenFile {
  readonly record: FileRecord;
  readonly bytes: AsyncIterable<Bytes>;
}

export class ModelStore {
  readonly #powers: StorePowers;

  constructor(powers: StorePowers) {
    this.#powers = powers;
  }

  list(): Promise<ModelRecord[]> {
    return listRecords(this.#powers);
  }

  async partials(): Promise<PartialRecord[]> {
    const { chunks } = this.#powers;
    const found = await chunks.getMany<PartialRecord>((await chunks.keys()).filter(isPartialKey));
    return found.filter((record) => record !== undefined);
  }

  /** True when exactly these bytes are kept; an older revision under the same id does not count. */
  async has(card: ModelCard): Promise<boolean> {
    const record = await this.#recordOf(card.id);
    return record !== undefined && isSameContent(card)(record.card);
  }

  /** The card under which exactly these bytes are kept. */
  async cardOf(content: string): Promise<ModelCard | undefined> {
    return (await this.list()).find(({ card }) => contentOf(card) === content)?.card;
  }

  /** What the host of the file at this address stated of it when it was first proven. */
  statementOf(url: string): Promise<Statement | undefined> {
    return this.#powers.records.get<Statement>(statedKey(url));
  }

  /** What was stated of an original, and what was made of it, holds from now on, whether the model stays or goes. */
  keepOrigins(original: FileCard, made: FileCard): Promise<void> {
    return this.#powers.records.setMany([...statementsIn(original), [statedKey(made.part.sha256), made]]);
  }

  /** The card under which these bytes were once made here, of an original that was proven. */
  madeHere(sha256: string): Promise<FileCard | undefined> {
    return this.#powers.records.get<FileCard>(statedKey(sha256));
  }

  /** Alone with the files of this model over all tabs. @throws the signal's reason while waiting */
  lock<T>(card: ModelCard, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const files = filesOf(card).map(({ sha256 }) => sha256);
    return withLocks(this.#powers.locks, { files, ...(signal && { signal }) }, work);
  }

  /** Notes on what is begun of a model that it was stopped by the visitor. For the holder of the lock. */
  async setPaused(card: ModelCard): Promise<void> {
    for (const file of fileCards(card)) {
      if (await this.#partialOf(file)) await (await this.openPartial(file)).setPaused(true);
    }
  }

  /** What is here of a file whose model is not ready; a fresh one where nothing is. For the holder of the lock. */
  async openPartial(card: FileCard): Promise<OpenPartial> {
    const { chunks, now, chunkBytesFor: cutOf } = this.#powers;
    const begun = await this.#partialOf(card);
    const elsewhere = begun ? undefined : await fileKept(card.part.sha256, this.#powers);
    const here = begun ?? (elsewhere && wholePartial(elsewhere, now()));
    const chunkBytes = card.part.chunks?.bytes ?? cutOf(card.part.bytes);
    const record = here ? { ...here, card } : newPartial(card, chunkBytes, now());
    return new OpenPartial(record, { entries: chunks, now });
  }

  /**
   * Makes a model of files that are all here and whose whole hashes agreed, in place of an older revision. For the
   * holder of the lock. @throws StudioError model/not-installed where one of them is not
   */
  async commit(card: ModelCard): Promise<void> {
    const { records, chunks } = this.#powers;
    const partials = await Promise.all(fileCards(card).map((file) => this.openPartial(file)));
    const files = partials.map(({ record }) => keptFileOf(record)).filter((file) => file !== null);
    if (files.length < partials.length) throw notInstalled(card.title);
    const older = await this.#recordOf(card.id);
    await records.setMany([[card.id, { card, files } satisfies ModelRecord], ...statementsIn(card)]);
    await chunks.deleteMany(filesOf(card).map(({ sha256 }) => partialKey(sha256)));
    const own = new Set(filesOf(card).map(({ sha256 }) => sha256));
    const replaced = older ? filesOf(older.card).filter(({ sha256 }) => !own.has(sha256)) : [];
    for (const { sha256 } of replaced) await this.#sweepFile(sha256, () => true);
  }

  /** Forgets what was begun of a model; what a ready one has stays. For the holder of the lock. */
  async discard(card: ModelCard): Promise<void> {
    for (const { sha256 } of filesOf(card)) await dropFile(sha256, this.#powers);
  }

  /**
   * Keeps the bytes of `source` if their length and SHA-256 are the card's, in place of an older revision.
   * On any failure the chunks written so far are removed and the older revision stays.
   * @throws StudioError model/hash-mismatch, storage/full, storage/unavailable
   */
  put(card: FileCard, source: AsyncIterable<Uint8Array>): Promise<void> {
    return this.putFiles(card, () => source);
  }

  /** The same of a model of several files. */
  putFiles(card: ModelCard, sourceOf: (file: ModelFile) => AsyncIterable<Uint8Array>): Promise<void> {
    return this.lock(card, async () => {
      try {
        for (const file of fileCards(card)) await this.#putFile(file, sourceOf(file.part));
        await this.commit(card);
      } catch (thrown) {
        // What it leaves behind costs space only, and is swept later.
        await this.discard(card).catch(() => undefined);
        throw thrown;
      }
    });
  }

  /** Another card for the same bytes, made of the one that is kept by then. @throws StudioError model/not-installed */
  changeCard(card: ModelCard, change: (kept: ModelCard) => ModelCard): Promise<ModelCard> {
    return this.lock(card, async () => {
      const record = await this.#recordOf(card.id);
      if (!record || !isSameContent(card)(record.card)) throw notInstalled(card.title);
      const changed = { ...record, card: change(record.card) };
      await this.#powers.records.setMany([[card.id, changed]]);
      return changed.card;
    });
  }

  /**
   * All bytes of one file, every chunk's hash checked. What turns out damaged is no longer listed, so that it can be
   * mended. @throws StudioError model/not-installed, model/damaged
   */
  async read(card: FileCard): Promise<Bytes> {
    const bytes = new Uint8Array(card.part.bytes);
    let at = 0;
    for await (const chunk of provenChunks(await this.#fileOf(card), this.#powers)) {
      bytes.set(chunk.bytes, at);
      at += chunk.bytes.length;
      freeChunk(chunk);
    }
    return bytes;
  }

  /** The bytes of one file where they lie, every chunk's hash checked by now. @throws as `read` */
  async prove(card: FileCard): Promise<KeptBytes> {
    const record = await this.#fileOf(card);
    const chunks: KeptChunk[] = [];
    for await (const chunk of provenChunks(record, this.#powers)) {
      chunks.push(chunk.kept);
      freeChunk(chunk);
    }
    return new KeptBytes(chunks, new Cut(card.part.bytes, record.chunkBytes));
  }

  /** The files of a model. @throws as `read` */
  async open(cardId: string): Promise<{ card: ModelCard; files: readonly ProvenFile[] }> {
    const model = await this.#recordOf(cardId);
    if (!model) throw notInstalled(cardId);
    const files = fileRecords(model).map((record) => {
      return { record, bytes: provenBytes(record, this.#powers) };
    });
    return { card: model.card, files };
  }

  /** The whole hashes again. @throws StudioError model/not-installed, model/damaged, model/hash-mismatch */
  async verify(cardId: string): Promise<ModelCard> {
    const { card, files } = await this.open(cardId);
    for (const { record } of files) {
      const found = await wholeHashOf(record, this.#powers);
      const expected = record.card.part.sha256;
      if (found === expected) continue;
      await this.remove(card.id);
      throw new StudioError('model/hash-mismatch', { model: card.title, expected, found });
    }
    return card;
  }

  /** The record goes first: a model half removed is a model not there. */
  async remove(cardId: string): Promise<void> {
    const record = await this.#recordOf(cardId);
    if (!record) return;
    await this.lock(record.card, async () => {
      await this.#powers.records.deleteMany([cardId]);
      await this.discard(record.card);
    });
  }

  /**
   * Removes what nobody owns: chunks of failed writes and older revisions, and partials that are not `wanted`.
   * Files that another holds the lock of are left alone.
   */
  async sweep(wanted: (partial: PartialRecord) => boolean): Promise<void> {
    const keys = await this.#powers.chunks.keys();
    const files = new Set(keys.map((key) => key.slice(0, key.indexOf('/'))));
    for (const file of files) await this.#sweepFile(file, wanted);
  }

  #sweepFile(file: string, wanted: (partial: PartialRecord) => boolean): Promise<void> {
    const { chunks, locks } = this.#powers;
    return locks.request(lockName(file), { ifAvailable: true }, async (lock) => {
      if (lock === null) return;
      const partial = await chunks.get<PartialRecord>(partialKey(file));
      const isWanted = partial !== undefined && wanted(partial);
      // One that is whole beside the ready model has nothing to say any more.
      const isWhole = partial !== undefined && keptFileOf(partial) !== null;
      if (!isWanted || (isWhole && (await fileKept(file, this.#powers)))) await dropFile(file, this.#powers);
    });
  }

  async #putFile(card: FileCard, source: AsyncIterable<Uint8Array>): Promise<void> {
    const { chunks, now } = this.#powers;
    // Another model may keep this file: its chunks are written over by the same bytes or not at all.
    const { chunkBytes, proven } = (await this.openPartial(card)).record;
    const partial = new OpenPartial(
      { ...newPartial(card, chunkBytes, now()), proven },
      { entries: chunks, now },
    );
    const hash = await streamingSha256();
    let index = 0;
    let totalBytes = 0;
    for await (const chunk of rechunk(source, chunkBytes)) {
      totalBytes += chunk.length;
      if (totalBytes > card.part.bytes) break;
      hash.update(chunk);
      if (!(await partial.keep(index++, chunk))) break;
    }
    const found = hash.digest();
    if (totalBytes !== card.part.bytes || found !== card.part.sha256) {
      throw new StudioError('model/hash-mismatch', { model: card.title, expected: card.part.sha256, found });
    }
    await partial.setProven();
  }

  #partialOf({ part }: FileCard): Promise<PartialRecord | undefined> {
    return this.#powers.chunks.get<PartialRecord>(partialKey(part.sha256));
  }

  async #recordOf(cardId: string): Promise<ModelRecord | undefined> {
    const written = await this.#powers.records.get<ModelRecord>(cardId);
    return written && readRecord(written);
  }

  async #fileOf(card: FileCard): Promise<FileRecord> {
    const model = await this.#recordOf(card.id);
    const file = model && fileRecords(model).find((kept) => kept.card.part.sha256 === card.part.sha256);
    if (!file) throw notInstalled(card.title);
    return file;
  }
}

function statementsIn(card: ModelCard): readonly (readonly [key: string, Statement])[] {
  return filesOf(card).flatMap(({ stated, remote, bytes, sha256 }) =>
    stated && remote ? [[statedKey(remote.url), { bytes, sha256 }] as const] : [],
  );
}

function notInstalled(model: string): StudioError {
  return new StudioError('model/not-installed', { model });
}

/** The one store of this origin, in IndexedDB. */
export function openModelStore(): ModelStore {
  return new ModelStore({
    records: idbKeyValue('obscura-models'),
    chunks: idbKeyValue('obscura-model-chunks'),
    locks: navigator.locks,
    now: () => Date.now(),
    chunkBytesFor,
  });
}
