/** What every component of the page reads: the state, the words in the language chosen, and what the page says in passing. */
import { createContext } from 'svelte';
import type { StudioError } from '../base/errors';
import type { PictureFormat } from '../runtime/image';
import type { AppState } from '../state/app.svelte';
import { dictionaries } from './words/dictionaries';
import type { Words } from './words/en';

/** How long a passing word stays. */
const noteMs = 5000;

export class Page {
  readonly app: AppState;
  #format = $state<PictureFormat>('jpeg');
  #note = $state<string | null>(null);
  #trouble = $state.raw<StudioError | null>(null);
  #noteTimer: ReturnType<typeof setTimeout> | undefined;
  #save: (() => void) | null = null;

  readonly words: Words = $derived.by(() => dictionaries[this.app.settings.language]);

  constructor(app: AppState) {
    this.app = app;
  }

  /** The format results are saved in. */
  get format(): PictureFormat {
    return this.#format;
  }

  set format(format: PictureFormat) {
    this.#format = format;
  }

  get note(): string | null {
    return this.#note;
  }

  /** Something that went wrong away from any photo, until it is dismissed. */
  get trouble(): StudioError | null {
    return this.#trouble;
  }

  say(note: string): void {
    clearTimeout(this.#noteTimer);
    this.#note = note;
    this.#noteTimer = setTimeout(() => (this.#note = null), noteMs);
  }

  fail(error: StudioError | null): void {
    this.#trouble = error;
  }

  /** Connects the save bar to the keyboard; the answer disconnects it. */
  onSave(save: () => void): () => void {
    this.#save = save;
    return () => (this.#save = null);
  }

  save(): void {
    this.#save?.();
  }
}

export const [usePage, providePage] = createContext<Page>();
