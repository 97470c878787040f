/** The cartoon job's bench: photos in, a queue that draws one at a time, results out. A failed photo never stops the others. */
import { asStudioError, isAbort, StudioError, type ErrorCode } from '../base/errors';
import type { Engine } from '../jobs/engine-bridge';
import type { WorkProgress } from '../base/progress';
import type { CartoonOutcome } from '../jobs/protocol';
import { withSaved } from '../privacy/record';
import type { AiSource } from '../base/ai-source';
import { markAi } from '../runtime/ai-mark';
import type { PictureFormat } from '../runtime/image';
import { abortable } from './abortable';
import type { Choices } from './choices.svelte';
import type { AiMarks } from './ai-marks';
import { Downloads } from './downloads';
import type { Drawing, Drawn } from './drawing';
import { newFileName } from './file-name';
import { Job, type Recipe } from './job.svelte';
import { jobsToStart, neighbour, nextWaiting } from './job-order';
import { Photo } from './photo.svelte';
import type { Recorder } from './recorder';
import type { Shelf } from './shelf.svelte';
import type { Startup } from './startup.svelte';
import { steadyProgress } from './steady-progress';

/** How long a deleted job can be brought back. */
const undoMs = 8000;

interface StudioParts {
  readonly engine: Engine;
  readonly drawing: Drawing;
  readonly startup: Startup;
  readonly choices: Choices;
  readonly shelf: Shelf;
  readonly recorder: Recorder;
  readonly aiMarks: AiMarks;
  /** Another job is under way in the engine. */
  readonly engineIsWanted: () => boolean;
}

interface Deleted {
  readonly job: Job;
  readonly index: number;
}

export interface SavedFile {
  readonly blob: Blob;
  readonly name: string;
  readonly aiMark: AiSource | null;
}

export class Studio {
  readonly #parts: StudioParts;
  readonly downloads = new Downloads();
  #jobs = $state.raw<readonly Job[]>([]);
  #selectedId = $state<string | null>(null);
  #running = $state.raw<Job | null>(null);
  #deleted = $state.raw<Deleted | null>(null);
  #draining = false;
  #encoding = 0;
  #abort: AbortController | null = null;
  #undoTimer: ReturnType<typeof setTimeout> | undefined;
  #resultCount = 0;
  /** The stage follows the queue until the visitor picks something. */
  #follows = true;

