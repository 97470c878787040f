/** A door to a PDF as the page has it. Apart from bridge.ts, since it comes with the room that opens PDFs. */
import partsPath from 'virtual:pdf-parts';
import { openPdfWorker } from './bridge';
import type { Library } from './library-bridge';
import { PdfBridge, type PdfDoor } from './pdf-bridge';

export function openPdf(library: Library): PdfDoor {
  return new PdfBridge({
    makeWorker: openPdfWorker,
    fetchParts: () => library.ownFile(partsPath),
  });
}
