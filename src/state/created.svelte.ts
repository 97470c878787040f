/** One picture that was made from a prompt, and all that is needed to make it again. In this tab's memory alone. */
import type { CreatedPicture, CreateOutcome } from '../jobs/protocol';
import type { ModelCard } from '../models/model';
import type { Parameters } from '../pipelines/text-to-image/parameters';
import { contentOf } from '../models/files';
import type { MeasurementRecord } from '../privacy/record';

/** What the panel says when pictures are asked for. */
export interface CreateRecipe {
  readonly model: ModelCard;
  readonly prompt: string;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
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
  #saved = $state(false);
  #record = $state.raw<MeasurementRecord | null>(null);

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

  parameters(app: string): Parameters {
    const { model, prompt, seed, width, height } = this.recipe;
    const { stepCount } = this.outcome;
    const modelHash = contentOf(model).slice(0, 16);
    return { prompt, seed, width, height, stepCount, sampler: 'Euler', model: model.title, modelHash, app };
  }

  free(): void {
    URL.revokeObjectURL(this.url);
  }
}
