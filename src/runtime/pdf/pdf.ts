/**
 * A PDF's pages as pictures, by pdf.js (the only importer of it). Everything happens in the worker that calls this:
 * parsing and painting, without eval, scripts of the PDF or any address. What pdf.js reads beside its code is given.
 */
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
// Where it is loaded, pdf.js parses in this thread instead of one more.
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import { StudioError } from '../../base/errors';
import { Paint } from './paint';
import type { PdfParts } from './parts';

/** Points are 1/72 inch. */
const pointsPerInch = 72;
/** A picture in a PDF with more pixels is left out: it would not fit into a tab beside the others. */
const mostPicturePixels = 100_000_000;

export interface PageSize {
  readonly dpi: number;
  /** Where it would be larger, the page is drawn with fewer dots an inch. */
  readonly longestSidePx: number;
}

interface PdfSource {
  /** They are used up. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly password: string | null;
  readonly parts: PdfParts;
}

export class Pdf {
  readonly #opened: PDFDocumentProxy;
  readonly #paint: Paint;

  private constructor(opened: PDFDocumentProxy, paint: Paint) {
    this.#opened = opened;
    this.#paint = paint;
  }

  /** @throws StudioError pdf/locked (`wrong`: whether a password was tried), pdf/damaged */
  static async open({ bytes, password, parts }: PdfSource): Promise<Pdf> {
    class BinaryDataFactory {
      readonly fetch = ({ filename }: { filename: string }): Promise<Uint8Array> => {
        const part = parts.get(filename);
        // pdf.js makes it its own.
        return part ? Promise.resolve(part.slice()) : Promise.reject(new RangeError('no such part'));
      };
    }
    const paint = new Paint();
    const { fonts } = self as Partial<FontFaceSource>;
    const task = getDocument({
      data: bytes,
      ...(password !== null && { password }),
      ...paint.factories(),
      BinaryDataFactory,
      // Any text will do: they are names of folders that pdf.js wants to hear before it asks the factory above.
      ...{ cMapUrl: 'parts/', standardFontDataUrl: 'parts/', wasmUrl: 'parts/' },
      useWorkerFetch: false,
      isEvalSupported: false,
      enableXfa: false,
      isImageDecoderSupported: false,
      maxImageSize: mostPicturePixels,
      disableFontFace: fonts === undefined,
      // Its types know a document alone, here and below; of one it wants the fonts.
      ownerDocument: { fonts } as never,
      verbosity: 0,
    });
    try {
      return new Pdf(await task.promise, paint);
    } catch (thrown) {
      throw asPdfError(thrown, password !== null);
    }
  }

  get pageCount(): number {
    return this.#opened.numPages;
  }

  /** A PNG on white. `number` counts from 1. @throws StudioError pdf/page */
  async draw(number: number, { dpi, longestSidePx }: PageSize): Promise<Blob> {
    try {
      const page = await this.#opened.getPage(number);
      const { width, height } = page.getViewport({ scale: 1 });
      const scale = Math.min(dpi / pointsPerInch, longestSidePx / Math.max(width, height));
      const viewport = page.getViewport({ scale });
      const sides = [viewport.width, viewport.height].map((side) => Math.max(1, Math.round(side)));
      const { canvas, context } = this.#paint.canvas(sides[0] ?? 1, sides[1] ?? 1);
      try {
        await page.render({
          canvas: null,
          canvasContext: context as never,
          viewport,
          background: 'rgb(255, 255, 255)',
        }).promise;
        return await canvas.convertToBlob({ type: 'image/png' });
      } finally {
        canvas.width = canvas.height = 0;
        page.cleanup();
      }
    } catch (thrown) {
      throw new StudioError('pdf/page', { page: number }, { cause: thrown });
    }
  }
}

function asPdfError(thrown: unknown, tried: boolean): StudioError {
  const isLocked = thrown instanceof Error && thrown.name === 'PasswordException';
  return isLocked
    ? new StudioError('pdf/locked', { wrong: tried }, { cause: thrown })
    : new StudioError('pdf/damaged', {}, { cause: thrown });
}
