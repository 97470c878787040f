/** The thread of one PDF: parsed and drawn here. Its policy lets it reach no address at all. */
import { expose } from 'comlink';
import { PdfDesk } from '../src/jobs/pdf-desk';

expose(new PdfDesk());
