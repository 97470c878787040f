/**
 * Models kept in this browser: their bytes as chunks, and one commit record a model, written last. Without its
 * commit record a model does not exist; every chunk's hash is checked at each load. What loses a chunk becomes
 * a partial download of that chunk alone. Whoever writes a file holds the lock named by its hash.
 */
import { StudioError } from '../base/errors';
import { streamingSha256 } from '../base/sha256';
import type { ModelCard } from '../models/model';
import { chunkBytesFor, Cut, largestChunkBytes, type Bytes } from './chunks';
import type { Statement } from './hub';
import { KeptBytes, type KeptChunk } from './kept-bytes';
import { idbKeyValue } from './key-value';
import { lockName } from './locks';
import type { ModelRecord, StorePowers } from './model-record';
import { isPartialKey, newPartial, OpenPartial, partialKey, type PartialRecord } from './partials';
import { dropChunks, provenBytes, provenChunks } from './proof';
import { rechunk } from './rechunk';

/** Beside the records of models, whose keys are ids. */
const statedKey = (url: string) => `stated/${url}`;

export class ModelStore {
  readonly #powers: StorePowers;

  constructor(powers: StorePowers) {
    this.#powers = powers;
  }

  async list(): Promise<ModelRecord[]> {
    const { records } = this.#powers;
    const keys = (await records.keys()).filter((key) => !key.startsWith(statedKey('')));
    const found = await records.getMany<ModelRecord>(keys);
    return found.filter((record) => record !== undefined);
  }

  async partials(): Promise<PartialRecord[]> {
    const { chunks } = this.#powers;
    const found = await chunks.getMany<PartialRecord>((await chunks.keys()).filter(isPartialKey));
    return found.filter((record) => record !== undefined);
  }

  /** True when exactly these bytes are kept; an older revision under the same id does not count. */
  async has(card: ModelCard): Promise<boolean> {
    const record = await this.#powers.records.get<ModelRecord>(card.id);
    return record?.card.part.sha256 === card.part.sha256;
  }

  /** The card under which exactly these bytes are kept. */
  async cardOf(sha256: string): Promise<ModelCard | undefined> {
    return (await this.list()).find(({ card }) => card.part.sha256 === sha256)?.card;
  }

  /** What a host stated of the file at this address when it was first asked. */
  statementOf(url: string): Promise<Statement | undefined> {
    return this.#powers.records.get<Statement>(statedKey(url));
  }

  /** Holds from now on, whether the model stays or goes. */
  keepStatement(url: string, statement: Statement): Promise<void> {
    return this.#powers.records.setMany([[statedKey(url), statement]]);
  }

  /** Alone with this file over all tabs. @throws the signal's reason while waiting */
  lock<T>(card: ModelCard, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { locks } = this.#powers;
    return locks.request(lockName(card.part.sha256), signal ? { signal } : {}, work);
  }

  /** Notes on a partial that it was stopped by the visitor. For the holder of the lock. */
  async setPaused(card: ModelCard): Promise<void> {
    const kept = await this.#powers.chunks.get<PartialRecord>(partialKey(card.part.sha256));
    if (kept) await (await this.openPartial(card)).setPaused(true);
  }

  /** What is here of a model that is not whole; a fresh one where nothing is. For the holder of the lock. */
  async openPartial(card: ModelCard): Promise<OpenPartial> {
    const { chunks, now } = this.#powers;
    const kept = await chunks.get<PartialRecord>(partialKey(card.part.sha256));
    const chunkBytes = card.part.chunks?.bytes ?? this.#powers.chunkBytesFor(card.part.bytes);
    const record = kept ? { ...kept, card } : newPartial(card, chunkBytes, now());
    return new OpenPartial(record, { entries: chunks, now });
  }

  /** Makes a model of a partial that holds every chunk and whose whole hash agreed. For the holder of the lock. */
  async commit({ record }: OpenPartial): Promise<void> {
    const { card, chunkBytes } = record;
    const { records, chunks } = this.#powers;
    const older = await records.get<ModelRecord>(card.id);
    const chunkSha256 = record.held.filter((hash) => hash !== null);
    await records.setMany([[card.id, { card, chunkSha256, chunkBytes } satisfies ModelRecord]]);
    await chunks.deleteMany([partialKey(card.part.sha256)]);
    const replaced = older?.card.part.sha256;
    if (replaced !== undefined && replaced !== card.part.sha256) await this.#sweepFile(replaced, () => true);
  }

