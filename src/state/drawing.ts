/** One drawing at a time, with nothing on the line while it lasts: the only way from the page to the engine's job. */
import type { CallOptions, Engine } from '../jobs/engine-bridge';
import type { WorkProgress } from '../base/progress';
import type { CartoonJob, CartoonOutcome } from '../jobs/protocol';
import { abortable } from './abortable';
import type { Line } from './line.svelte';
import type { Recorder, Witnessed } from './recorder';

interface DrawingParts {
  readonly engine: Engine;
  readonly line: Line;
  readonly recorder: Recorder;
}

/** A result, and what was seen from the page while it was drawn. */
export interface Drawn {
  readonly outcome: CartoonOutcome;
  readonly witnessed: Witnessed;
}

export class Drawing {
  readonly #parts: DrawingParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: DrawingParts) {
    this.#parts = parts;
  }

  /** Waits its turn. @throws StudioError; the signal's reason as soon as it is aborted */
  cartoon(job: Omit<CartoonJob, 'id'>, options: Required<CallOptions<WorkProgress>>): Promise<Drawn> {
    const mine = this.#last.then(() => this.#draw(job, options));
    this.#last = mine.catch(() => undefined);
    return abortable(mine, options.signal);
  }

  async #draw(job: Omit<CartoonJob, 'id'>, options: Required<CallOptions<WorkProgress>>): Promise<Drawn> {
    const { engine, line, recorder } = this.#parts;
    options.signal.throwIfAborted();
    let witness: (() => Promise<Witnessed>) | null = null;
    try {
      await abortable(line.hold(), options.signal);
      witness = await recorder.witness(job.photo);
      const outcome = await engine.cartoon(job, options);
      const witnessed = await witness();
      witness = null;
      return { outcome, witnessed };
    } finally {
      void witness?.();
      void line.release();
    }
  }
}
