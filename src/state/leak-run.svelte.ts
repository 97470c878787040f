/** One run of "Try to leak": what was tried, what came of it, and what was left out and why. */
import { asStudioError, type StudioError } from '../base/errors';
import { judge, leakChannels, type Attempt, type Verdict } from '../privacy/leaks';
import type { Attack } from '../privacy/leaks/attack';

/** `left`: it would open windows or leave the page, so it was not tried; the verdict rests on what was measured. */
export interface LeakResult extends Verdict {
  readonly tried: boolean;
}

/** The next attempt waits for it. */
export type LeakReport = (attempt: Attempt) => Promise<void>;
type From = (ids: readonly string[], line: Attack, report: LeakReport) => Promise<void>;

/** What the page gives: its own attack, that of a worker, and what is known of the browser. */
export interface LeakPowers {
  readonly line: Attack;
  readonly fromPage: From;
  readonly fromWorker: From;
  /** Does it while no other tab attacks; false, and nothing is done, where one does. */
  readonly alone: (work: () => Promise<void>) => Promise<boolean>;
  readonly allowlistHolds: () => Promise<boolean | null>;
  /** Whether the host sends the service worker's own script under the policy; null: not known. */
  readonly wallHasHeaders: () => Promise<boolean | null>;
  /** How many requests the wall has refused since it was started, of whichever tab. */
  readonly refused: () => Promise<number>;
  /** Whether a navigation of this page can be cancelled by its guard. */
  readonly isGuarded: boolean;
}

/** These open windows, whose navigation the guard does not see. */
const opensWindows = ['window-open:foreign', 'popup-location:foreign', 'blank-frame-open:foreign'];

export class LeakRun {
  #results = $state.raw<readonly LeakResult[]>([]);
  #running = $state(false);
  #endedAt = $state<number | null>(null);
  #failure = $state.raw<StudioError | null>(null);
  #allowlist = $state<boolean | null>(null);
  #elsewhere = $state(false);

  readonly total = leakChannels.length;
  readonly closed = $derived(this.#results.filter(({ leaked }) => leaked === false).length);
  readonly open = $derived(this.#results.filter(({ leaked }) => leaked === true).length);
  readonly unknown = $derived(this.#results.filter(({ leaked }) => leaked === null).length);

  get results(): readonly LeakResult[] {
    return this.#results;
  }

  get running(): boolean {
    return this.#running;
  }

  /** A run that was not finished shows nothing: half a table would look like a whole one. */
  get failure(): StudioError | null {
    return this.#failure;
  }

  /** When the results were whole, in milliseconds since 1970; null for none. */
  get endedAt(): number | null {
    return this.#endedAt;
  }

  /** Whether this browser obeys `Connection-Allowlist`; null before a run, or where it cannot be measured. */
  get allowlist(): boolean | null {
    return this.#allowlist;
  }

  /** Another tab attacks: the wall's refusals would be taken for those of this one. */
  get elsewhere(): boolean {
    return this.#elsewhere;
  }

  async run(powers: LeakPowers): Promise<void> {
    this.#running = true;
    this.#elsewhere = false;
    this.#failure = null;
    this.#endedAt = null;
    this.#results = [];
    try {
      if (await powers.alone(() => this.#attack(powers))) this.#endedAt = Date.now();
      else this.#elsewhere = true;
    } catch (thrown) {
      this.#results = [];
      this.#failure = asStudioError(thrown, 'page/missing-part');
    }
    this.#running = false;
  }

  async #attack(powers: LeakPowers): Promise<void> {
    const allowlist = await powers.allowlistHolds();
    this.#allowlist = allowlist;
    let before = await powers.refused();
    const hear: LeakReport = async (attempt) => {
      const refused = await powers.refused();
      const refusedByWall = refused > before;
      before = refused;
      this.#add({ ...judge(attempt, { allowlist, arrived: null, refusedByWall }), tried: true });
    };
    const inPage = leakChannels.filter(
      ({ id, place }) =>
        place === 'page' || (place === 'new-page' && powers.isGuarded && !opensWindows.includes(id)),
    );
    const ids = (channels: typeof leakChannels) => channels.map(({ id }) => id);
    await powers.fromPage(ids(inPage), powers.line, hear);
    await powers.fromWorker(ids(leakChannels.filter(({ place }) => place === 'worker')), powers.line, hear);
    for (const { id, place } of leakChannels.filter((channel) => !inPage.includes(channel))) {
      if (place === 'new-page') this.#add({ ...untried(id, allowlist), tried: false });
    }
    const has = await powers.wallHasHeaders();
    for (const { id } of leakChannels.filter(({ place }) => place === 'service-worker')) {
      const blockedBy = has === true ? 'csp' : null;
      this.#add({ channel: id, leaked: has === null ? null : !has, blockedBy, tried: false });
    }
  }

  #add(result: LeakResult): void {
    this.#results = [...this.#results, result];
  }
}

function untried(channel: string, allowlist: boolean | null): Verdict {
  if (allowlist === true) return { channel, leaked: false, blockedBy: 'connection-allowlist' };
  return { channel, leaked: allowlist === null ? null : true, blockedBy: null };
}
