/**
 * The passphrase's side of the vault: makes it, opens it, and forgets its key after five minutes without use, by the
 * clock: also where the machine slept meanwhile.
 */
import { StudioError } from '../base/errors';
import { keyOfPassphrase, newKey, unwrap, vaultHeader } from './vault-keys';
import { vaultKey, type VaultRecord, type VaultStore } from './vault-records';
import { sameBytes } from './vault-stream';

export const idleMs = 5 * 60 * 1000;

export interface VaultPowers {
  readonly store: VaultStore;
  /** Alone with the vault over all tabs. */
  readonly lock: <T>(work: () => Promise<T>) => Promise<T>;
  readonly now: () => number;
}

export class VaultLock {
  readonly #powers: VaultPowers;
  #key: CryptoKey | null = null;
  #opened: VaultRecord | null = null;
  #usedAt = 0;

  constructor(powers: VaultPowers) {
    this.#powers = powers;
  }

  get isOpen(): boolean {
    if (this.#powers.now() - this.#usedAt >= idleMs) this.#key = null;
    return this.#key !== null;
  }

  /** The vault's record in the store, whoever made it. */
  found(): Promise<VaultRecord | undefined> {
    return this.#powers.store.get<VaultRecord>(vaultKey);
  }

  /** When it locks unless it is used before, in milliseconds since 1970; null while it is locked. */
  get locksAt(): number | null {
    return this.isOpen ? this.#usedAt + idleMs : null;
  }

  /** As it stands in the store: where another tab replaced the vault, this one's key opens nothing of it. */
  async state(): Promise<'none' | 'locked' | 'unlocked'> {
    const found = await this.found();
    if (!this.#isMine(found)) this.lock();
    return !found ? 'none' : this.isOpen ? 'unlocked' : 'locked';
  }

  /** Makes the vault; where another tab has made one, opens that. @throws as `unlock` */
  async create(passphrase: string): Promise<void> {
    await this.#powers.lock(async () => {
      if (await this.found()) return this.unlock(passphrase);
      const header = vaultHeader();
      const by = await keyOfPassphrase(passphrase, header);
      const { key, wrapped } = await newKey('vault', { by, about: header });
      const record = { header, wrappedKey: wrapped } satisfies VaultRecord;
      await this.#powers.store.setMany([[vaultKey, record]]);
      this.#opened = record;
      this.#take(key);
    });
  }

  /** @throws StudioError vault/gone, and as `openVaultKey` */
  async unlock(passphrase: string): Promise<void> {
    const record = await this.found();
    if (!record) throw new StudioError('vault/gone');
    const key = await openVaultKey(record, passphrase);
    this.#opened = record;
    this.#take(key);
  }

  lock(): void {
    this.#key = null;
  }

  /** The vault's key. @throws StudioError vault/locked, vault/gone as `record` */
  async key(): Promise<CryptoKey> {
    if (this.isOpen) await this.record();
    if (!this.isOpen || !this.#key) throw new StudioError('vault/locked');
    return this.#key;
  }

  /** Somebody did something here: an open vault stays open for another while. */
  use(): void {
    if (this.isOpen) this.#usedAt = this.#powers.now();
  }

  /** The vault that this key opened. @throws StudioError vault/gone where another tab deleted or replaced it since */
  async record(): Promise<VaultRecord> {
    const found = await this.found();
    if (found && this.#isMine(found)) return found;
    this.lock();
    throw new StudioError('vault/gone');
  }

  #isMine(found: VaultRecord | undefined): boolean {
    return (
      found !== undefined && this.#opened !== null && sameBytes(found.wrappedKey, this.#opened.wrappedKey)
    );
  }

  #take(key: CryptoKey): void {
    this.#key = key;
    this.#usedAt = this.#powers.now();
  }
}

/** @throws StudioError vault/wrong-passphrase, vault/version, vault/weakened, vault/not-a-vault */
export async function openVaultKey(
  { header, wrappedKey }: VaultRecord,
  passphrase: string,
): Promise<CryptoKey> {
  const by = await keyOfPassphrase(passphrase, header);
  try {
    return await unwrap(wrappedKey, 'vault', { by, about: header });
  } catch (thrown) {
    throw new StudioError('vault/wrong-passphrase', {}, { cause: thrown });
  }
}
