/** An answer whose bytes are counted into the ledger as they come. */
import type { LedgerRow } from './ledger';

/** Between two notes of one answer. */
const noteBytes = 512 * 1024;

/** The same answer; `note` hears the row at once, about every half megabyte, and with the last byte. */
export function counted(response: Response, row: LedgerRow, note: (row: LedgerRow) => void): Response {
  note(row);
  if (response.body === null) return response;
  let bytes = 0;
  let noted = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, line) {
      bytes += part.length;
      if (bytes - noted >= noteBytes) note({ ...row, bytes: (noted = bytes) });
      line.enqueue(part);
    },
    flush: () => note({ ...row, bytes }),
  });
  const { status, headers } = response;
  return new Response(response.body.pipeThrough(count), { status, headers });
}
