/** PDFs that were brought: one after the other, each opened in a thread of its own, its chosen pages drawn as pictures. */
import { SvelteMap } from 'svelte/reactivity';
import { asStudioError, isAbort, type StudioError } from '../base/errors';
import type { PdfDoor } from '../jobs/pdf-bridge';

/** At this many dots an inch small print is read, as scanners take it; an A4 page has 3.9 million pixels. */
const pageSize = { dpi: 200, longestSidePx: 4096 } as const;
const thumbnailSize = { dpi: 72, longestSidePx: 320 } as const;
/** Those after it are chosen by number. */
const mostThumbnails = 200;
const mostChosen = 50;

export class PdfPages {
  readonly mostChosen = mostChosen;
  readonly #file: Blob;
  readonly #door: PdfDoor;
  readonly #add: (pictures: readonly Blob[]) => void;
  /** Addresses in this tab's memory; null where the page could not be drawn. */
  readonly thumbnails = new SvelteMap<number, string | null>();
  #count = $state(0);
  #chosen = $state.raw<readonly number[]>([]);
  #phase = $state<'opening' | 'locked' | 'choosing' | 'drawing'>('opening');
  #drawn = $state(0);
  #failure = $state.raw<StudioError | null>(null);
  #isClosed = false;

  constructor(file: Blob, door: PdfDoor, add: (pictures: readonly Blob[]) => void) {
    this.#file = file;
    this.#door = door;
    this.#add = add;
  }

  get count(): number {
    return this.#count;
  }

  get shown(): number {
    return Math.min(this.#count, mostThumbnails);
  }

  get phase(): 'opening' | 'locked' | 'choosing' | 'drawing' {
    return this.#phase;
  }

  get failure(): StudioError | null {
    return this.#failure;
  }

  /** Pages, in order. */
  get chosen(): readonly number[] {
    return this.#chosen;
  }

  set chosen(pages: readonly number[]) {
    this.#chosen = pages;
  }

  /** Of the chosen ones. */
  get drawn(): number {
    return this.#drawn;
  }

  /** True once its only page was added: there is nothing to choose. */
  async open(password: string | null): Promise<boolean> {
    this.#phase = 'opening';
    this.#failure = null;
    try {
      this.#count = await this.#door.open(this.#file, password);
    } catch (thrown) {
      if (isAbort(thrown)) return false;
      const failure = asStudioError(thrown, 'pdf/damaged');
      const isLocked = failure.code === 'pdf/locked';
      if (isLocked) this.#phase = 'locked';
      // Nobody tried a password yet.
      if (!isLocked || failure.details.wrong === true) this.#failure = failure;
      return false;
    }
    this.#chosen = [1];
    if (this.#count === 1) return this.draw();
    this.#phase = 'choosing';
    void this.#drawThumbnails();
    return false;
  }

  toggle(page: number): void {
    this.#chosen = this.#chosen.includes(page)
      ? this.#chosen.filter((other) => other !== page)
      : [...this.#chosen, page].sort((a, b) => a - b);
  }

  /** The chosen pages become pictures of the next question, all or none. True when they are. */
  async draw(): Promise<boolean> {
    this.#phase = 'drawing';
    this.#failure = null;
    this.#drawn = 0;
    try {
      const pictures: Blob[] = [];
      for (const page of this.#chosen) {
        pictures.push(await this.#door.draw(page, pageSize));
        this.#drawn += 1;
      }
      if (this.#isClosed) return false;
      this.#add(pictures);
      return true;
    } catch (thrown) {
      if (!isAbort(thrown)) this.#failure = asStudioError(thrown, 'pdf/page');
      this.#phase = 'choosing';
      return false;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#door.end();
    for (const url of this.thumbnails.values()) if (url !== null) URL.revokeObjectURL(url);
    this.thumbnails.clear();
  }

  async #drawThumbnails(): Promise<void> {
    for (let page = 1; page <= this.shown; page++) {
      const picture = await this.#door.draw(page, thumbnailSize).catch(() => null);
      if (this.#isClosed) return;
      this.thumbnails.set(page, picture && URL.createObjectURL(picture));
    }
  }
}
