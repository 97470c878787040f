/** The vault over a map, for tests: with a clock that is set by hand and a disk that dies on command. */
import { StudioError } from '../base/errors';
import type { VaultPowers } from './vault-lock';
import type { VaultStore } from './vault-records';

export class MemoryVault implements VaultPowers, VaultStore {
  readonly entries: Map<string, unknown>;
  /** Writes that still reach the disk; then every further one fails, as the machine is off. */
  writesLeft = Infinity;
  /** Entries that still find room; what is deleted needs none. */
  roomLeft = Infinity;
  time = Date.UTC(2026, 0, 1);
  readonly store = this;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(entries = new Map<string, unknown>()) {
    this.entries = entries;
  }

  now = () => this.time;

  lock = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => undefined);
    return turn;
  };

  get<T>(key: string) {
    return Promise.resolve(this.entries.get(key) as T | undefined);
  }

  getMany<T>(keys: readonly string[]) {
    return Promise.resolve(keys.map((key) => this.entries.get(key) as T | undefined));
  }

  setMany(added: readonly (readonly [key: string, value: unknown])[]) {
    this.roomLeft -= added.length;
    if (this.roomLeft < 0) return Promise.reject(new StudioError('storage/full'));
    return this.#write(() => added.forEach(([key, value]) => this.entries.set(key, value)));
  }

  deleteMany(keys: readonly string[]) {
    return this.#write(() => keys.forEach((key) => this.entries.delete(key)));
  }

  keys() {
    return Promise.resolve([...this.entries.keys()]);
  }

  #write(write: () => void): Promise<void> {
    if (this.writesLeft-- <= 0) return Promise.reject(new StudioError('storage/full'));
    write();
    return Promise.resolve();
  }
}
