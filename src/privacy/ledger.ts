/** What went over the line, without content: no address beyond the class of the path. Capped, in memory. */
import type { RefusalReason, Shelf } from './allow-list';

export interface LedgerRow {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly method: string;
  readonly pathClass: Shelf | 'unknown' | 'foreign';
  readonly from: 'cache' | 'network' | 'none';
  /** Bytes received over the network; 0 for what the cache answered and what was granted. */
  readonly bytes: number;
  /** 'granted': left to the browser for the worker of a grant, which counts the bytes itself. */
  readonly verdict: 'allowed' | 'granted' | 'failed' | RefusalReason;
}

export class Ledger {
  readonly #rows: LedgerRow[] = [];

  constructor(readonly limit = 500) {}

  add(row: LedgerRow): void {
    this.#rows.push(row);
    if (this.#rows.length > this.limit) this.#rows.shift();
  }

  clear(): void {
    this.#rows.length = 0;
  }

  rows(): readonly LedgerRow[] {
    return [...this.#rows];
  }
}
