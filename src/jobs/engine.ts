/**
 * The worker's half of a job: decodes, opens the models it needs, drives the pipeline's run, times it,
 * encodes, and frees everything on every way out.
 */
import { StudioError } from '../base/errors';
import type { WorkProgress } from '../base/progress';
import { cardOfContent } from '../library/catalog';
import { openableModel } from '../library/openable';
import type { ModelStore } from '../library/store';
import { contentOf, filesOf } from '../models/files';
import type { ModelCard } from '../models/model';
import type { OpenModel, Pipelines, RoleOf } from '../pipelines/pipeline';
import type { OpenedModel } from '../privacy/record';
import { loadRun } from '../pipelines/runs';
import type { OrtRuntime } from '../runtime/ort';
import { decodePicture, encodePicture } from '../runtime/picture';
import type { PictureFormat } from '../runtime/image';
import type { BackendChoice, RuntimeFacts, Session } from '../runtime/runtime';
import { outcomeOf } from './outcome';
import { Pace } from './pace';
import type { CartoonJob, CartoonOutcome, EngineApi, Outcome } from './protocol';

export interface EnginePowers {
  readonly startRuntime: (choice: BackendChoice) => Promise<OrtRuntime>;
  readonly store: ModelStore;
}

export class InferenceEngine implements EngineApi {
  readonly #powers: EnginePowers;
  readonly #running = new Map<string, AbortController>();
  /** Open sessions by their file's SHA-256; kept between jobs, since most people run the same model again. */
  readonly #sessions = new Map<string, Session>();
  readonly #pace = new Pace();
  #runtime: Promise<OrtRuntime> | null = null;

  constructor(powers: EnginePowers) {
    this.#powers = powers;
  }

  start(choice: BackendChoice): Promise<Outcome<RuntimeFacts>> {
    return outcomeOf(async () => {
      this.#runtime ??= this.#powers.startRuntime(choice);
      try {
        // The pipeline's code too, so that nothing is asked for while a photo is in the tab.
        await loadRun('cartoon');
        return (await this.#runtime).facts;
      } catch (thrown) {
        this.#runtime = null;
        throw thrown;
      }
    }, 'engine/start-failed');
  }

  cartoon(job: CartoonJob, report: (progress: WorkProgress) => void): Promise<Outcome<CartoonOutcome>> {
    const abort = new AbortController();
    this.#running.set(job.id, abort);
    return outcomeOf(() => this.#cartoon(job, report, abort.signal), 'engine/failed').finally(() =>
      this.#running.delete(job.id),
    );
  }

  encode(picture: Blob, format: PictureFormat): Promise<Outcome<Blob>> {
    return outcomeOf(
      async () => (format === 'png' ? picture : encodePicture(await decodePicture(picture), format)),
      'image/encode-failed',
    );
  }

  cancel(jobId: string): Promise<void> {
    this.#running.get(jobId)?.abort();
    return Promise.resolve();
  }

  async #cartoon(
    job: CartoonJob,
    report: (progress: WorkProgress) => void,
    signal: AbortSignal,
  ): Promise<CartoonOutcome> {
    if (!this.#runtime) throw new StudioError('engine/start-failed', { reason: 'not started' });
    const runtime = await this.#runtime;
    const cards = { cartoon: job.cartoon, faces: job.faces };
    await this.#makeRoom(runtime, [job.cartoon, ...(job.faces ? [job.faces] : [])]);

    const decodeStarted = performance.now();
    const photo = await decodePicture(job.photo);
    signal.throwIfAborted();

    runtime.resetPeak();
    const started = performance.now();
    const before = { runMs: runtime.runMs, readbackBytes: runtime.readbackBytes };
    let openMs = 0;
    const models: OpenedModel[] = [];
    const open = async <Role extends RoleOf<'cartoon'>>(role: Role) => {
      const openStarted = performance.now();
      const card = cards[role];
      const reused = card !== null && this.#sessions.has(contentOf(card));
      const model = await this.#open(runtime, card, role);
      if (card && !models.some(({ id }) => id === card.id)) {
        const parts = filesOf(card).map(({ name, sha256 }) => ({ name, sha256 }));
        models.push({ id: card.id, parts, reused });
      }
      openMs += performance.now() - openStarted;
      return model;
    };
    const steps = (await loadRun('cartoon'))(photo, job.options, {
      open,
      signal,
      onGpu: runtime.onGpu,
    });
    let total = 1;
    let step = await steps.next();
    while (!step.done) {
      report(this.#pace.withTimeLeft(job.cartoon.id, step.value, performance.now() - started));
      total = step.value.total;
      // A turn of the event loop, so that a cancel can be heard between two steps.
      await nextTurn();
      signal.throwIfAborted();
      step = await steps.next();
    }
    const { image, faces } = step.value;
    const finished = performance.now();
    this.#pace.remember(job.cartoon.id, total, finished - started);
    const picture = await encodePicture(image, 'png');
    signal.throwIfAborted();
    return {
      picture,
      width: image.width,
      height: image.height,
      faces,
      facts: runtime.facts,
      models,
      timings: {
        decodeMs: started - decodeStarted,
        totalMs: finished - started,
        runMs: runtime.runMs - before.runMs,
        openMs,
        encodeMs: performance.now() - finished,
        readbackBytes: runtime.readbackBytes - before.readbackBytes,
        gpuPeakBytes: runtime.gpuPeakBytes,
        gpuLeftBytes: runtime.gpuLiveBytes,
      },
    };
  }

  async #open<Role extends RoleOf<'cartoon'>>(
    runtime: OrtRuntime,
    card: ModelCard | null,
    role: Role,
  ): Promise<OpenModel<Pipelines['cartoon']['roles'][Role]> | null> {
    if (!card) return null;
    if (card.use.role !== role || !card.part)
      throw new StudioError('model/wrong-shape', { model: card.title, role });
    const { sha256 } = card.part;
    let session = this.#sessions.get(sha256);
    if (!session) {
      const untried = cardOfContent(sha256) === undefined;
      session = await runtime.open(await openableModel(card, this.#powers.store), { untried });
      this.#sessions.set(sha256, session);
    }
    return { session, spec: card.use.spec as Pipelines['cartoon']['roles'][Role] };
  }

  /**
   * Closes what this job does not use. On WebGPU all of it: the device gives memory back only when its last
   * session goes.
   */
  async #makeRoom(runtime: OrtRuntime, wanted: readonly ModelCard[]): Promise<void> {
    const hashes = wanted.map(contentOf);
    const unwanted = [...this.#sessions.keys()].filter((hash) => !hashes.includes(hash));
    if (unwanted.length === 0) return;
    const closing = runtime.facts.backend === 'webgpu' ? [...this.#sessions.keys()] : unwanted;
    for (const hash of closing) {
      const session = this.#sessions.get(hash);
      this.#sessions.delete(hash);
      await session?.release();
    }
  }
}

/** A turn of the event loop, without the 4 ms that nested timers are held back. */
function nextTurn(): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage(null);
  }).finally(() => port1.close());
}
