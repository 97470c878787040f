/** One photo in this tab's memory, and what is known about the faces in it. Freed by `free`, when its last job goes. */
import type { AiSource } from '../base/ai-source';
import type { Face, FaceBox } from '../pipelines/cartoon/card';
import type { PictureMetadata } from '../privacy/metadata';
import { readPictureHeader } from '../runtime/picture-header';
import { boxInMiddle, inside, newlyFound, rounded, type Size } from './face-boxes';

/** A picture that says it is larger is not shown before a job has looked at it: the page would decode all of it. */
const mostPreviewPixels = 100_000_000;
/** Where a picture's header nearly always ends. */
const headerBytes = 262_144;

export class Photo {
  readonly blob: Blob;
  readonly url: string;
  #size = $state.raw<Size | null>(null);
  #preview = $state<'pending' | 'shown' | 'none'>('pending');
  #carried = $state.raw<PictureMetadata | null>(null);
  #listing: Promise<void> | null = null;
  /** The mark of a model that saved results are to keep; null for none. */
  #keptMark = $state<AiSource | null>(null);
  #found = $state.raw<readonly FaceBox[]>([]);
  #marked = $state.raw<readonly FaceBox[]>([]);
  #dismissed = $state.raw<readonly FaceBox[]>([]);

  constructor(blob: Blob) {
    this.blob = blob;
    this.url = URL.createObjectURL(blob);
    void this.#look();
  }

  /** Known once the browser has shown the photo, or a job has drawn it. */
  get size(): Size | null {
    return this.#size;
  }

  set size(size: Size | null) {
    this.#size = size;
  }

  /** Pending for the moment its header is read; none where the browser cannot or should not show it. */
  get preview(): 'pending' | 'shown' | 'none' {
    return this.#preview;
  }

  cannotBeShown(): void {
    this.#preview = 'none';
  }

  get found(): readonly FaceBox[] {
    return this.#found;
  }

  get marked(): readonly FaceBox[] {
    return this.#marked;
  }

  get dismissed(): readonly FaceBox[] {
    return this.#dismissed;
  }

  /** What the file carries besides its pixels; null until `list` has read it. */
  get carried(): PictureMetadata | null {
    return this.#carried;
  }

  get keptMark(): AiSource | null {
    return this.#keptMark;
  }

  set keptMark(source: AiSource | null) {
    this.#keptMark = source;
  }

  /** Reads what the file carries, once, whoever asks. A file that cannot be read any more is told of by its job. */
  list(): Promise<void> {
    return (this.#listing ??= this.#read());
  }

  /** Faces a job drew that was given these marked boxes. The hand may have been at work since. */
  drawn(faces: readonly Face[], given: readonly FaceBox[]): void {
    this.#found = newlyFound(faces, [...given, ...this.#marked], this.#dismissed);
  }

  dismiss(box: FaceBox): void {
    this.#found = this.#found.filter((other) => other !== box);
    this.#dismissed = [...this.#dismissed, box];
  }

  restore(box: FaceBox): void {
    this.#dismissed = this.#dismissed.filter((other) => other !== box);
    this.#found = [...this.#found, box];
  }

  /** Marks a missed face and gives its place in the list. Without a box, one in the middle. */
  mark(box?: FaceBox): number {
    if (!this.#size) return -1;
    this.#marked = [...this.#marked, rounded(box ? inside(box, this.#size) : boxInMiddle(this.#size))];
    return this.#marked.length - 1;
  }

  change(index: number, box: FaceBox): void {
    const size = this.#size;
    if (size)
      this.#marked = this.#marked.map((other, at) => (at === index ? rounded(inside(box, size)) : other));
  }

  unmark(index: number): void {
    this.#marked = this.#marked.filter((_, at) => at !== index);
  }

  async #read(): Promise<void> {
    try {
      const { readMetadata } = await import('../privacy/metadata');
      this.#carried = await readMetadata(new Uint8Array(await this.blob.arrayBuffer()));
    } catch {
      this.#listing = null;
    }
  }

  async #look(): Promise<void> {
    let pixels = 0;
    try {
      const start = await this.blob.slice(0, headerBytes).arrayBuffer();
      const { width = 0, height = 0 } = readPictureHeader(new Uint8Array(start));
      pixels = width * height;
    } catch {
      // No header of ours: the browser may still know the picture, and a job says what is wrong with it.
    }
    this.#preview = pixels > mostPreviewPixels ? 'none' : 'shown';
  }

  free(): void {
    URL.revokeObjectURL(this.url);
  }
}
