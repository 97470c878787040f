/**
 * The audit log of a deployment that must show what was done, without showing to what: kinds of events, times and
 * random ids, and a label for the operator where one was given. It is off unless somebody switches it on. Whoever
 * uses the browser can delete it; it is a log, not evidence.
 */
import type { VaultStore } from './vault-records';

export const auditEvents = [
  'keep',
  'save',
  'delete',
  'export',
  'import',
  'erase',
  'model-get',
  'model-import',
  'airlock-open',
  'airlock-close',
] as const;
export type AuditEvent = (typeof auditEvents)[number];

export interface AuditRow {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly event: AuditEvent;
  /** The random id of the kept item, where it was about one. */
  readonly item?: string;
  /** The label that was set when it happened. */
  readonly operator?: string;
}

export interface AuditSetting {
  readonly on: boolean;
  /** At most `longestLabel` characters; empty for none. */
  readonly operator: string;
}

export interface AuditChoice {
  /** Null for every kind. */
  readonly event: AuditEvent | null;
  /** The newest so many. */
  readonly last: number;
}

export const longestLabel = 40;
/** The oldest go when there are more. */
const mostRows = 10_000;
const settingKey = 'setting';
const rowPrefix = 'row/';

export class AuditLog {
  readonly #store: VaultStore;
  readonly #now: () => number;

  constructor(store: VaultStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  async setting(): Promise<AuditSetting> {
    return (await this.#store.get<AuditSetting>(settingKey)) ?? { on: false, operator: '' };
  }

  /** What is not named stays as it is, also where another tab set it. */
  async set(change: Partial<AuditSetting>): Promise<AuditSetting> {
    const { on, operator } = { ...(await this.setting()), ...change };
    const setting: AuditSetting = { on, operator: operator.trim().slice(0, longestLabel) };
    await this.#store.setMany([[settingKey, setting]]);
    return setting;
  }

  /** Nothing is written while it is off. */
  async note(event: AuditEvent, items: readonly (string | null)[] = [null]): Promise<void> {
    const { on, operator } = await this.setting();
    if (!on || items.length === 0) return;
    const time = this.#now();
    const rows = items.map((item, place): [string, AuditRow] => [
      rowKey(time, place),
      { time, event, ...(item === null ? {} : { item }), ...(operator === '' ? {} : { operator }) },
    ]);
    await this.#store.setMany(rows);
    const keys = await this.#keys();
    if (keys.length > mostRows) await this.#store.deleteMany(keys.slice(0, keys.length - mostRows));
  }

  /** Newest first. */
  async rows({ event, last }: AuditChoice): Promise<AuditRow[]> {
    const found = await this.#store.getMany<AuditRow>(await this.#keys());
    const chosen = found.filter((row) => row !== undefined && (event === null || row.event === event));
    return chosen.slice(-last).reverse() as AuditRow[];
  }

  async clear(): Promise<void> {
    await this.#store.deleteMany(await this.#keys());
  }

  /** Oldest first. */
  async #keys(): Promise<string[]> {
    return (await this.#store.keys()).filter((key) => key.startsWith(rowPrefix)).sort();
  }
}

/** One object a line (JSON Lines), times as ISO 8601. */
export function jsonLines(rows: readonly AuditRow[]): string {
  return rows
    .map((row) => `${JSON.stringify({ ...row, time: new Date(row.time).toISOString() })}\n`)
    .join('');
}

/** Sorts by time; two tabs that write at once do not write over each other. */
function rowKey(time: number, place: number): string {
  const order = String(time).padStart(15, '0') + String(place).padStart(5, '0');
  return `${rowPrefix}${order}-${crypto.getRandomValues(new Uint32Array(1)).join('')}`;
}
