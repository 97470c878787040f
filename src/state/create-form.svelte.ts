/** What the panel of `#/create` says: prompt, model, size, seed and how many. */
import type { ModelCard } from '../models/model';
import type { TextToImageSpec } from '../pipelines/text-to-image/card';
import { largestSeed } from '../pipelines/text-to-image/noise';
import type { FoundParameters } from '../pipelines/text-to-image/parameters';
import { personalMarks } from '../pipelines/text-to-image/personal';
import { tiers, type NamedSize, type Tier } from '../pipelines/text-to-image/sizes';
import type { CreateRecipe } from './created.svelte';
import type { Shelf } from './shelf.svelte';

export const mostPictures = 8;

export function specOf(card: ModelCard | null): TextToImageSpec | null {
  return card?.use.role === 'picture' ? card.use.spec : null;
}

/** Fewer than this and a turbo model's picture falls apart. */
const fewestSteps = 4;

function stepChoicesOf(spec: TextToImageSpec | null): readonly number[] {
  if (spec?.sampler.kind !== 'flow') return [];
  const { stepCount } = spec.sampler;
  return [stepCount, stepCount - 2, stepCount - 4].filter((count) => count >= fewestSteps);
}

/** Of 32 bits, as other programs have them. */
const newSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

export class CreateForm {
  readonly #shelf: Shelf;
  #prompt = $state('');
  #modelId = $state<string | null>(null);
  #tier = $state<Tier>('fast');
  #aspect = $state('1:1');
  #count = $state(1);
  #seed = $state<number | null>(newSeed());
  #keepsSeed = $state(false);
  #careful = $state(true);
  #stepsWanted = $state<number | null>(null);

  readonly models = $derived.by(() => this.#shelf.ready.filter(({ use }) => use.role === 'picture'));
  readonly model = $derived.by(
    () => this.models.find(({ id }) => id === this.#modelId) ?? this.models[0] ?? null,
  );
  readonly spec = $derived(specOf(this.model));
  readonly tiers = $derived(tiers.filter((tier) => (this.spec?.sizes[tier] ?? []).length > 0));
  readonly tier = $derived(this.tiers.find((tier) => tier === this.#tier) ?? this.tiers[0] ?? 'fast');
  readonly sizes: readonly NamedSize[] = $derived(this.spec?.sizes[this.tier] ?? []);
  readonly size = $derived(this.sizes.find(({ aspect }) => aspect === this.#aspect) ?? this.sizes[0] ?? null);
  /** How many steps can be taken, what the model was made for first; none where there is nothing to choose. */
  readonly stepChoices: readonly number[] = $derived(stepChoicesOf(this.spec));
  readonly stepCount = $derived(
    this.stepChoices.find((count) => count === this.#stepsWanted) ?? this.stepChoices[0] ?? null,
  );
  /** In careful mode: what of the prompt could point at a person. */
  readonly personal = $derived(this.#careful ? personalMarks(this.#prompt) : []);
  readonly seedIsRight = $derived(
    this.#seed !== null &&
      Number.isSafeInteger(this.#seed) &&
      this.#seed >= 0 &&
      this.#seed + this.#count - 1 <= largestSeed,
  );

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  get prompt(): string {
    return this.#prompt;
  }

  set prompt(prompt: string) {
    this.#prompt = prompt;
  }

  set modelId(id: string) {
    this.#modelId = id;
  }

  set tierWanted(tier: Tier) {
    this.#tier = tier;
  }

  set aspect(aspect: string) {
    this.#aspect = aspect;
  }

  set steps(count: number) {
    this.#stepsWanted = count;
  }

  get count(): number {
    return this.#count;
  }

  set count(count: number) {
    this.#count = Math.min(mostPictures, Math.max(1, Math.round(count) || 1));
  }

  /** Null while the box is empty. A seed that is set by hand stays. */
  get seed(): number | null {
    return this.#seed;
  }

  set seed(seed: number | null) {
    this.#seed = seed;
    this.#keepsSeed = true;
  }

  /** False: every run takes a new seed. */
  get keepsSeed(): boolean {
    return this.#keepsSeed;
  }

  set keepsSeed(keeps: boolean) {
    this.#keepsSeed = keeps;
  }

  /** Careful mode: what could point at a person is pointed at, before and after. */
  get careful(): boolean {
    return this.#careful;
  }

  set careful(careful: boolean) {
    this.#careful = careful;
  }

  rollSeed(): void {
    this.#seed = newSeed();
    this.#keepsSeed = false;
    this.#taken = false;
  }

  /** For the next run, with its seed in sight; null where something is missing. */
  take(): CreateRecipe | null {
    const { model, size } = this;
    if (!model || !size || this.#prompt.trim() === '') return null;
    if (!this.#keepsSeed && this.#taken) this.#seed = newSeed();
    if (!this.seedIsRight || this.#seed === null) return null;
    this.#taken = true;
    const { width, height } = size;
    const { stepCount } = this;
    return {
      model,
      prompt: this.#prompt,
      seed: this.#seed,
      width,
      height,
      stepCount,
      careful: this.#careful,
    };
  }

  /** The seed in sight was used already. */
  #taken = false;

  /** Everything as it was when a picture was made. What this device does not have stays as it is, and comes back. */
  recall(made: FoundParameters): Partial<Pick<FoundParameters, 'model' | 'size'>> {
    this.#prompt = made.prompt;
    if (made.seed !== null) this.seed = made.seed;
    this.#count = 1;
    this.#stepsWanted = made.stepCount;
    const model = this.models.find(({ id, title }) => id === made.model || title === made.model);
    if (model) this.#modelId = model.id;
    return {
      ...(model ? {} : { model: made.model }),
      ...(made.size && !this.#takeSize(made.size) ? { size: made.size } : {}),
    };
  }

  #takeSize({ width, height }: { readonly width: number; readonly height: number }): boolean {
    for (const tier of this.tiers) {
      const size = this.spec?.sizes[tier]?.find((each) => each.width === width && each.height === height);
      if (!size) continue;
      this.#tier = tier;
      this.#aspect = size.aspect;
      return true;
    }
    return false;
  }
}
