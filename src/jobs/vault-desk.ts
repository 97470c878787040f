/** The vault, the audit log and the stores as they are called from the page: every failure a value. */
import type { AuditChoice, AuditEvent, AuditLog, AuditSetting } from '../privacy/audit';
import type { KeptResult } from '../privacy/kept-item';
import type { Retention, RetentionLimit } from '../privacy/retention';
import type { StoreMeasure } from '../privacy/stores';
import type { Vault } from '../privacy/vault';
import { exportVault, importVault } from '../privacy/vault-transfer';
import { outcomeOf } from './outcome';
import type { Outcome } from './protocol';
import type { EraseReach, VaultApi } from './vault-protocol';

/** As much of a text as a list shows. */
const excerptLetters = 320;

interface VaultDeskPowers {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly thumbnail: (picture: Blob, width: number, height: number) => Promise<Blob>;
  readonly stores: () => Promise<readonly StoreMeasure[]>;
  /** Alone with the vault over all tabs. */
  readonly erase: (reach: EraseReach) => Promise<void>;
}

export class VaultDesk implements VaultApi {
  readonly #powers: VaultDeskPowers;
  readonly #vault: Vault;
  readonly #audit: AuditLog;

  constructor(powers: VaultDeskPowers) {
    this.#powers = powers;
    this.#vault = powers.vault;
    this.#audit = powers.audit;
  }

  condition(used: boolean) {
    return answer(() => {
      if (used) this.#vault.access.use();
      return this.#vault.condition();
    });
  }

  create(passphrase: string) {
    return done(() => this.#vault.access.create(passphrase));
  }

  unlock(passphrase: string) {
    return done(() => this.#vault.access.unlock(passphrase));
  }

  list() {
    return answer(() => this.#vault.list());
  }

  keep(result: KeptResult, retention: Retention) {
    return answer(async () => {
      const { content, size } = result;
      const thumbnail = await (size
        ? this.#powers.thumbnail(content, size.width, size.height)
        : beginningOf(content));
      const id = await this.#vault.keep({ ...result, thumbnail }, retention);
      await this.#audit.note('keep', [id]);
      return id;
    });
  }

  open(id: string) {
    return answer(() => this.#vault.open(id));
  }

  setRetention(id: string, retention: Retention) {
    return done(() => this.#vault.setRetention(id, retention));
  }

  delete(id: string) {
    return done(async () => {
      await this.#vault.delete([id]);
      await this.#audit.note('delete', [id]);
    });
  }

  deleteAll() {
    return done(async () => {
      const ids = (await this.#vault.items.records()).map((record) => record.id);
      await this.#vault.deleteAll();
      await this.#audit.note('delete', ids);
    });
  }

  exportFile() {
    return answer(async () => {
      const file = await exportVault(this.#vault);
      await this.#audit.note('export');
      return file;
    });
  }

  importFile(file: Blob, passphrase: string, longest: RetentionLimit) {
    return answer(async () => {
      const ids = await importVault(this.#vault, file, { passphrase, longest });
      await this.#audit.note('import', ids);
      return ids.length;
    });
  }

  sweep(session: boolean, longest: RetentionLimit) {
    return answer(() => this.#vault.sweep({ session, longest }));
  }

  note(event: AuditEvent, item: string | null) {
    return done(() => this.#audit.note(event, [item]));
  }

  auditSetting() {
    return answer(() => this.#audit.setting());
  }

  setAudit(change: Partial<AuditSetting>) {
    return answer(() => this.#audit.set(change));
  }

  auditRows(choice: AuditChoice) {
    return answer(() => this.#audit.rows(choice));
  }

  stores() {
    return answer(() => this.#powers.stores());
  }

  erase(reach: EraseReach) {
    return done(async () => {
      this.#vault.access.lock();
      await this.#powers.erase(reach);
      // Its own log goes with everything.
      if (reach === 'kept') await this.#audit.note('erase');
    });
  }
}

/** A letter takes four bytes at most; one of two halves is not cut between them. */
async function beginningOf(text: Blob): Promise<Blob> {
  const bytes = text.slice(0, 4 * excerptLetters);
  const beginning = (await bytes.text()).slice(0, excerptLetters).replace(/[\uD800-\uDBFF]$/, '');
  return new Blob([beginning], { type: 'text/plain' });
}

function answer<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  return outcomeOf(work, 'vault/failed');
}

function done(work: () => Promise<void>): Promise<Outcome<true>> {
  return answer(async () => {
    await work();
    return true as const;
  });
}
