/** A door to a PDF as the page has it. Apart from bridge.ts, since it comes with the room that opens PDFs. */
import partsPath from 'virtual:pdf-parts';
import { airlockFetch } from '../privacy/airlock';
import { openPdfWorker } from './bridge';
import { PdfBridge, type PdfDoor } from './pdf-bridge';

export function openPdf(): PdfDoor {
  return new PdfBridge({
    makeWorker: openPdfWorker,
    fetchParts: async () => (await airlockFetch(partsPath)).blob(),
  });
}
