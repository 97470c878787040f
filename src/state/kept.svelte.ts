/** The vault as the page shows it. What was opened lives in this tab's memory until the vault is locked. */
import { asStudioError, isAbort, type StudioError } from '../base/errors';
import type { VaultDoor } from '../jobs/vault-bridge';
import {
  isText,
  type KeptFacts,
  type KeptItem,
  type KeptResult,
  type VaultCondition,
} from '../privacy/kept-item';
import type { Retention } from '../privacy/retention';
import type { Announcement, Announcements } from './announcements';
import type { KeptState } from './kept-state.svelte';
import type { Keeping } from './keeping.svelte';

interface KeptParts {
  readonly vault: VaultDoor;
  readonly announcements: Announcements;
  readonly keeping: Keeping;
  readonly now: () => number;
}

export interface ShownItem extends Omit<KeptItem, 'seen'> {
  /** Null where the item is damaged. */
  readonly seen: SeenItem | null;
}

interface SeenItem {
  readonly facts: KeptFacts;
  /** Address of the thumbnail in this tab's memory; null of a text. */
  readonly url: string | null;
  /** The beginning of a text; empty of a picture. */
  readonly excerpt: string;
}

export class Kept {
  readonly #parts: KeptParts;
  #condition = $state.raw<VaultCondition | null>(null);
  #items = $state.raw<readonly ShownItem[]>([]);
  #failure = $state.raw<StudioError | null>(null);
  #busy = $state(false);
  /** Of what was kept from this tab and is in the vault still. */
  #here: readonly KeptState[] = [];
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: KeptParts) {
    this.#parts = parts;
    parts.announcements.listen((message) => this.#hear(message));
  }

  /** Null until asked. */
  get condition(): VaultCondition | null {
    return this.#condition;
  }

  /** Newest first; empty while locked. */
  get items(): readonly ShownItem[] {
    return this.#items;
  }

  get failure(): StudioError | null {
    return this.#failure;
  }

  get busy(): boolean {
    return this.#busy;
  }

  forgetFailure(): void {
    this.#failure = null;
  }

  async look(): Promise<void> {
    await this.#doing(() => Promise.resolve());
  }

  /** What it holds may have changed from outside; an error in sight stays. */
  async recount(): Promise<void> {
    await this.#refresh().catch(() => undefined);
  }

  create(passphrase: string): Promise<boolean> {
    return this.#changing(() => this.#parts.vault.ask((api) => api.create(passphrase)));
  }

  unlock(passphrase: string): Promise<boolean> {
    return this.#doing(() => this.#parts.vault.ask((api) => api.unlock(passphrase)));
  }

  /** In every tab: whoever locks it is leaving. */
  async lock(): Promise<void> {
    this.#parts.announcements.post({ kind: 'lock' });
    await this.#shut();
  }

  /** `state` is told of what becomes of it. True when it is kept. */
  keep(result: KeptResult, retention: Retention, state: KeptState): Promise<boolean> {
    return this.#changing(async () => {
      const id = await this.#parts.vault.ask((api) => api.keep(result, retention));
      state.entry = { id, retention };
      this.#here = [...this.#here, state];
      await this.#parts.keeping.sweep();
    });
  }

  /** The result, or null where it could not be opened. */
  async open(id: string): Promise<Blob | null> {
    let content: Blob | null = null;
    await this.#doing(async () => {
      content = await this.#parts.vault.ask((api) => api.open(id));
    });
    return content;
  }

  async setRetention(id: string, retention: Retention): Promise<void> {
    await this.#changing(async () => {
      await this.#parts.vault.ask((api) => api.setRetention(id, retention));
      await this.#parts.keeping.sweep();
    });
  }

  async delete(id: string): Promise<void> {
    await this.#changing(() => this.#parts.vault.ask((api) => api.delete(id)));
  }

  async deleteAll(): Promise<void> {
    await this.#changing(() => this.#parts.vault.ask((api) => api.deleteAll()));
  }

  /** The file, or null where it could not be made. */
  async exported(): Promise<Blob | null> {
    let file: Blob | null = null;
    await this.#doing(async () => {
      file = await this.#parts.vault.ask((api) => api.exportFile());
    });
    return file;
  }

  /** How many items came, or null where the file was refused. */
  async import(file: Blob, passphrase: string): Promise<number | null> {
    const { vault, keeping } = this.#parts;
    let count: number | null = null;
    await this.#changing(async () => {
      count = await vault.ask((api) => api.importFile(file, passphrase, keeping.longest));
      await this.#parts.keeping.sweep();
    });
    return count;
  }

  /** Before an erase. The vault is not asked again until it is done: an open connection would hold it up. */
  letGo(): void {
    clearTimeout(this.#idle);
    this.#forget();
    this.#condition = null;
  }

  #hear({ kind }: Announcement): void {
    if (kind === 'vault-changed') void this.#refresh().catch(() => undefined);
    else if (kind === 'lock') void this.#shut();
  }

  async #shut(): Promise<void> {
    this.#forget();
    this.#parts.vault.end();
    // Set before the worker that counts the items is there.
    if (this.#condition?.state === 'unlocked') this.#condition = { ...this.#condition, state: 'locked' };
    await this.#refresh().catch(() => undefined);
  }

  async #changing(work: () => Promise<unknown>): Promise<boolean> {
    const done = await this.#doing(work);
    if (done) this.#parts.announcements.post({ kind: 'vault-changed' });
    return done;
  }

  async #doing(work: () => Promise<unknown>): Promise<boolean> {
    this.#busy = true;
    this.#failure = null;
    let done = false;
    try {
      await work();
      done = true;
    } catch (thrown) {
      if (!isAbort(thrown)) this.#failure = asStudioError(thrown, 'vault/failed');
    }
    try {
      await this.#refresh(true);
    } catch (thrown) {
      if (!isAbort(thrown)) this.#failure ??= asStudioError(thrown, 'vault/failed');
    }
    this.#busy = false;
    return done;
  }

  /** `used`: by the visitor, who then has the vault open for another while. */
  async #refresh(used = false): Promise<void> {
    const { vault, now } = this.#parts;
    const keptBefore = this.#here;
    const condition = await vault.ask((api) => api.condition(used));
    // What is gone, from here, from another tab or by its hour, can be kept again.
    for (const state of keptBefore)
      state.entry = condition.items.find(({ id }) => id === state.entry?.id) ?? null;
    this.#here = this.#here.filter(({ entry }) => entry !== null);
    const items = condition.state === 'unlocked' ? await vault.ask((api) => api.list()) : [];
    const excerpts = await Promise.all(items.map(({ seen }) => excerptOf(seen)));
    const before = this.#items;
    const addressOf = (id: string, thumbnail: Blob) =>
      before.find((item) => item.id === id)?.seen?.url ?? URL.createObjectURL(thumbnail);
    const shown = items.map((item, place): ShownItem => {
      const { id, seen } = item;
      if (!seen) return { ...item, seen: null };
      const url = isText(seen.facts) ? null : addressOf(id, seen.thumbnail);
      return { ...item, seen: { facts: seen.facts, url, excerpt: excerpts[place] ?? '' } };
    });
    this.#items = this.#items.filter(({ id }) => !shown.some((item) => item.id === id));
    this.#forget();
    this.#condition = condition;
    this.#items = shown;
    clearTimeout(this.#idle);
    if (condition.locksAt !== null)
      this.#idle = setTimeout(() => void this.#shut(), Math.max(0, condition.locksAt - now()));
  }

  #forget(): void {
    for (const { seen } of this.#items) if (seen?.url) URL.revokeObjectURL(seen.url);
    this.#items = [];
  }
}

async function excerptOf(seen: KeptItem['seen']): Promise<string> {
  return seen && isText(seen.facts) ? seen.thumbnail.text() : '';
}
