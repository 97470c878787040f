/**
 * What pdf.js paints with, in a worker: canvases without a document, and the filters that it asks SVG for elsewhere
 * (soft masks by luminosity, transfer functions), computed pixel by pixel. Without them a shadow is a black box.
 * Weights and tables as pdf.js 5.6.205 src/display/filter_factory.js has them.
 */

type Context = OffscreenCanvasRenderingContext2D;
type Source = OffscreenCanvas | ImageBitmap;
/** Changes RGBA in place. */
type PixelFilter = (pixels: Uint8ClampedArray) => void;
/** Values 0…255 for each of 256. */
type Table = readonly number[];

interface CanvasEntry {
  canvas: OffscreenCanvas | null;
  context: Context | null;
}

export class Paint {
  readonly #filters = new Map<string, PixelFilter>();

  canvas(width: number, height: number): { canvas: OffscreenCanvas; context: Context } {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new RangeError('no canvas of this size');
    this.#filterBy(context);
    return { canvas, context };
  }

  /** As pdf.js takes them: classes that it makes its own of. */
  factories() {
    const add = (filter: PixelFilter): string => {
      const name = `filter-${this.#filters.size}`;
      this.#filters.set(name, filter);
      return name;
    };
    const create = (width: number, height: number) => this.canvas(width, height);
    class CanvasFactory {
      readonly create = create;

      reset({ canvas }: CanvasEntry, width: number, height: number): void {
        if (canvas) [canvas.width, canvas.height] = [width, height];
      }

      destroy(entry: CanvasEntry): void {
        this.reset(entry, 0, 0);
        entry.canvas = entry.context = null;
      }
    }
    class FilterFactory {
      readonly addFilter = (tables: readonly Table[]) => add((pixels) => transfer(pixels, tables));
      readonly addAlphaFilter = (table: Table) => add((pixels) => mapAlpha(pixels, table));
      readonly addLuminosityFilter = (table?: Table) => add((pixels) => luminosity(pixels, table));
      readonly addHCMFilter = () => 'none';
      readonly addHighlightHCMFilter = () => 'none';
      readonly destroy = () => undefined;
    }
    return { CanvasFactory, FilterFactory };
  }

  /** `filter` takes the names given above, is saved and restored as the other states are, and heeded by `drawImage`. */
  #filterBy(context: Context): void {
    let name = 'none';
    const saved: string[] = [];
    const draw = context.drawImage.bind<(source: Source, ...where: number[]) => void>(context);
    const [save, restore] = [context.save.bind(context), context.restore.bind(context)];
    Object.defineProperty(context, 'filter', {
      get: () => name,
      set: (next: string) => (name = next),
    });
    Object.assign(context, {
      save: () => {
        saved.push(name);
        save();
      },
      restore: () => {
        name = saved.pop() ?? name;
        restore();
      },
      drawImage: (source: Source, ...where: number[]) => {
        const filter = this.#filters.get(name);
        draw(filter ? filtered(source, filter) : source, ...where);
      },
    });
  }
}

function filtered(source: Source, filter: PixelFilter): OffscreenCanvas {
  const canvas = new OffscreenCanvas(source.width, source.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context?.drawImage(source, 0, 0);
  const pixels = context?.getImageData(0, 0, source.width, source.height);
  if (!context || !pixels) return canvas;
  filter(pixels.data);
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** The alpha of each pixel from how bright it is. */
function luminosity(pixels: Uint8ClampedArray, table?: Table): void {
  for (let at = 0; at < pixels.length; at += 4) {
    const [red, green, blue] = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
    const alpha = Math.round(0.3 * red + 0.59 * green + 0.11 * blue);
    pixels[at] = pixels[at + 1] = pixels[at + 2] = 0;
    pixels[at + 3] = table?.[alpha] ?? alpha;
  }
}

function mapAlpha(pixels: Uint8ClampedArray, table: Table): void {
  for (let at = 3; at < pixels.length; at += 4) pixels[at] = table[pixels[at] ?? 0] ?? 0;
}

/** One table for all colours, or one for each. */
function transfer(pixels: Uint8ClampedArray, tables: readonly Table[]): void {
  for (let at = 0; at < pixels.length; at++) {
    if (at % 4 === 3) continue;
    const table = tables.length === 1 ? tables[0] : tables[at % 4];
    pixels[at] = table?.[pixels[at] ?? 0] ?? 0;
  }
}
