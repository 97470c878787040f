/** Counts the bytes of a download, of all its files: how far, how fast, how long still. What was told never falls. */
import type { TransferProgress } from '../base/progress';
import { heldBytes, type OpenPartial } from './partials';

/** Rate over this long: steady enough to read, quick enough to show that the line got worse. */
const windowMs = 5000;
const enoughMs = 500;

export class Tally {
  readonly #partials: readonly OpenPartial[];
  readonly #totalBytes: number;
  readonly #report: (progress: TransferProgress) => void;
  readonly #everyMs: number;
  /** Bytes of chunks that are coming in, of the one file that is under way. */
  readonly #coming = new Map<number, number>();
  #name = '';
  readonly #samples: { readonly at: number; readonly receivedBytes: number }[] = [];
  #heldBytes = 0;
  #receivedBytes = 0;
  #toldBytes = 0;
  #toldAt = -Infinity;

  constructor(
    partials: readonly OpenPartial[],
    report: (progress: TransferProgress) => void,
    everyMs: number,
  ) {
    this.#partials = partials;
    this.#totalBytes = partials.reduce((sum, { cut }) => sum + cut.fileBytes, 0);
    this.#report = report;
    this.#everyMs = everyMs;
    this.settle();
  }

  /** What comes from now on is of this file. */
  begin({ record }: OpenPartial): void {
    this.#name = record.card.part.name;
    this.#coming.clear();
    this.settle();
  }

  /** `bytes` of this chunk have come so far. */
  coming(index: number, bytes: number): void {
    this.#receivedBytes += Math.max(0, bytes - (this.#coming.get(index) ?? 0));
    this.#coming.set(index, bytes);
    if (performance.now() - this.#toldAt >= this.#everyMs) this.#tell();
  }

  /** After a chunk was kept, or held chunks were lost. */
  settle(index?: number): void {
    if (index !== undefined) this.#coming.delete(index);
    this.#heldBytes = this.#partials.reduce((sum, { record }) => sum + heldBytes(record), 0);
  }

  /** The last report: all of it. */
  complete(): void {
    this.#coming.clear();
    this.#heldBytes = this.#totalBytes;
    this.#tell();
  }

  #tell(): void {
    const now = performance.now();
    this.#toldAt = now;
    this.#samples.push({ at: now, receivedBytes: this.#receivedBytes });
    while (now - (this.#samples[0]?.at ?? now) > windowMs) this.#samples.shift();
    const totalBytes = this.#totalBytes;
    const coming = [...this.#coming.values()].reduce((sum, bytes) => sum + bytes, 0);
    this.#toldBytes = Math.max(this.#toldBytes, Math.min(totalBytes, this.#heldBytes + coming));
    const name = this.#name;
    const doneBytes = this.#toldBytes;
    this.#report({ kind: 'transfer', name, doneBytes, totalBytes, ...this.#pace(totalBytes - doneBytes) });
  }

  #pace(leftBytes: number): Pick<TransferProgress, 'bytesPerSecond' | 'msLeft'> {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < enoughMs) return {};
    const bytesPerMs = (last.receivedBytes - first.receivedBytes) / (last.at - first.at);
    return bytesPerMs > 0 ? { bytesPerSecond: bytesPerMs * 1000, msLeft: leftBytes / bytesPerMs } : {};
  }
}