  /** Forgets a partial and its chunks. For the holder of the lock. */
  async discard(card: ModelCard): Promise<void> {
    if (!(await this.has(card))) await dropChunks(this.#powers, card.part.sha256);
  }

  /**
   * Keeps the bytes of `source` if their length and SHA-256 are the card's, in place of an older revision.
   * On any failure the chunks written so far are removed and the older revision stays.
   * @throws StudioError model/hash-mismatch, storage/full, storage/unavailable
   */
  put(card: ModelCard, source: AsyncIterable<Uint8Array>): Promise<void> {
    return this.lock(card, async () => {
      try {
        await this.#put(card, source);
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
      const record = await this.#recordOf(card);
      const changed = { ...record, card: change(record.card) };
      await this.#powers.records.setMany([[card.id, changed]]);
      return changed.card;
    });
  }

  /**
   * All bytes, every chunk's hash checked. What turns out damaged is no longer listed, so that it can be mended.
   * @throws StudioError model/not-installed, model/damaged
   */
  async read(card: ModelCard): Promise<Bytes> {
    const record = await this.#recordOf(card);
    const bytes = new Uint8Array(card.part.bytes);
    let at = 0;
    for await (const { bytes: chunk } of provenChunks(record, this.#powers)) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  /** The bytes where they lie, every chunk's hash checked by now. @throws as `read` */
  async prove(card: ModelCard): Promise<KeptBytes> {
    const record = await this.#recordOf(card);
    const chunks: KeptChunk[] = [];
    for await (const { kept } of provenChunks(record, this.#powers)) chunks.push(kept);
    return new KeptBytes(chunks, new Cut(card.part.bytes, record.chunkBytes ?? largestChunkBytes));
  }

  /** The record of a model and its bytes as they are read, every chunk's hash checked. @throws as `read` */
  async open(cardId: string): Promise<{ record: ModelRecord; bytes: AsyncIterable<Bytes> }> {
    const record = await this.#powers.records.get<ModelRecord>(cardId);
    if (!record) throw new StudioError('model/not-installed', { model: cardId });
    return { record, bytes: provenBytes(record, this.#powers) };
  }

  /** The whole hash again. @throws StudioError model/not-installed, model/damaged, model/hash-mismatch */
  async verify(cardId: string): Promise<ModelCard> {
    const { record, bytes } = await this.open(cardId);
    const { card } = record;
    const hash = await streamingSha256();
    for await (const chunk of bytes) hash.update(chunk);
    const found = hash.digest();
    if (found !== card.part.sha256) {
      await this.remove(card.id);
      throw new StudioError('model/hash-mismatch', { model: card.title, expected: card.part.sha256, found });
    }
    return card;
  }

  /** The record goes first: a model half removed is a model not there. */
  async remove(cardId: string): Promise<void> {
    const record = await this.#powers.records.get<ModelRecord>(cardId);
    if (!record) return;
    await this.lock(record.card, async () => {
      await this.#powers.records.deleteMany([cardId]);
      await dropChunks(this.#powers, record.card.part.sha256);
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
      const owned = (await this.list()).some(({ card }) => card.part.sha256 === file);
      if (owned) await chunks.deleteMany([partialKey(file)]);
      else if (!partial || !wanted(partial)) await dropChunks(this.#powers, file);
    });
  }

  async #put(card: ModelCard, source: AsyncIterable<Uint8Array>): Promise<void> {
    const chunkBytes = this.#powers.chunkBytesFor(card.part.bytes);
    const partial = new OpenPartial(newPartial(card, chunkBytes, this.#powers.now()), {
      entries: this.#powers.chunks,
      now: this.#powers.now,
    });
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
    await this.commit(partial);
  }

  async #recordOf(card: ModelCard): Promise<ModelRecord> {
    const record = await this.#powers.records.get<ModelRecord>(card.id);
    if (record?.card.part.sha256 === card.part.sha256) return record;
    throw new StudioError('model/not-installed', { model: card.title });
  }
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
