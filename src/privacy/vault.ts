/** The vault: results kept by choice, sealed under a passphrase that nobody else has. */
import { asStudioError, StudioError } from '../base/errors';
import {
  contentTypeOf,
  factsOf,
  type KeptFacts,
  type KeptItem,
  type NewItem,
  type VaultCondition,
} from './kept-item';
import { expiryOf, withinLimit, type Retention, type RetentionLimit } from './retention';
import { VaultItems } from './vault-items';
import { newKey } from './vault-keys';
import { VaultLock, type VaultPowers } from './vault-lock';
import { hexOf, sizeOf, vaultKey, type ItemRecord } from './vault-records';
import { aboutItem, sealPart } from './vault-seal';
import { idBytes, randomBytes, type Bytes } from './vault-stream';

interface Sweep {
  /** No other tab was open. */
  readonly session: boolean;
  readonly longest?: RetentionLimit;
}

export class Vault {
  readonly #powers: VaultPowers;
  readonly access: VaultLock;
  readonly items: VaultItems;

  constructor(powers: VaultPowers) {
    this.#powers = powers;
    this.access = new VaultLock(powers);
    this.items = new VaultItems(powers.store);
  }

  async condition(): Promise<VaultCondition> {
    const records = await this.current();
    const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0);
    const items = records.map(({ id, retention }) => ({ id, retention }));
    return { state: await this.access.state(), locksAt: this.access.locksAt, items, bytes };
  }

  /** @throws StudioError vault/locked, vault/full, storage/unavailable; then nothing of it is kept */
  async keep(item: NewItem, retention: Retention): Promise<string> {
    const vault = await this.access.key();
    const id = hexOf(randomBytes(idBytes));
    const { key, wrapped } = await newKey('item', aboutItem(id, vault));
    const sealed = {
      facts: sealPart(id, 'facts', key, new Blob([JSON.stringify(factsOf(item))])),
      thumbnail: sealPart(id, 'thumbnail', key, item.thumbnail),
      picture: sealPart(id, 'picture', key, item.content),
    };
    await this.writing(async () => {
      await this.access.record();
      const keptAt = this.#powers.now();
      const times = { keptAt, retention, expiresAt: expiryOf(retention, keptAt) };
      return this.items.write({ id, wrappedKey: wrapped, ...times }, sealed);
    });
    return id;
  }

  /** Looking is no use: what another tab does here does not keep the vault open. @throws StudioError vault/locked, vault/gone */
  async list(): Promise<KeptItem[]> {
    const vault = await this.access.key();
    return Promise.all((await this.current()).map((record) => this.#look(record, vault)));
  }

  /** The result as it was kept. @throws StudioError vault/locked, vault/gone, vault/damaged */
  async open(id: string): Promise<Blob> {
    const vault = await this.access.key();
    const record = await this.items.record(id);
    if (this.#isOver(record)) throw new StudioError('vault/gone');
    const key = await this.items.keyOf(record, vault);
    const type = contentTypeOf(await this.#facts(record, key));
    return new Blob(await this.items.read(record, key, 'picture'), { type });
  }

  /** Counted from now. @throws StudioError vault/gone */
  async setRetention(id: string, retention: Retention): Promise<void> {
    await this.writing(async () => {
      const record = await this.items.record(id);
      const expiresAt = expiryOf(retention, this.#powers.now());
      await this.items.replace({ ...record, retention, expiresAt });
    });
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.#powers.lock(() => this.items.remove(ids));
  }

  /** Every item and the vault's own key: a new passphrase can be set after. Needs no passphrase. */
  async deleteAll(): Promise<void> {
    await this.#powers.lock(async () => {
      const ids = (await this.items.records()).map(({ id }) => id);
      await this.items.remove(ids, [vaultKey]);
    });
    this.access.lock();
  }

  /**
   * Deletes what is over, with `session` what was kept for a session, and what a crash left behind; what was to be
   * kept beyond `longest` is brought within it. Gives when the next item is over, null where none will be.
   */
  async sweep({ session, longest = 'until-deleted' }: Sweep): Promise<number | null> {
    await this.#powers.lock(async () => {
      await this.#limit(longest);
      const over = (await this.items.records()).filter(
        (record) => this.#isOver(record) || (session && record.retention === 'session'),
      );
      if (over.length > 0) await this.items.remove(over.map(({ id }) => id));
      await this.items.sweepStrays();
    });
    const hours = (await this.items.records()).flatMap(({ expiresAt }) => expiresAt ?? []);
    return hours.length > 0 ? Math.min(...hours) : null;
  }

  async #limit(longest: RetentionLimit): Promise<void> {
    for (const record of await this.items.records()) {
      const within = withinLimit(record, longest);
      if (within === null) await this.items.remove([record.id]);
      else if (within.retention !== record.retention || within.expiresAt !== record.expiresAt)
        await this.items.replace(within);
    }
  }

  /** Newest first, without what is over. */
  async current(): Promise<ItemRecord[]> {
    return (await this.items.records()).filter((record) => !this.#isOver(record));
  }

  now(): number {
    return this.#powers.now();
  }

  /** Alone with the vault; a full disk is told as the vault's. */
  async writing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#powers.lock(work);
    } catch (thrown) {
      const error = asStudioError(thrown, 'storage/unavailable');
      throw error.code === 'storage/full' ? new StudioError('vault/full', {}, { cause: thrown }) : error;
    }
  }

  #isOver({ expiresAt }: ItemRecord): boolean {
    return expiresAt !== null && expiresAt <= this.#powers.now();
  }

  async #look(record: ItemRecord, vault: CryptoKey): Promise<KeptItem> {
    const { id, keptAt, retention, expiresAt } = record;
    const item = { id, keptAt, retention, expiresAt, bytes: sizeOf(record) };
    try {
      const key = await this.items.keyOf(record, vault);
      const facts = await this.#facts(record, key);
      const pieces = await this.items.read(record, key, 'thumbnail');
      return { ...item, seen: { facts, thumbnail: new Blob(pieces, { type: facts.thumbnailType }) } };
    } catch (thrown) {
      if (thrown instanceof StudioError && thrown.code.startsWith('vault/')) return { ...item, seen: null };
      throw thrown;
    }
  }

  async #facts(record: ItemRecord, key: CryptoKey): Promise<KeptFacts> {
    const pieces: Bytes[] = await this.items.read(record, key, 'facts');
    return JSON.parse(await new Blob(pieces).text()) as KeptFacts;
  }
}
