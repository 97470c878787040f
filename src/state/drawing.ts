/** One drawing at a time, with nothing on the line while it lasts: the only way from the page to the engine's job. */
import type { CallOptions, Engine } from '../jobs/engine-bridge';
import type { WorkProgress } from '../base/progress';
import type { CartoonJob, CartoonOutcome } from '../jobs/protocol';
import { abortable } from './abortable';
import type { Line } from './line.svelte';

export class Drawing {
  readonly #engine: Engine;
  readonly #line: Line;
  #last: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine, line: Line) {
    this.#engine = engine;
    this.#line = line;
  }

  /** Waits its turn. @throws StudioError; the signal's reason as soon as it is aborted */
  cartoon(
    job: Omit<CartoonJob, 'id'>,
    options: Required<CallOptions<WorkProgress>>,
  ): Promise<CartoonOutcome> {
    return this.inTurn(() => this.#engine.cartoon(job, options), options.signal);
  }

  /** The same for what asks the engine itself. */
  inTurn<T>(draw: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const mine = this.#last.then(() => this.#alone(draw, signal));
    this.#last = mine.catch(() => undefined);
    return abortable(mine, signal);
  }

  async #alone<T>(draw: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    try {
      await abortable(this.#line.hold(), signal);
      return await draw();
    } finally {
      void this.#line.release();
    }
  }
}
