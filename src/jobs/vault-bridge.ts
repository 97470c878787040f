/** The page's half of the vault: a worker of its own, made when first asked and ended, keys and all, by `end`. */
import type { Remote } from 'comlink';
import { unwrap } from './outcome';
import type { Outcome } from './protocol';
import { Thread, type WorkerLike } from './thread';
import type { VaultApi } from './vault-protocol';

export type VaultRemote = Remote<VaultApi>;

export interface VaultDoor {
  /** @throws StudioError; an abort where the worker was ended meanwhile */
  ask<T>(work: (vault: VaultRemote) => Promise<Outcome<T>>): Promise<T>;
  /** Locks it by ending the worker: its memory goes, and with it keys and passphrase. */
  end(): void;
}

export class VaultBridge implements VaultDoor {
  readonly #makeWorker: () => WorkerLike;
  #thread: Thread<VaultApi> | null = null;

  constructor(makeWorker: () => WorkerLike) {
    this.#makeWorker = makeWorker;
  }

  async ask<T>(work: (vault: VaultRemote) => Promise<Outcome<T>>): Promise<T> {
    if (!this.#thread || this.#thread.isEnded) this.#thread = new Thread<VaultApi>(this.#makeWorker());
    return unwrap(await this.#thread.call(work));
  }

  end(): void {
    this.#thread?.end(new DOMException('The vault was locked.', 'AbortError'));
    this.#thread = null;
  }
}
