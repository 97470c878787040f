/** A text of a few megabytes at most, asked for through the gate and not waited for very long. */
import type { Request } from './line';
import type { LineGate } from './line-gate';

export interface Asking {
  readonly request: Request;
  readonly gate: LineGate;
}

/** A host that says nothing for so long says nothing. */
const patienceMs = 20_000;

/** Cut off somewhere after `mostBytes`. @throws StudioError network/*; an abort or timeout */
export async function readText(
  address: string,
  mostBytes: number,
  { request, gate }: Asking,
): Promise<string> {
  const closing = await gate.pass(new AbortController().signal);
  const signal = AbortSignal.any([closing, AbortSignal.timeout(patienceMs)]);
  const response = await request(address, { signal });
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(Uint8Array.from(piece));
    bytes += piece.length;
    if (bytes > mostBytes) break;
  }
  return new Blob(pieces).text();
}