  readonly selected = $derived(this.#jobs.find((job) => job.id === this.#selectedId) ?? null);
  readonly busy = $derived(this.#jobs.some((job) => job.kind === 'working' || job.kind === 'waiting'));
  readonly results = $derived(this.#jobs.filter((job) => job.kind === 'done'));
  readonly unsaved = $derived(this.results.filter((job) => !job.secured));
  readonly failed = $derived(this.#jobs.filter((job) => job.kind === 'failed'));
  readonly fresh = $derived(this.#jobs.filter((job) => job.kind === 'new'));
  readonly start = $derived(jobsToStart(this.#jobs, this.#selectedId));

  constructor(parts: StudioParts) {
    this.#parts = parts;
  }

  get jobs(): readonly Job[] {
    return this.#jobs;
  }

  get running(): Job | null {
    return this.#running;
  }

  get deleted(): Job | null {
    return this.#deleted?.job ?? null;
  }

  add(blobs: readonly Blob[]): void {
    const jobs = blobs.map((blob) => new Job(new Photo(blob)));
    const first = jobs[0];
    if (!first) return;
    this.#jobs = [...this.#jobs, ...jobs];
    if (!this.busy) this.select(first.id);
  }

  select(id: string): void {
    this.#selectedId = id;
    this.#follows = id === this.#running?.id;
  }

  /** The one action: draws every photo not drawn yet, or the selected one once more. */
  cartoonize(): void {
    const recipe = this.#parts.choices.recipe;
    const { run, again } = this.start;
    const jobs = again ? [this.#another(again)] : run;
    for (const job of jobs) this.#wait(job, recipe);
    this.#follows = true;
    void this.#drain();
  }

  retry(job: Job): void {
    this.#wait(job, this.#parts.choices.recipe);
    void this.#drain();
  }

  /** Stops the job under way; those still waiting go back to not drawn yet. */
  cancel(): void {
    for (const job of this.#jobs) if (job.kind === 'waiting') job.status = { kind: 'new' };
    this.#abort?.abort();
  }

  delete(job: Job): void {
    const index = this.#jobs.indexOf(job);
    if (index < 0) return;
    this.#forgetDeleted();
    if (job.kind === 'waiting') job.status = { kind: 'new' };
    if (job === this.#running) this.#abort?.abort();
    if (this.#selectedId === job.id) this.#selectedId = neighbour(this.#jobs, index)?.id ?? null;
    this.#jobs = this.#jobs.filter((other) => other !== job);
    this.#deleted = { job, index };
    this.#undoTimer = setTimeout(() => this.#forgetDeleted(), undoMs);
    this.#freeIfEmpty();
  }

  undoDelete(): void {
    const deleted = this.#deleted;
    if (!deleted) return;
    clearTimeout(this.#undoTimer);
    this.#deleted = null;
    this.#jobs = this.#jobs.toSpliced(deleted.index, 0, deleted.job);
    this.#selectedId = deleted.job.id;
  }

  clearAll(): void {
    this.cancel();
    this.#forgetDeleted();
    const jobs = this.#jobs;
    this.#jobs = [];
    this.#selectedId = null;
    this.#resultCount = 0;
    for (const job of jobs) this.#free(job);
    this.#freeIfEmpty();
  }

  /** The result in the format asked for, under a name that says nothing of the photo. */
  async encode(job: Job, format: PictureFormat): Promise<SavedFile> {
    if (!job.result) throw new StudioError('image/encode-failed');
    const { picture } = job.result;
    this.#encoding += 1;
    try {
      const plain = format === 'png' ? picture : await this.#parts.engine.encode(picture, format);
      const aiMark = await this.#parts.aiMarks.of(job.photo);
      const blob = aiMark ? await markAi(plain, aiMark) : plain;
      const sha256 = await this.#parts.recorder.digests.sha256(blob);
      if (job.record) job.record = withSaved(job.record, { type: blob.type, sha256, aiMark });
      return { blob, name: newFileName(format), aiMark };
    } finally {
      this.#encoding -= 1;
      this.#freeIfEmpty();
    }
  }

  #wait(job: Job, recipe: Recipe | null): void {
    job.recipe = recipe;
    job.status = { kind: 'waiting' };
  }

  /** The same photo as a further job, right after the one it was drawn from. */
  #another(from: Job): Job {
    const job = new Job(from.photo);
    this.#jobs = this.#jobs.toSpliced(this.#jobs.indexOf(from) + 1, 0, job);
    this.#selectedId = job.id;
    return job;
  }

  async #drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    for (let job = nextWaiting(this.#jobs); job; job = nextWaiting(this.#jobs)) await this.#run(job);
    this.#draining = false;
    this.#freeIfEmpty();
  }

  async #run(job: Job): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#running = job;
    if (this.#follows) this.#selectedId = job.id;
    job.status = { kind: 'working', progress: null };
    try {
      await this.#draw(job, abort.signal);
    } catch (thrown) {
      job.status =
        abort.signal.aborted || isAbort(thrown)
          ? { kind: 'cancelled' }
          : { kind: 'failed', error: asStudioError(thrown, 'engine/failed') };
    }
    this.#running = null;
    this.#abort = null;
  }

  async #draw(job: Job, signal: AbortSignal): Promise<void> {
    const { startup, choices } = this.#parts;
    await abortable(startup.begin(), signal);
    const wanted = job.recipe ?? choices.recipe;
    if (!wanted) throw new StudioError('model/not-installed');
    const recipe = choices.settled(wanted);
    job.recipe = recipe;
    const { outcome, witnessed } = await this.#outcome(job, recipe, signal);
    signal.throwIfAborted();
    startup.facts = outcome.facts;
    const url = URL.createObjectURL(outcome.picture);
    job.status = { kind: 'done', result: { ...outcome, url, number: ++this.#resultCount } };
    const { blob } = job.photo;
    const made = { job: 'cartoon', ...outcome, output: outcome.picture } as const;
    job.record = await this.#parts.recorder.record(witnessed, blob, made).catch(() => null);
  }

  /** A model found damaged or gone is got again where that can be done, each of the two once, and the job repeated. */
  async #outcome(job: Job, recipe: Recipe, signal: AbortSignal, mends = 2): Promise<Drawn<CartoonOutcome>> {
    try {
      return await this.#ask(job, recipe, signal);
    } catch (thrown) {
      if (mends === 0 || !isMissing(thrown)) throw thrown;
      const models = recipe.faces ? [recipe.model, recipe.faces] : [recipe.model];
      if (!(await abortable(this.#parts.shelf.mend(models, thrown), signal))) throw thrown;
      return this.#outcome(job, this.#parts.choices.settled(recipe), signal, mends - 1);
    }
  }

  async #ask(job: Job, recipe: Recipe, signal: AbortSignal): Promise<Drawn<CartoonOutcome>> {
    const { photo } = job;
    const { model: cartoon, faces, part, keepSkin, lineSizePx, lift } = recipe;
    const { marked: markedFaces, dismissed: dismissedFaces } = photo;
    const report = (progress: WorkProgress): void => {
      if (signal.aborted) return;
      job.status = { kind: 'working', progress: steadyProgress(job.progress, progress) };
    };
    const options = { part, keepSkin, lineSizePx, lift, markedFaces, dismissedFaces };
    const asked = { photo: photo.blob, cartoon, faces, options };
    const drawn = await this.#parts.drawing.cartoon(asked, { signal, report });
    signal.throwIfAborted();
    const { width, height } = drawn.outcome;
    photo.size = { width, height };
    photo.drawn(drawn.outcome.faces, markedFaces);
    return drawn;
  }

  /** With the last photo gone nothing of it stays: no download's copy, and no engine that has seen it. */
  #freeIfEmpty(): void {
    if (this.#jobs.length > 0 || this.#draining || this.#encoding > 0) return;
    this.downloads.endAll();
    // Before it is ready no photo has reached the engine, and closing would stop its start.
    if (this.#parts.startup.ready && !this.#parts.engineIsWanted()) this.#parts.engine.close();
  }

  #forgetDeleted(): void {
    clearTimeout(this.#undoTimer);
    if (this.#deleted) this.#free(this.#deleted.job);
    this.#deleted = null;
  }

  #free(job: Job): void {
    job.free();
    const shown = this.#jobs.some((other) => other.photo === job.photo);
    if (!shown) job.photo.free();
  }
}

/** Gone: another tab may have removed it, or put a newer revision in its place. */
const missing: readonly ErrorCode[] = ['model/damaged', 'model/hash-mismatch', 'model/not-installed'];

function isMissing(thrown: unknown): thrown is StudioError {
  return thrown instanceof StudioError && missing.includes(thrown.code);
}
