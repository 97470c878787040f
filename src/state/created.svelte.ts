/** One picture that was made from a prompt, and all that is needed to make it again. In this tab's memory alone. */
import type { AiSource } from '../base/ai-source';
import type { CreatedPicture, CreateOutcome } from '../jobs/protocol';
import type { ModelCard } from '../models/model';
import { writeParameters } from '../pipelines/text-to-image/parameters';
import { contentOf } from '../models/files';
import type { KeptResult } from '../privacy/kept-item';
import type { MeasurementRecord } from '../privacy/record';
import { KeptState } from './kept-state.svelte';

/** IPTC's term for a picture that a model made. */
export const whollyMade: AiSource = 'trainedAlgorithmicMedia';

/** What the panel says when pictures are asked for. */
export interface CreateRecipe {
  readonly model: ModelCard;
  readonly prompt: string;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  /** Null where the model has but one way. */
  readonly stepCount: number | null;
  /** Faces are looked for in what is made. */
  readonly careful: boolean;
}

export class Created {
  readonly id: string;
  /** "Picture 1", "Picture 2", …: the order in which they were finished. */
  readonly number: number;
  readonly recipe: CreateRecipe;
  readonly picture: Blob;
  /** Address in this tab's memory. */
  readonly url: string;
  readonly outcome: CreateOutcome;
  /** Null where it was not looked for any. */
  readonly faceCount: number | null;
  readonly kept = new KeptState();
  #saved = $state(false);
  #record = $state.raw<MeasurementRecord | null>(null);
  /** Whether the picture outlives this tab: saved to a file, or kept for longer than a session. */
  readonly secured = $derived(this.#saved || this.kept.lasts);

  constructor(
    number: number,
    recipe: CreateRecipe,
    made: { picture: CreatedPicture; outcome: CreateOutcome },
  ) {
    this.id = `picture-${number}`;
    this.number = number;
    this.recipe = { ...recipe, seed: made.picture.seed };
    this.picture = made.picture.picture;
    this.url = URL.createObjectURL(this.picture);
    this.outcome = made.outcome;
    this.faceCount = made.picture.faces?.length ?? null;
  }

  get saved(): boolean {
    return this.#saved;
  }

  set saved(saved: boolean) {
    this.#saved = saved;
  }

  /** Null until it is made, which takes a moment longer than the picture. */
  get record(): MeasurementRecord | null {
    return this.#record;
  }

  set record(record: MeasurementRecord | null) {
    this.#record = record;
  }

  /** Prompt, seed and settings as one text, which a PNG can carry. */
  told(): string {
    const { model, ...asked } = this.recipe;
    const { stepCount } = this.outcome;
    const modelHash = contentOf(model).slice(0, 16);
    const by = { sampler: 'Euler', model: model.title, modelHash, app: 'Obscura' };
    return writeParameters({ ...asked, stepCount, ...by });
  }

  /** For the vault. */
  toKeep(): KeptResult {
    const { picture: content, record, recipe } = this;
    const { width, height } = recipe;
    return { content, size: { width, height }, asked: this.told(), aiSource: whollyMade, record };
  }

  free(): void {
    URL.revokeObjectURL(this.url);
  }
}
