/** The page's half of a PDF: a worker of its own for each, which is ended with it, or when a page takes too long. */
import { StudioError } from '../base/errors';
import type { PageSize } from '../runtime/pdf/pdf';
import { unwrap } from './outcome';
import type { PdfApi } from './pdf-protocol';
import type { Outcome } from './protocol';
import { Thread, type WorkerLike } from './thread';

/** A page is drawn in a second or so; one that is meant to keep a thread busy never ends. */
const longestMs = 60_000;
/** The whole file lies in the worker's memory, and what it is unpacked to besides. */
const mostBytes = 512 * 1024 * 1024;

interface PdfBridgePowers {
  readonly makeWorker: () => WorkerLike;
  /** What pdf.js reads beside its code. */
  readonly fetchParts: () => Promise<Blob>;
  /** For tests. */
  readonly longestMs?: number;
}

export interface PdfDoor {
  /** How many pages. @throws StudioError pdf/locked, pdf/damaged, pdf/too-large, pdf/too-slow, file/gone; network/failed */
  open(file: Blob, password: string | null): Promise<number>;
  /** A PNG; pages count from 1. @throws StudioError pdf/page, pdf/too-slow; an abort where it was ended */
  draw(page: number, size: PageSize): Promise<Blob>;
  /** Its memory goes. */
  end(): void;
}

export class PdfBridge implements PdfDoor {
  readonly #powers: PdfBridgePowers;
  #thread: Thread<PdfApi> | null = null;

  constructor(powers: PdfBridgePowers) {
    this.#powers = powers;
  }

  async open(file: Blob, password: string | null): Promise<number> {
    if (file.size > mostBytes) throw new StudioError('pdf/too-large', { bytes: file.size, mostBytes });
    const parts = await this.#powers.fetchParts();
    return this.#call((api) => api.open(file, password, parts));
  }

  draw(page: number, size: PageSize): Promise<Blob> {
    return this.#call((api) => api.draw(page, size));
  }

  end(): void {
    this.#thread?.end(new DOMException('The PDF was closed.', 'AbortError'));
    this.#thread = null;
  }

  async #call<T>(work: (api: Thread<PdfApi>['api']) => Promise<Outcome<T>>): Promise<T> {
    const thread = (this.#thread ??= new Thread<PdfApi>(this.#powers.makeWorker()));
    const limit = this.#powers.longestMs ?? longestMs;
    const timer = setTimeout(() => thread.end(new StudioError('pdf/too-slow')), limit);
    try {
      return unwrap(await thread.call(work));
    } finally {
      clearTimeout(timer);
    }
  }
}
