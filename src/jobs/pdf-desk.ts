/** The worker's half of a PDF: one at a time, every failure a value. */
import { StudioError } from '../base/errors';
import { bytesOfFile } from '../base/file';
import { unpackParts } from '../runtime/pdf/parts';
import { Pdf, type PageSize } from '../runtime/pdf/pdf';
import { outcomeOf } from './outcome';
import type { PdfApi } from './pdf-protocol';

export class PdfDesk implements PdfApi {
  #pdf: Pdf | null = null;

  open(file: Blob, password: string | null, parts: Blob) {
    return outcomeOf(async () => {
      const bytes = await bytesOfFile(file);
      this.#pdf = await Pdf.open({ bytes, password, parts: await unpackParts(parts) });
      if (this.#pdf.pageCount === 0) throw new StudioError('pdf/damaged');
      return this.#pdf.pageCount;
    }, 'pdf/damaged');
  }

  draw(page: number, size: PageSize) {
    return outcomeOf(async () => {
      if (!this.#pdf) throw new StudioError('pdf/page', { page });
      return this.#pdf.draw(page, size);
    }, 'pdf/page');
  }
}
