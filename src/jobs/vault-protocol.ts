/** What crosses between the page and the vault's worker. */
import type { AuditChoice, AuditEvent, AuditRow, AuditSetting } from '../privacy/audit';
import type { KeptItem, KeptResult, VaultCondition } from '../privacy/kept-item';
import type { Retention, RetentionLimit } from '../privacy/retention';
import type { StoreMeasure } from '../privacy/stores';
import type { Outcome } from './protocol';

/** 'kept': the vault, with every item; 'everything': also models, the app's own files and the audit log. */
export type EraseReach = 'kept' | 'everything';

/** Failures come back as values, since an Error loses its fields. What is done to items is noted in the audit log. */
export interface VaultApi {
  /** `used`: the visitor did something here just now, which an open vault stays open for. */
  condition(used: boolean): Promise<Outcome<VaultCondition>>;
  create(passphrase: string): Promise<Outcome<true>>;
  unlock(passphrase: string): Promise<Outcome<true>>;
  list(): Promise<Outcome<readonly KeptItem[]>>;
  /** The random id it is kept under. */
  keep(result: KeptResult, retention: Retention): Promise<Outcome<string>>;
  open(id: string): Promise<Outcome<Blob>>;
  setRetention(id: string, retention: Retention): Promise<Outcome<true>>;
  delete(id: string): Promise<Outcome<true>>;
  deleteAll(): Promise<Outcome<true>>;
  exportFile(): Promise<Outcome<Blob>>;
  /** How many items it brought; `longest`: what the deployment allows. */
  importFile(file: Blob, passphrase: string, longest: RetentionLimit): Promise<Outcome<number>>;
  /**
   * `session`: no other tab was open; `longest`: what the deployment allows. When the next item is over, null where
   * none will be.
   */
  sweep(session: boolean, longest: RetentionLimit): Promise<Outcome<number | null>>;

  note(event: AuditEvent, item: string | null): Promise<Outcome<true>>;
  auditSetting(): Promise<Outcome<AuditSetting>>;
  /** What is not named stays as it is; gives what is set now. */
  setAudit(change: Partial<AuditSetting>): Promise<Outcome<AuditSetting>>;
  auditRows(choice: AuditChoice): Promise<Outcome<readonly AuditRow[]>>;

  /** Every store that a worker can see. */
  stores(): Promise<Outcome<readonly StoreMeasure[]>>;
  erase(reach: EraseReach): Promise<Outcome<true>>;
}
