/**
 * The ledger of this tab: the rows that the service worker and the workers of grants told, and what the browser
 * itself counted. In memory alone, and gone with the tab.
 */
import { ledgerRows } from '../privacy/ask-wall';
import { Ledger, ledgerLimit, overNetwork, type LedgerRow } from '../privacy/ledger';
import type { LedgerLine } from '../privacy/ledger-line';
import type { Testimony, Witness } from '../privacy/witness';

export class LedgerBook {
  readonly #ledger = new Ledger(ledgerLimit, Date.now());
  readonly #witness: Witness;
  #rows = $state.raw<readonly LedgerRow[]>([]);
  #refused = $state(0);
  #testimony = $state.raw<Testimony>({ timings: null, violations: 0, reports: 0 });

  readonly sentBytes = $derived(this.#rows.reduce((sum, row) => sum + row.sentBytes, 0));
  readonly receivedBytes = $derived(this.#rows.reduce((sum, row) => sum + row.bytes, 0));
  readonly overNetwork = $derived(overNetwork(this.#rows));

  constructor(line: LedgerLine, witness: Witness) {
    this.#witness = witness;
    line.listen((row) => this.#take([row]));
    witness.listen(() => (this.#testimony = witness.testimony()));
  }

  /** Oldest first. */
  get rows(): readonly LedgerRow[] {
    return this.#rows;
  }

  /** How many requests were refused since this tab listens; their rows may be gone. */
  get refused(): number {
    return this.#refused;
  }

  get testimony(): Testimony {
    return this.#testimony;
  }

  /** Takes over what the service worker noted before this tab was listening. */
  async look(wall: ServiceWorker | null): Promise<void> {
    this.#testimony = this.#witness.testimony();
    this.#take(await ledgerRows(wall));
  }

  /** For an erase. */
  clear(): void {
    this.#ledger.clear(Date.now());
    this.#rows = [];
    this.#refused = 0;
  }

  #take(rows: readonly LedgerRow[]): void {
    for (const row of rows) if (this.#ledger.add(row) && row.from === 'none') this.#refused += 1;
    this.#rows = [...this.#ledger.rows()].sort((a, b) => a.time - b.time);
  }
}
