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
import type { PreviewColours } from '../pipelines/text-to-image/card';
import type { OrtRuntime } from '../runtime/ort';
import { decodePicture, encodePicture } from '../runtime/picture';
import type { PictureFormat } from '../runtime/image';
import type { BackendChoice, RuntimeFacts, Session } from '../runtime/runtime';
import { outcomeOf } from './outcome';
import { answerQuestion } from './answer-question';
import { ChatMemory } from './chat-memory';
import { createPictures } from './create-pictures';
import { JobRun } from './job-run';
import { Pace } from './pace';
import { prepareModel } from './prepare-model';
import { PromptMemory } from './prompt-memory';
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

export interface EnginePowers {
  readonly startRuntime: (choice: BackendChoice) => Promise<OrtRuntime>;
  readonly store: ModelStore;
}

export class InferenceEngine implements EngineApi {
  readonly #powers: EnginePowers;
  readonly #running = new Map<string, AbortController>();
  /** Open sessions by their file's SHA-256; kept between jobs, since most people run the same model again. */
  readonly #sessions = new Map<string, Session>();
  readonly #prepared = new Set<string>();
  readonly #pace = new Pace();
  readonly #prompts = new PromptMemory();
  readonly #colours = new Map<string, PreviewColours>();
  readonly #chats = new ChatMemory();
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

  prepare(models: readonly ModelCard[]): Promise<Outcome<true>> {
    return outcomeOf(async () => {
      const runtime = await this.#started();
      for (const model of models) {
        const content = contentOf(model);
        if (!this.#prepared.has(content)) await prepareModel(model, runtime, this.#powers.store);
        this.#prepared.add(content);
      }
      return true as const;
    }, 'engine/failed');
  }

  cartoon(job: CartoonJob, report: (progress: WorkProgress) => void): Promise<Outcome<CartoonOutcome>> {
    return this.#cancellable(job.id, (signal) => this.#cartoon(job, report, signal));
  }

  create(job: CreateJob, report: (progress: CreateReport) => void): Promise<Outcome<CreateOutcome>> {
    return this.#cancellable(job.id, async (signal) => {
      const runtime = await this.#started();
      // Its parts are opened one after another, with nothing beside them.
      await this.#makeRoom(runtime, []);
      const powers = { runtime, store: this.#powers.store, pace: this.#pace };
      const memory = { prompts: this.#prompts, colours: this.#colours };
      return createPictures(job, { ...powers, ...memory }, { report, signal });
    });
  }

  ask(job: AskJob, report: (progress: AskReport) => void): Promise<Outcome<AskOutcome>> {
    return this.#cancellable(job.id, async (signal) => {
      const runtime = await this.#started();
      await this.#closeUnwanted(runtime, []);
      const powers = { runtime, store: this.#powers.store, chats: this.#chats };
      return answerQuestion(job, powers, { report, signal });
    });
  }

  forgetChat(): Promise<void> {
    return this.#chats.forget();
  }

  forgetPrompts(): Promise<void> {
    this.#prompts.forget();
    this.#colours.clear();
    return Promise.resolve();
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

  #cancellable<T>(jobId: string, work: (signal: AbortSignal) => Promise<T>): Promise<Outcome<T>> {
    const abort = new AbortController();
    this.#running.set(jobId, abort);
    return outcomeOf(() => work(abort.signal), 'engine/failed').finally(() => this.#running.delete(jobId));
  }

  #started(): Promise<OrtRuntime> {
    if (!this.#runtime) throw new StudioError('engine/start-failed', { reason: 'not started' });
    return this.#runtime;
  }

  async #cartoon(
    job: CartoonJob,
    report: (progress: WorkProgress) => void,
    signal: AbortSignal,
  ): Promise<CartoonOutcome> {
    const runtime = await this.#started();
    const cards = { cartoon: job.cartoon, faces: job.faces };
    await this.#makeRoom(runtime, [job.cartoon, ...(job.faces ? [job.faces] : [])]);

    const decodeStarted = performance.now();
    const photo = await decodePicture(job.photo);
    signal.throwIfAborted();

    const decodeMs = performance.now() - decodeStarted;
    const run = new JobRun(runtime);
    const models: OpenedModel[] = [];
    const open = async <Role extends RoleOf<'cartoon'>>(role: Role) => {
      const card = cards[role];
      const reused = card !== null && this.#sessions.has(contentOf(card));
      const model = await run.opening(() => this.#open(runtime, card, role));
      if (card && !models.some(({ id }) => id === card.id)) {
        const parts = filesOf(card).map(({ name, sha256 }) => ({ name, sha256 }));
        models.push({ id: card.id, parts, reused });
      }
      return model;
    };
    const steps = (await loadRun('cartoon'))(photo, job.options, {
      open,
      signal,
      onGpu: runtime.onGpu,
    });
    const driving = { paced: { pace: this.#pace, kind: job.cartoon.id }, report, signal };
    const { image, faces } = await run.drive(steps, driving);
    const picture = await encodePicture(image, 'png');
    signal.throwIfAborted();
    return {
      picture,
      width: image.width,
      height: image.height,
      faces,
      facts: runtime.facts,
      models,
      timings: run.timings(decodeMs),
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

  /** For a job that is no question: what a chat keeps open goes too. */
  async #makeRoom(runtime: OrtRuntime, wanted: readonly ModelCard[]): Promise<void> {
    await this.#chats.forget();
    await this.#closeUnwanted(runtime, wanted);
  }

  /**
   * Closes what this job does not use. On WebGPU all of it: the device gives memory back only when its last
   * session goes.
   */
  async #closeUnwanted(runtime: OrtRuntime, wanted: readonly ModelCard[]): Promise<void> {
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
