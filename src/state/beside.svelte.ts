/** What the deployment laid beside the app: looked for when the shelf is opened, never before. */
import { asStudioError, type StudioError } from '../base/errors';
import type { Library } from '../jobs/library-bridge';
import type { Shelf } from './shelf.svelte';

export class Beside {
  readonly #library: Library;
  readonly #shelf: Shelf;
  #failure = $state.raw<StudioError | null>(null);

  constructor(library: Library, shelf: Shelf) {
    this.#library = library;
    this.#shelf = shelf;
  }

  /** Why its manifest could not be used; null too where there is none. */
  get failure(): StudioError | null {
    return this.#failure;
  }

  async look(): Promise<void> {
    try {
      await this.#library.lookBeside();
      this.#failure = null;
      await this.#shelf.refresh();
    } catch (thrown) {
      this.#failure = asStudioError(thrown, 'storage/unavailable');
    }
  }
}
