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
    const mine = this.#last.then(() => this.#draw(job, options));
    this.#last = mine.catch(() => undefined);
    return abortable(mine, options.signal);
  }

  async #draw(
    job: Omit<CartoonJob, 'id'>,
    options: Required<CallOptions<WorkProgress>>,
  ): Promise<CartoonOutcome> {
    options.signal.throwIfAborted();
    try {
      await abortable(this.#line.hold(), options.signal);
      return await this.#engine.cartoon(job, options);
    } finally {
      void this.#line.release();
    }
  }
}
