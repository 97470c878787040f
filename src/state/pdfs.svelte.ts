/** PDFs that were brought, one after the other. */
import type { PdfDoor } from '../jobs/pdf-bridge';
import { PdfPages } from './pdf-pages.svelte';

export class Pdfs {
  readonly #openDoor: () => PdfDoor;
  readonly #add: (pictures: readonly Blob[]) => void;
  #waiting: readonly Blob[] = [];
  #current = $state.raw<PdfPages | null>(null);

  constructor(openDoor: () => PdfDoor, add: (pictures: readonly Blob[]) => void) {
    this.#openDoor = openDoor;
    this.#add = add;
  }

  /** The one whose pages are being chosen. */
  get current(): PdfPages | null {
    return this.#current;
  }

  bring(files: readonly Blob[]): void {
    this.#waiting = [...this.#waiting, ...files];
    if (!this.#current) this.next();
  }

  /** Closes the one at hand, and opens the next. */
  next(): void {
    this.#current?.close();
    const [file, ...rest] = this.#waiting;
    this.#waiting = rest;
    this.#current = file ? new PdfPages(file, this.#openDoor(), this.#add) : null;
  }

  clear(): void {
    this.#waiting = [];
    this.next();
  }
}
