/** A worker and what waits for it: when it dies or is ended, every waiting call hears of it. */
import { proxy, wrap, type Remote } from 'comlink';
import { StudioError } from '../base/errors';
import type { Outcome } from './protocol';

/** What a thread needs of a `Worker`; tests give it a message channel. */
export type WorkerLike = Pick<
  Worker,
  'postMessage' | 'addEventListener' | 'removeEventListener' | 'terminate'
>;

export class Thread<Api> {
  readonly api: Remote<Api>;
  readonly #worker: WorkerLike;
  readonly #ended: Promise<never>;
  #reject: (reason: unknown) => void = () => undefined;
  #isEnded = false;

  constructor(worker: WorkerLike) {
    this.#worker = worker;
    this.#ended = new Promise((_, reject) => {
      this.#reject = reject;
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      const reason = event.message || 'the worker did not load';
      this.end(new StudioError('engine/start-failed', { reason, dead: true }));
    });
    this.#ended.catch(() => undefined);
    this.api = wrap<Api>(worker);
  }

  /** The answer, or the reason this thread was ended for. */
  call<T>(work: (api: Remote<Api>) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return Promise.race([work(this.api), this.#ended]);
  }

  /** Reports and the answer come through two channels, in no order: what comes after the answer is not heard. */
  async callHearing<P, T>(
    hear: (report: P) => void,
    work: (api: Remote<Api>, listener: (report: P) => void) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    let answered = false;
    const listener = proxy((report: P) => {
      if (!answered) hear(report);
    });
    try {
      return await this.call((api) => work(api, listener));
    } finally {
      answered = true;
    }
  }

  /** True once this worker is gone; whoever owns it opens another. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  end(reason: unknown): void {
    this.#isEnded = true;
    this.#worker.terminate();
    this.#reject(reason);
  }
}
