/** An answer whose bytes are counted into the ledger as they come. */
import type { LedgerRow } from './ledger';

/** Between two notes of one answer. */
const noteBytes = 512 * 1024;

/** The same answer; `note` hears the row at once, about every half megabyte, and when it has come or is wanted no more. */
export function counted(response: Response, row: LedgerRow, note: (row: LedgerRow) => void): Response {
  note(row);
  if (response.body === null) return response;
  let bytes = 0;
  let noted = 0;
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(line) {
      const { done, value } = await reader.read();
      if (done) {
        note({ ...row, bytes });
        line.close();
        return;
      }
      bytes += value.length;
      if (bytes - noted >= noteBytes) note({ ...row, bytes: (noted = bytes) });
      line.enqueue(value);
    },
    // Who has what it wants reads no further, so the end is not always seen.
    cancel(reason) {
      note({ ...row, bytes });
      return reader.cancel(reason);
    },
  });
  const { status, headers } = response;
  return new Response(body, { status, headers });
}
