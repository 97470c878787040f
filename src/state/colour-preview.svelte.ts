/** One small picture drawn both ways, red first and blue first, so that which is right can be seen. */
import { asStudioError, type StudioError } from '../base/errors';
import type { ModelCard } from '../models/model';
import { defaultCartoonOptions } from '../pipelines/cartoon/card';
import type { Drawing } from './drawing';

export const colourOrders = ['rgb', 'bgr'] as const;
export type ColourOrder = (typeof colourOrders)[number];

export class ColourPreview {
  readonly #drawing: Drawing;
  #urls = $state.raw<Readonly<Partial<Record<ColourOrder, string>>>>({});
  #error = $state.raw<StudioError | null>(null);
  #abort = new AbortController();

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
  }

  /** Addresses of what has been drawn so far, in this tab's memory until `free`. */
  get urls(): Readonly<Partial<Record<ColourOrder, string>>> {
    return this.#urls;
  }

  get error(): StudioError | null {
    return this.#error;
  }

  /** Draws anew; what was drawn before, or is being drawn, is dropped. */
  async draw(card: ModelCard, picture: Blob): Promise<void> {
    this.free();
    const { use } = card;
    if (use.role !== 'cartoon') return;
    const { signal } = (this.#abort = new AbortController());
    const options = { ...defaultCartoonOptions, keepSkin: false, lift: false };
    try {
      for (const order of colourOrders) {
        const cartoon = { ...card, use: { ...use, spec: { ...use.spec, order } } };
        const asked = { photo: picture, cartoon, faces: null, options };
        const { outcome } = await this.#drawing.cartoon(asked, { signal, report: () => undefined });
        this.#urls = { ...this.#urls, [order]: URL.createObjectURL(outcome.picture) };
      }
    } catch (thrown) {
      if (!signal.aborted) this.#error = asStudioError(thrown, 'engine/failed');
    }
  }

  free(): void {
    this.#abort.abort();
    for (const url of Object.values(this.#urls)) URL.revokeObjectURL(url);
    this.#urls = {};
    this.#error = null;
  }
}
