/** One run for the user: a photo, the options it was drawn with, and how far it is. */
import type { StudioError } from '../base/errors';
import type { WorkProgress } from '../base/progress';
import type { CartoonOutcome } from '../jobs/protocol';
import type { ModelCard } from '../models/model';
import type { DrawnPart, LineSizePx, StyleId } from '../pipelines/cartoon/card';
import type { KeptResult } from '../privacy/kept-item';
import type { MeasurementRecord } from '../privacy/record';
import { KeptState } from './kept-state.svelte';
import type { Photo } from './photo.svelte';

export interface JobResult extends CartoonOutcome {
  /** Address of the full result in this tab's memory. */
  readonly url: string;
  /** "Cartoon 1", "Cartoon 2", …: the order in which results were finished. */
  readonly number: number;
}

type JobStatus =
  | { readonly kind: 'new' | 'waiting' | 'cancelled' }
  | { readonly kind: 'working'; readonly progress: WorkProgress | null }
  | { readonly kind: 'done'; readonly result: JobResult }
  | { readonly kind: 'failed'; readonly error: StudioError };

/** What the panel says when a job is started. */
export interface Recipe {
  readonly model: ModelCard;
  readonly style: StyleId;
  readonly part: DrawnPart;
  readonly keepSkin: boolean;
  readonly lineSizePx: LineSizePx;
  readonly lift: boolean;
  readonly faces: ModelCard | null;
}

let made = 0;

export class Job {
  readonly id: string;
  readonly photo: Photo;
  #status = $state.raw<JobStatus>({ kind: 'new' });
  #recipe = $state.raw<Recipe | null>(null);
  #saved = $state(false);
  #record = $state.raw<MeasurementRecord | null>(null);
  readonly kept = new KeptState();
  /** True until the result has been shown once, so that it develops once. */
  fresh = true;

  readonly kind = $derived(this.#status.kind);
  readonly result = $derived(this.#status.kind === 'done' ? this.#status.result : null);
  readonly error = $derived(this.#status.kind === 'failed' ? this.#status.error : null);
  /** Whether the result outlives this tab: saved to a file, or kept for longer than a session. */
  readonly secured = $derived(this.#saved || this.kept.lasts);
  readonly progress = $derived(this.#status.kind === 'working' ? this.#status.progress : null);

  constructor(photo: Photo) {
    this.id = `job-${++made}`;
    this.photo = photo;
  }

  get status(): JobStatus {
    return this.#status;
  }

  set status(status: JobStatus) {
    this.#status = status;
  }

  get recipe(): Recipe | null {
    return this.#recipe;
  }

  set recipe(recipe: Recipe | null) {
    this.#recipe = recipe;
  }

  /** Of the result; null until it is made, which takes a moment longer than the result. */
  get record(): MeasurementRecord | null {
    return this.#record;
  }

  set record(record: MeasurementRecord | null) {
    this.#record = record;
  }

  /** A file of it was written. */
  get saved(): boolean {
    return this.#saved;
  }

  set saved(saved: boolean) {
    this.#saved = saved;
  }

  /** For the vault; null while there is no result. */
  toKeep(): KeptResult | null {
    if (!this.result) return null;
    const { picture: content, width, height } = this.result;
    const { record, photo } = this;
    return { content, size: { width, height }, asked: null, aiSource: photo.keptMark, record };
  }

  /** Ends the result's address; the photo is freed by whoever knows that no other job shows it. */
  free(): void {
    if (this.result) URL.revokeObjectURL(this.result.url);
  }
}
