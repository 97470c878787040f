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
import type { ModelCard } from '../models/model';
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

/** What a job is given, and what it opens. */
interface Asked {
  readonly input: Blob;
  readonly models: readonly ModelCard[];
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
    const asked = { input: job.photo, models: [job.cartoon, ...(job.faces ? [job.faces] : [])] };
    return this.#alone(asked, options.signal, () => this.#parts.engine.cartoon(job, options));
  }

  /** As `cartoon`. */
  create(
    job: Omit<CreateJob, 'id'>,
    options: Required<CallOptions<CreateReport>>,
  ): Promise<Drawn<CreateOutcome>> {
    const asked = { input: new Blob([job.prompt]), models: [job.model] };
    return this.#alone(asked, options.signal, () => this.#parts.engine.create(job, options));
  }

  /** As `cartoon`. */
  ask(job: Omit<AskJob, 'id'>, options: Required<CallOptions<AskReport>>): Promise<Drawn<AskOutcome>> {
    const asked = { input: inputOf(job), models: [job.model] };
    return this.#alone(asked, options.signal, () => this.#parts.engine.ask(job, options));
  }

  #alone<Result>(asked: Asked, signal: AbortSignal, work: () => Promise<Result>): Promise<Drawn<Result>> {
    const mine = this.#last.then(() => this.#draw(asked, signal, work));
    // Only that it is over: what it made would stay in memory until the next job.
    this.#last = mine.then(over, over);
    return abortable(mine, signal);
  }

  async #draw<Result>(
    { input, models }: Asked,
    signal: AbortSignal,
    work: () => Promise<Result>,
  ): Promise<Drawn<Result>> {
    const { engine, line, recorder } = this.#parts;
    signal.throwIfAborted();
    let witness: (() => Promise<Witnessed>) | null = null;
    try {
      await abortable(line.hold(), signal);
      await abortable(engine.prepare(models), signal);
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
