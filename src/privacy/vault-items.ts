/**
 * The sealed items in the store. Chunks are written first and the record last, in a transaction of its own: a crash
 * leaves either the whole item or chunks that belong to none, which `sweepStrays` drops. Whoever writes holds the
 * vault's lock.
 */
import { StudioError } from '../base/errors';
import { chunkKey, isItemKey, itemKey, itemOfChunk, type ItemRecord, type VaultStore } from './vault-records';
import { openPart, unwrapItem, type SealedPart } from './vault-seal';
import { chunkCount, parts, type Bytes, type Part } from './vault-stream';

export class VaultItems {
  readonly #store: VaultStore;

  constructor(store: VaultStore) {
    this.#store = store;
  }

  /** Newest first. */
  async records(): Promise<ItemRecord[]> {
    const keys = (await this.#store.keys()).filter(isItemKey);
    const found = await this.#store.getMany<ItemRecord>(keys);
    return found.filter((record) => record !== undefined).sort((a, b) => b.keptAt - a.keptAt);
  }

  /** @throws StudioError vault/gone */
  async record(id: string): Promise<ItemRecord> {
    const record = await this.#store.get<ItemRecord>(itemKey(id));
    if (record === undefined) throw new StudioError('vault/gone');
    return record;
  }

  async write(
    record: Omit<ItemRecord, 'parts'>,
    sealed: Readonly<Record<Part, SealedPart>>,
  ): Promise<ItemRecord> {
    try {
      for (const part of parts) {
        const count = chunkCount(sealed[part].record.bytes);
        for (let index = 0; index < count; index++) {
          await this.#store.setMany([[chunkKey(record.id, part, index), await sealed[part].chunk(index)]]);
        }
      }
      const { facts, thumbnail, picture } = sealed;
      const ofParts = { facts: facts.record, thumbnail: thumbnail.record, picture: picture.record };
      const whole = { ...record, parts: ofParts };
      await this.#store.setMany([[itemKey(record.id), whole]]);
      return whole;
    } catch (thrown) {
      // Where this fails as well, the next sweep does it.
      await this.remove([record.id]).catch(() => undefined);
      throw thrown;
    }
  }

  /** The item's key. @throws StudioError vault/damaged */
  async keyOf(record: ItemRecord, vault: CryptoKey): Promise<CryptoKey> {
    return unwrapItem(record.id, record.wrappedKey, vault);
  }

  /** @throws StudioError vault/damaged; vault/gone where it was deleted meanwhile */
  async read(record: ItemRecord, key: CryptoKey, part: Part): Promise<Bytes[]> {
    return openPart(record.id, part, key, {
      record: record.parts[part],
      chunk: (index) => this.sealedChunk(record.id, part, index),
    });
  }

  /** @throws StudioError vault/damaged, vault/gone */
  async sealedChunk(id: string, part: Part, index: number): Promise<Bytes> {
    const sealed = await this.#store.get<Bytes>(chunkKey(id, part, index));
    if (sealed !== undefined) return sealed;
    await this.record(id);
    throw new StudioError('vault/damaged', { part, chunk: index });
  }

  /** The records go first, and with them the only keys; `besides` go in the same transaction. */
  async remove(ids: readonly string[], besides: readonly string[] = []): Promise<void> {
    await this.#store.deleteMany([...ids.map(itemKey), ...besides]);
    await this.sweepStrays();
  }

  /** The item under another record. */
  async replace(record: ItemRecord): Promise<void> {
    await this.#store.setMany([[itemKey(record.id), record]]);
  }

  /** Drops what a crash left without a record. */
  async sweepStrays(): Promise<void> {
    const keys = await this.#store.keys();
    const here = new Set(keys.filter(isItemKey));
    const strays = keys.filter((key) => {
      const id = itemOfChunk(key);
      return id !== null && !here.has(itemKey(id));
    });
    if (strays.length > 0) await this.#store.deleteMany(strays);
  }
}
