/** What went over the line, without content: no address beyond the class of the path. Capped, in memory. */
import type { RefusalReason, Shelf } from './allow-list';

export interface LedgerRow {
  /** One of a request; a row that comes again under it takes the place of the one before. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly by: 'service-worker' | 'library-worker';
  readonly method: string;
  readonly pathClass: Shelf | 'unknown' | 'foreign';
  /** The host of a grant; null for the app's own, and for a refused one, whose name may be what somebody tried to leak. */
  readonly host: string | null;
  readonly from: 'cache' | 'network' | 'none';
  /** Bytes of address and range that were put onto the line; what the browser adds is not known here. */
  readonly sentBytes: number;
  /** Bytes received over the network; 0 for what the cache answered, and for a grant as the service worker sees it. */
  readonly bytes: number;
  /** 'granted': left to the browser for the worker of a grant, which counts the bytes itself. */
  readonly verdict: 'allowed' | 'granted' | 'failed' | RefusalReason;
}

/** What the wall tells of its ledger. */
interface LedgerState {
  readonly rows: readonly LedgerRow[];
  /** Milliseconds since 1970: another time means that the wall was started anew and has forgotten. */
  readonly since: number;
  readonly full: boolean;
}

export interface LedgerAnswer extends LedgerState {
  /** Requests that have no row yet. */
  readonly underWay: number;
  /** Requests that were refused since the wall was started, whoever asked; their rows may be gone. */
  readonly refused: number;
  /** Those of the page that asks, without its workers. */
  readonly refusedOfAsker: number;
}

export const ledgerLimit = 500;

/** What the wall notes of a request, but for its name and time. */
export function wallRow(
  pathClass: LedgerRow['pathClass'],
  from: LedgerRow['from'],
  verdict: LedgerRow['verdict'],
  more: Partial<LedgerRow> = {},
): Omit<LedgerRow, 'id' | 'time'> {
  const plain = { by: 'service-worker', method: 'GET', host: null, sentBytes: 0, bytes: 0 } as const;
  return { ...plain, pathClass, from, verdict, ...more };
}

/** How many rows are of requests that left; what was left to the worker of a grant has that worker's own row. */
export function overNetwork(rows: readonly LedgerRow[]): number {
  const isTwin = ({ by, verdict }: LedgerRow) => by === 'service-worker' && verdict === 'granted';
  return rows.filter((row) => row.from === 'network' && !isTwin(row)).length;
}

export class Ledger {
  #rows: LedgerRow[] = [];
  #since: number;

  /** `since`: when it was begun, in milliseconds since 1970. */
  constructor(
    readonly limit = ledgerLimit,
    since = 0,
  ) {
    this.#since = since;
  }

  /** True for a row that was not known. */
  add(row: LedgerRow): boolean {
    const at = this.#rows.findIndex(({ id }) => id === row.id);
    if (at >= 0) this.#rows[at] = row;
    else this.#rows.push(row);
    if (this.#rows.length > this.limit) this.#rows.shift();
    return at < 0;
  }

  /** `full`: from now on a new row pushes the oldest out. */
  state(): LedgerState {
    return { rows: this.rows(), since: this.#since, full: this.#rows.length >= this.limit };
  }

  /** Who counts rows must see that some were forgotten: it begins anew. */
  clear(now: number): void {
    this.#rows = [];
    this.#since = Math.max(now, this.#since + 1);
  }

  rows(): readonly LedgerRow[] {
    return [...this.#rows];
  }
}
