/** What the vault has of one result; knows nothing of the result, so that whoever looks after it holds no picture. */
import type { KeptEntry } from '../privacy/kept-item';

export class KeptState {
  #entry = $state.raw<KeptEntry | null>(null);
  /** Whether it outlives the tab. */
  readonly lasts = $derived(this.#entry !== null && this.#entry.retention !== 'session');

  /** Under which random id, and for how long; null once it is not there any more. */
  get entry(): KeptEntry | null {
    return this.#entry;
  }

  set entry(entry: KeptEntry | null) {
    this.#entry = entry;
  }
}
