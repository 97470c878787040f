/** What crosses to the thread of a PDF and back. */
import type { PageSize } from '../runtime/pdf/pdf';
import type { Outcome } from './protocol';

export interface PdfApi {
  /** How many pages it has. `parts`: see build/pdf-parts.ts. */
  open(file: Blob, password: string | null, parts: Blob): Promise<Outcome<number>>;
  /** A PNG; pages count from 1. */
  draw(page: number, size: PageSize): Promise<Outcome<Blob>>;
}
