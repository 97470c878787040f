/** Whether the wall stands, as the page half of the service worker measured it. */
import type { HeaderSource, Missing, RaisedWall, WallState } from '../privacy/raise-wall';
import { StudioError } from '../base/errors';
import type { TransferProgress } from '../base/progress';

export type WallCondition = 'raising' | 'standing' | Missing;

/** Raises the wall; `main.ts` connects it to `privacy/raise-wall.ts`. */
export type RaiseWall = (report: (state: WallState) => void) => Promise<RaisedWall>;

export class Wall {
  readonly #raise: RaiseWall;
  #condition = $state<WallCondition>('raising');
  #update = $state.raw<(() => void) | null>(null);
  #headersFrom = $state<HeaderSource | 'unknown'>('unknown');
  readonly #standing = Promise.withResolvers<RaisedWall>();
  readonly #gone = Promise.withResolvers<never>();

  readonly stands = $derived(this.#condition === 'standing');
  readonly missing = $derived(this.#condition !== 'standing' && this.#condition !== 'raising');

  constructor(raise: RaiseWall) {
    this.#raise = raise;
    // Nobody need wait for it.
    this.#gone.promise.catch(() => undefined);
  }

  get condition(): WallCondition {
    return this.#condition;
  }

  /** Takes the newer build that waits, or null. Reloads the page. */
  get update(): (() => void) | null {
    return this.#update;
  }

  /** Who put the policy's headers on this page. */
  get headersFrom(): HeaderSource | 'unknown' {
    return this.#headersFrom;
  }

  async raise(): Promise<void> {
    const raised = await this.#raise((state) => {
      this.#condition = typeof state === 'string' ? state : state.missing;
      if (this.#condition === 'gone') this.#gone.reject(new StudioError('wall/missing'));
    });
    this.#headersFrom = raised.headersFrom;
    raised.onUpdate((take) => (this.#update = take));
    if (raised.state === 'standing') this.#standing.resolve(raised);
  }

  /** Keeps the engine's files for offline use, with their bytes. Waits for the wall; never settles while it is missing. */
  async fetchEngine(report: (progress: TransferProgress) => void): Promise<void> {
    const raised = await this.#standing.promise;
    await raised.fetchEngine(report);
  }

  forgetLedger(): void {
    void this.#standing.promise.then((raised) => raised.forgetLedger());
  }

  /** Everything was erased, the wall's files too: no picture is taken in any more. */
  fall(): void {
    this.#condition = 'erased';
  }

  /** Never settles while the wall stands. @throws StudioError wall/missing once somebody took it down */
  gone(): Promise<never> {
    return this.#gone.promise;
  }

  /** Settles once the wall stands; never while it is missing. */
  async standing(): Promise<void> {
    await this.#standing.promise;
  }
}
