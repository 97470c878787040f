/**
 * What belongs to the vault in every room: it is swept when the page starts and when an item is over, and events are
 * noted where the audit log is on. Nothing of it runs where nothing was ever kept.
 */
import type { VaultDoor } from '../jobs/vault-bridge';
import type { Deployment } from '../privacy/deployment';
import type { AuditEvent } from '../privacy/audit';
import type { RetentionLimit } from '../privacy/retention';
import type { Announcements } from './announcements';

interface KeepingPowers {
  readonly vault: VaultDoor;
  readonly announcements: Announcements;
  /** What the administrator set; read before `heed`. */
  readonly rules: () => Pick<Deployment, 'audit' | 'retention'>;
  readonly locks: Pick<LockManager, 'request'>;
  readonly databaseNames: () => Promise<readonly string[]>;
  /** Something was over while the page was open; whoever shows what is kept looks again. */
  readonly swept: () => void;
  readonly now: () => number;
}

/** A timer set further ahead than this may be late, as over a sleep. */
const longestTimerMs = 60 * 60 * 1000;
const sessionLock = 'obscura-session';

export class Keeping {
  readonly #powers: KeepingPowers;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #audits = $state(false);
  #began = $state(false);

  constructor(powers: KeepingPowers) {
    this.#powers = powers;
    powers.announcements.listen((message) => {
      if (message.kind === 'audit') this.#audits = message.on;
    });
  }

  /** True once the audit log is as the deployment wants it. */
  get began(): boolean {
    return this.#began;
  }

  /** True while the audit log is on. */
  get audits(): boolean {
    return this.#audits;
  }

  set audits(on: boolean) {
    this.#audits = on;
  }

  /** How long anything may be kept at most, as the deployment set it. */
  get longest(): RetentionLimit {
    return this.#powers.rules().retention;
  }

  /** A session begins with the first tab of the app and lasts until the last one is closed. */
  async begin(): Promise<void> {
    const { locks, databaseNames } = this.#powers;
    const names = await databaseNames();
    await locks.request(sessionLock, { ifAvailable: true }, async (alone) => {
      if (!names.includes('obscura-vault')) return;
      // What could not be swept is swept the next time; this tab's session begins all the same.
      await this.sweep(alone !== null).catch(() => undefined);
      this.#powers.swept();
    });
    void locks.request(sessionLock, { mode: 'shared' }, () => new Promise(() => undefined));
  }

  /** What the administrator set, as soon as it is known: for the audit log, and for what is kept already. */
  async heed(): Promise<void> {
    const names = await this.#powers.databaseNames();
    await this.#beginAudit(names.includes('obscura-audit'));
    this.#began = true;
    if (!names.includes('obscura-vault')) return;
    await this.sweep();
    this.#powers.swept();
  }

  /** Where the deployment says whether the log is kept, it is so from here on, whatever was set before. */
  async #beginAudit(isThere: boolean): Promise<void> {
    const { vault, rules } = this.#powers;
    const { audit } = rules();
    if (!isThere && audit !== 'on') return;
    const setting = await vault.ask((api) => api.auditSetting());
    const on = audit === 'offered' ? setting.on : audit === 'on';
    if (on !== setting.on) await vault.ask((api) => api.setAudit({ on }));
    this.#audits = on;
  }

  /** Deletes what is over, and comes again when the next item is. */
  async sweep(session = false): Promise<void> {
    clearTimeout(this.#timer);
    const next = await this.#powers.vault.ask((api) => api.sweep(session, this.longest));
    if (next === null) return;
    const wait = Math.min(Math.max(0, next - this.#powers.now()), longestTimerMs);
    const again = () => this.sweep().then(this.#powers.swept, () => undefined);
    this.#timer = setTimeout(() => void again(), wait);
  }

  /** For the audit log, where it is on; what it cannot write is no reason to stop the work. */
  note(event: AuditEvent, item: string | null = null): void {
    if (this.#audits) void this.#powers.vault.ask((api) => api.note(event, item)).catch(() => undefined);
  }
}
