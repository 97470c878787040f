/** One drawing at a time, with nothing on the line while it lasts: the only way from the page to the engine's jobs. */
import type { CallOptions, Engine } from '../jobs/engine-bridge';
import type { WorkProgress } from '../base/progress';
import type {
  AskJob,
  AskOutcome,
  AskReport,
  CartoonJob,
  CartoonOutcome,
  CreateJob,
  CreateOutcome,
  CreateReport,
} from '../jobs/protocol';
import { abortable } from './abortable';
import type { Line } from './line.svelte';
import type { Recorder, Witnessed } from './recorder';

interface DrawingParts {
  readonly engine: Engine;
  readonly line: Line;
  readonly recorder: Recorder;
}

/** A result, and what was seen from the page while it was made. */
export interface Drawn<Result> {
  readonly outcome: Result;
  /** All that it was made from. */
  readonly input: Blob;
  readonly witnessed: Witnessed;
}

const over = (): void => undefined;

export class Drawing {
  readonly #parts: DrawingParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: DrawingParts) {
    this.#parts = parts;
  }

  /** Waits its turn. @throws StudioError; the signal's reason as soon as it is aborted */
  cartoon(
    job: Omit<CartoonJob, 'id'>,
    options: Required<CallOptions<WorkProgress>>,
  ): Promise<Drawn<CartoonOutcome>> {
    return this.#alone(job.photo, options.signal, () => this.#parts.engine.cartoon(job, options));
  }

  /** As `cartoon`. */
  create(
    job: Omit<CreateJob, 'id'>,
    options: Required<CallOptions<CreateReport>>,
  ): Promise<Drawn<CreateOutcome>> {
    return this.#alone(new Blob([job.prompt]), options.signal, () => this.#parts.engine.create(job, options));
  }

  /** As `cartoon`. */
  ask(job: Omit<AskJob, 'id'>, options: Required<CallOptions<AskReport>>): Promise<Drawn<AskOutcome>> {
    return this.#alone(inputOf(job), options.signal, () => this.#parts.engine.ask(job, options));
  }

  #alone<Result>(input: Blob, signal: AbortSignal, work: () => Promise<Result>): Promise<Drawn<Result>> {
    const mine = this.#last.then(() => this.#draw(input, signal, work));
    // Only that it is over: what it made would stay in memory until the next job.
    this.#last = mine.then(over, over);
    return abortable(mine, signal);
  }

  async #draw<Result>(input: Blob, signal: AbortSignal, work: () => Promise<Result>): Promise<Drawn<Result>> {
    const { line, recorder } = this.#parts;
    signal.throwIfAborted();
    let witness: (() => Promise<Witnessed>) | null = null;
    try {
      await abortable(line.hold(), signal);
      witness = await recorder.witness(input);
      const outcome = await work();
      const witnessed = await witness();
      witness = null;
      return { outcome, input, witnessed };
    } finally {
      void witness?.();
      void line.release();
    }
  }
}

/** What was said in the whole chat, what the answer is held to, and every picture. */
function inputOf({ turns, options: { schema } }: Omit<AskJob, 'id'>): Blob {
  const said = turns.map(({ role, text, pictures }) => ({ role, text, pictures: pictures.length }));
  const files = turns.flatMap(({ pictures }) => pictures.map(({ file }) => file));
  return new Blob([JSON.stringify({ said, schema, bytes: files.map(({ size }) => size) }), ...files]);
}
