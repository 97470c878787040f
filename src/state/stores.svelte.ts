/** The live inventory of this origin's stores, erasing them, and the audit log. */
import { asStudioError, type StudioError } from '../base/errors';
import type { VaultDoor } from '../jobs/vault-bridge';
import type { EraseReach } from '../jobs/vault-protocol';
import { jsonLines, type AuditChoice, type AuditRow, type AuditSetting } from '../privacy/audit';
import type { StoreMeasure } from '../privacy/stores';
import type { Keeping } from './keeping.svelte';
import { erasePageStores, measurePageStores, type PageStores } from './page-stores';
import type { Announcements } from './announcements';

interface StoresParts {
  readonly vault: VaultDoor;
  readonly announcements: Announcements;
  readonly keeping: Keeping;
  readonly page: PageStores;
  /** Ends whatever this tab holds, before its stores are erased. */
  readonly letGo: (reach: EraseReach) => void;
  /** What was kept is gone; whoever shows it looks again. */
  readonly erased: () => void;
  readonly now: () => number;
}

interface Inventory {
  readonly measuredAt: number;
  readonly stores: readonly StoreMeasure[];
}

export class Stores {
  readonly #parts: StoresParts;
  #inventory = $state.raw<Inventory | null>(null);
  #erased = $state.raw<EraseReach | null>(null);
  #failure = $state.raw<StudioError | null>(null);
  #busy = $state(false);
  #setting = $state.raw<AuditSetting>({ on: false, operator: '' });
  #choice = $state.raw<AuditChoice>({ event: null, last: 20 });
  #rows = $state.raw<readonly AuditRow[]>([]);

  constructor(parts: StoresParts) {
    this.#parts = parts;
    parts.announcements.listen(({ kind }) => {
      if (kind === 'audit') void this.lookAtAudit();
      // Also what another tab tells once it has erased.
      else if (kind === 'vault-changed') void this.measure();
    });
  }

  get inventory(): Inventory | null {
    return this.#inventory;
  }

  /** What was erased from here, once it has been measured again. */
  get erased(): EraseReach | null {
    return this.#erased;
  }

  get failure(): StudioError | null {
    return this.#failure;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get audit(): AuditSetting {
    return this.#setting;
  }

  get choice(): AuditChoice {
    return this.#choice;
  }

  /** Newest first. */
  get rows(): readonly AuditRow[] {
    return this.#rows;
  }

  async measure(): Promise<void> {
    await this.#doing(() => this.#measure());
  }

  /** Ends what all tabs hold, erases, and measures what is left. */
  async erase(reach: EraseReach): Promise<void> {
    const { vault, announcements, page, letGo } = this.#parts;
    this.#erased = null;
    await this.#doing(async () => {
      announcements.post({ kind: 'erase', reach });
      letGo(reach);
      // A store that could not be erased saves no other.
      const [end] = await Promise.allSettled([vault.ask((api) => api.erase(reach))]);
      // The worker that erased does not open again what it took away.
      vault.end();
      if (reach === 'everything') await erasePageStores(page);
      await this.#measure();
      announcements.post({ kind: 'vault-changed' });
      if (end.status === 'rejected') throw end.reason;
      this.#erased = reach;
      if (reach === 'kept') this.#parts.erased();
    });
  }

  async lookAtAudit(choice: AuditChoice = this.#choice): Promise<void> {
    await this.#doing(async () => {
      const { vault, keeping } = this.#parts;
      this.#choice = choice;
      this.#setting = await vault.ask((api) => api.auditSetting());
      this.#rows = await vault.ask((api) => api.auditRows(choice));
      keeping.audits = this.#setting.on;
    });
  }

  async setAudit(change: Partial<AuditSetting>): Promise<void> {
    await this.#doing(async () => {
      const { on } = await this.#parts.vault.ask((api) => api.setAudit(change));
      this.#parts.announcements.post({ kind: 'audit', on });
    });
    const failure = this.#failure;
    await this.lookAtAudit();
    this.#failure ??= failure;
  }

  /** All that the filter shows, as JSON Lines. */
  async auditFile(): Promise<Blob> {
    const choice = { event: this.#choice.event, last: Number.MAX_SAFE_INTEGER };
    const rows = await this.#parts.vault.ask((api) => api.auditRows(choice));
    return new Blob([jsonLines(rows)], { type: 'application/jsonl' });
  }

  async #measure(): Promise<void> {
    const { vault, page, now } = this.#parts;
    const seen = await vault.ask((api) => api.stores());
    this.#inventory = { measuredAt: now(), stores: [...seen, ...(await measurePageStores(page))] };
  }

  async #doing(work: () => Promise<unknown>): Promise<void> {
    this.#busy = true;
    this.#failure = null;
    try {
      await work();
    } catch (thrown) {
      this.#failure = asStudioError(thrown, 'storage/unavailable');
    }
    this.#busy = false;
  }
}
