/**
 * The page's half of the engine: asks, cancels, ends a worker that does not stop in time, and opens a new one
 * when a device was lost or the module died.
 */
import { StudioError } from '../base/errors';
import type { WorkProgress } from '../base/progress';
import type { ModelCard } from '../models/model';
import type { PictureFormat } from '../runtime/image';
import type { BackendChoice, RuntimeFacts } from '../runtime/runtime';
import { unwrap } from './outcome';
import type {
  AskJob,
  AskOutcome,
  AskReport,
  CartoonJob,
  CartoonOutcome,
  CreateJob,
  CreateOutcome,
  CreateReport,
  EngineApi,
  Outcome,
} from './protocol';
import { Thread, type WorkerLike } from './thread';

/** A wasm run blocks its worker, which then cannot hear a cancel: after this long it is ended. */
const cancelGraceMs = 300;
/** With its worker goes a model that takes seconds to open, and is wanted for the next question. */
const askGraceMs = 3000;

export interface CallOptions<P> {
  readonly signal?: AbortSignal;
  readonly report?: (progress: P) => void;
}

interface RunOptions<P> extends CallOptions<P> {
  readonly graceMs?: number;
}

type Ask<P, R> = (
  api: Thread<EngineApi>['api'],
  id: string,
  report: (progress: P) => void,
) => Promise<Outcome<R>>;

/** Every method throws `StudioError`, or the signal's reason when aborted. */
export interface Engine {
  /** Opens the worker if needed; the same facts until the worker is reopened. */
  start(choice: BackendChoice): Promise<RuntimeFacts>;
  /** Fetches what of the engine these models need and is not here, so that nothing is asked for while a job runs. */
  prepare(models: readonly ModelCard[]): Promise<void>;
  cartoon(job: Omit<CartoonJob, 'id'>, options: CallOptions<WorkProgress>): Promise<CartoonOutcome>;
  create(job: Omit<CreateJob, 'id'>, options: CallOptions<CreateReport>): Promise<CreateOutcome>;
  ask(job: Omit<AskJob, 'id'>, options: CallOptions<AskReport>): Promise<AskOutcome>;
  /** What a chat keeps goes, where there is anything. */
  forgetChat(): void;
  /** Prompts that were read are forgotten; what was never read needs no worker for that. */
  forgetPrompts(): void;
  encode(picture: Blob, format: PictureFormat): Promise<Blob>;
  /** Ends the worker and frees all it held. The next call opens a new one. */
  close(): void;
}

export class EngineBridge implements Engine {
  readonly #makeWorker: () => WorkerLike;
  #thread: Thread<EngineApi> | null = null;
  #choice: BackendChoice = 'auto';

  constructor(makeWorker: () => WorkerLike) {
    this.#makeWorker = makeWorker;
  }

  async start(choice: BackendChoice): Promise<RuntimeFacts> {
    if (choice !== this.#choice) this.close();
    this.#choice = choice;
    return this.#start(this.#open());
  }

  async prepare(models: readonly ModelCard[]): Promise<void> {
    const thread = this.#open();
    await this.#start(thread);
    unwrap(await thread.call((api) => api.prepare(models)));
  }

  cartoon(job: Omit<CartoonJob, 'id'>, options: CallOptions<WorkProgress>): Promise<CartoonOutcome> {
    return this.#twice<WorkProgress, CartoonOutcome>(options, (api, id, listener) =>
      api.cartoon({ id, ...job }, listener),
    );
  }

  create(job: Omit<CreateJob, 'id'>, options: CallOptions<CreateReport>): Promise<CreateOutcome> {
    return this.#twice<CreateReport, CreateOutcome>(options, (api, id, listener) =>
      api.create({ id, ...job }, listener),
    );
  }

  ask(job: Omit<AskJob, 'id'>, options: CallOptions<AskReport>): Promise<AskOutcome> {
    return this.#twice<AskReport, AskOutcome>({ ...options, graceMs: askGraceMs }, (api, id, listener) =>
      api.ask({ id, ...job }, listener),
    );
  }

  forgetChat(): void {
    if (this.#thread && !this.#thread.isEnded) void this.#thread.api.forgetChat();
  }

  forgetPrompts(): void {
    if (this.#thread && !this.#thread.isEnded) void this.#thread.api.forgetPrompts();
  }

  async encode(picture: Blob, format: PictureFormat): Promise<Blob> {
    const thread = this.#open();
    const encode = async (on: Thread<EngineApi>) =>
      unwrap(await on.call((api) => api.encode(picture, format)));
    try {
      return await encode(thread);
    } catch (thrown) {
      // The cancel of a job may end the worker under a picture that is being saved.
      if (!thread.isEnded) throw thrown;
      return encode(this.#open());
    }
  }

  close(): void {
    this.#thread?.end(new DOMException('The engine was closed.', 'AbortError'));
  }

  async #start(thread: Thread<EngineApi>): Promise<RuntimeFacts> {
    try {
      return unwrap(await thread.call((api) => api.start(this.#choice)));
    } catch (thrown) {
      thread.end(thrown);
      throw thrown;
    }
  }

  /** A lost device or a dead module: everything it knew is gone with its worker, so once more in a new one. */
  async #twice<P, R>(options: RunOptions<P>, ask: Ask<P, R>): Promise<R> {
    options.signal?.throwIfAborted();
    const thread = this.#open();
    try {
      return await this.#run(thread, ask, options);
    } catch (thrown) {
      options.signal?.throwIfAborted();
      if (!needsNewWorker(thrown)) throw thrown;
      thread.end(thrown);
      return this.#run(this.#open(), ask, options);
    }
  }

  async #run<P, R>(
    thread: Thread<EngineApi>,
    ask: Ask<P, R>,
    { signal, report, graceMs = cancelGraceMs }: RunOptions<P>,
  ): Promise<R> {
    const id = crypto.randomUUID();
    const hear = (progress: P): void => {
      if (!signal?.aborted) report?.(progress);
    };
    let grace: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      void thread.api.cancel(id);
      grace = setTimeout(() => thread.end(signal?.reason), graceMs);
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await this.#start(thread);
      signal?.throwIfAborted();
      const outcome = await thread.callHearing(hear, (api, listener) => ask(api, id, listener));
      return unwrap(outcome, signal);
    } finally {
      clearTimeout(grace);
      signal?.removeEventListener('abort', stop);
    }
  }

  #open(): Thread<EngineApi> {
    if (!this.#thread || this.#thread.isEnded) this.#thread = new Thread<EngineApi>(this.#makeWorker());
    return this.#thread;
  }
}

function needsNewWorker(thrown: unknown): boolean {
  if (!(thrown instanceof StudioError)) return false;
  return thrown.code === 'gpu/device-lost' || thrown.details.dead === true;
}
