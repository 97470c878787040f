/** What the browser says of the room it gives: an estimate, and whether it promised to keep what lies there. */

/** `navigator.storage`, as far as the page asks it; a browser may have less of it. */
export type StorageDoor = Partial<Pick<StorageManager, 'estimate' | 'persisted' | 'persist'>>;

/** unknown: this browser does not say; refused: it was asked, and did not promise. */
export type Keeping = 'unknown' | 'promised' | 'not-asked' | 'refused';

/** Quota less use, both of them the browser's guess; null where it makes none. */
export async function estimatedFreeBytes(storage: StorageDoor): Promise<number | null> {
  const estimate = await storage.estimate?.().catch(() => null);
  const { quota, usage = 0 } = estimate ?? {};
  return quota === undefined ? null : Math.max(0, quota - usage);
}

export class KeepPromise {
  readonly #storage: StorageDoor;
  #asked = false;

  constructor(storage: StorageDoor) {
    this.#storage = storage;
  }

  async state(): Promise<Keeping> {
    const promised = await this.#storage.persisted?.().catch(() => undefined);
    if (promised === undefined) return 'unknown';
    if (promised) return 'promised';
    return this.#asked ? 'refused' : 'not-asked';
  }

  /** Once a visit, and not where it has promised already: a browser may ask the visitor in turn. */
  async ask(): Promise<void> {
    if (this.#asked || (await this.state()) === 'promised') return;
    this.#asked = true;
    await this.#storage.persist?.().catch(() => undefined);
  }
}
