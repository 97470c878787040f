/** The room that models have in this browser, as the browser tells it. */
import { estimatedFreeBytes, KeepPromise, type Keeping, type StorageDoor } from './storage-room';

export class Space {
  readonly #storage: StorageDoor;
  readonly #promise: KeepPromise;
  #freeBytes = $state<number | null>(null);
  #keeping = $state<Keeping>('unknown');

  constructor(storage: StorageDoor) {
    this.#storage = storage;
    this.#promise = new KeepPromise(storage);
  }

  get freeBytes(): number | null {
    return this.#freeBytes;
  }

  get keeping(): Keeping {
    return this.#keeping;
  }

  async look(): Promise<void> {
    this.#freeBytes = await estimatedFreeBytes(this.#storage);
    this.#keeping = await this.#promise.state();
  }

  async askToKeep(): Promise<void> {
    await this.#promise.ask();
    await this.look();
  }
}
