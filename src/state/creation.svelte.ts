/** `#/create`: prompts in, pictures out, one run at a time, and the history of this tab. Made when the room is opened. */
import { asStudioError, isAbort, StudioError } from '../base/errors';
import type { Engine } from '../jobs/engine-bridge';
import type { CreateOutcome, CreateReport } from '../jobs/protocol';
import { parametersKeyword, readParameters } from '../pipelines/text-to-image/parameters';
import { withSaved } from '../privacy/record';
import { markAi } from '../runtime/ai-mark';
import type { PictureFormat } from '../runtime/image';
import { fitOf } from '../models/fit';
import { readPngText, withPngText } from '../runtime/png-text';
import { abortable } from './abortable';
import type { AiMarks } from './ai-marks';
import type { Choices } from './choices.svelte';
import { CreateForm } from './create-form.svelte';
import { Created, whollyMade, type CreateRecipe } from './created.svelte';
import type { Drawing, Drawn } from './drawing';
import { newFileName } from './file-name';
import type { Recorder } from './recorder';
import type { Shelf } from './shelf.svelte';
import type { Startup } from './startup.svelte';
import type { SavedFile } from './studio.svelte';
import type { Wall } from './wall.svelte';

interface CreationParts {
  readonly wall: Wall;
  readonly engine: Engine;
  readonly drawing: Drawing;
  readonly startup: Startup;
  readonly shelf: Shelf;
  readonly recorder: Recorder;
  readonly aiMarks: AiMarks;
  readonly choices: Pick<Choices, 'faces'>;
}

export interface SaveChoices {
  readonly format: PictureFormat;
  readonly marked: boolean;
  /** Prompt, seed and settings in the file; a PNG alone can carry them. */
  readonly told: boolean;
}

export class Creation {
  readonly #parts: CreationParts;
  readonly form: CreateForm;
  #history = $state.raw<readonly Created[]>([]);
  #selectedId = $state<string | null>(null);
  #comparedId = $state<string | null>(null);
  #progress = $state.raw<CreateReport | null>(null);
  #running = $state.raw<CreateRecipe | null>(null);
  #failure = $state.raw<StudioError | null>(null);
  #cancelled = $state(false);
  #abort: AbortController | null = null;
  #forgetsAfter = false;
  #seedCount = $state(1);
  #madeCount = 0;

  readonly busy = $derived(this.#running !== null);
  readonly selected = $derived(this.#history.find(({ id }) => id === this.#selectedId) ?? null);
  readonly compared = $derived(this.#history.find(({ id }) => id === this.#comparedId) ?? null);
  /** Why nothing can be generated, whichever key or button asks; the first thing that is missing. */
  readonly obstacle = $derived.by(() => {
    const { wall, startup } = this.#parts;
    const { model, prompt, seedIsRight } = this.form;
    if (!wall.stands) return 'wall';
    if (!model) return 'model';
    if (startup.facts && fitOf(model, startup.facts).lacks.length > 0) return 'device';
    if (prompt.trim() === '') return 'prompt';
    return seedIsRight ? null : 'seed';
  });
  readonly unsaved = $derived(this.#history.filter(({ secured }) => !secured));

  constructor(parts: CreationParts) {
    this.#parts = parts;
    this.form = new CreateForm(parts.shelf);
  }

  /** Newest first. */
  get history(): readonly Created[] {
    return this.#history;
  }

  get progress(): CreateReport | null {
    return this.#progress;
  }

  get running(): CreateRecipe | null {
    return this.#running;
  }

  /** How many pictures the run under way makes. */
  get seedCount(): number {
    return this.#seedCount;
  }

  get failure(): StudioError | null {
    return this.#failure;
  }

  /** The last run was stopped by the visitor. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  select(id: string): void {
    this.#selectedId = id;
    if (this.#comparedId === id) this.#comparedId = null;
  }

  /** Lays this picture beside the one selected; null ends it. */
  compare(id: string | null): void {
    this.#comparedId = id;
  }

  async generate(): Promise<void> {
    if (this.#running || this.obstacle) return;
    const recipe = this.form.take();
    if (!recipe) return;
    this.#seedCount = this.form.count;
    const seeds = Array.from({ length: this.form.count }, (_, index) => recipe.seed + index);
    const { signal } = (this.#abort = new AbortController());
    this.#running = recipe;
    this.#progress = null;
    this.#failure = null;
    this.#cancelled = false;
    try {
      await abortable(this.#parts.startup.begin(), signal);
      // What the device lacks may be known only now.
      if (!this.#canRun()) return;
      this.#take(recipe, await this.#ask(recipe, seeds, signal));
    } catch (thrown) {
      if (signal.aborted || isAbort(thrown)) this.#cancelled = true;
      else this.#failure = asStudioError(thrown, 'engine/failed');
    } finally {
      this.#running = null;
      this.#progress = null;
      if (this.#forgetsAfter) this.forget();
    }
  }

  cancel(): void {
    this.#abort?.abort();
  }

  delete(made: Created): void {
    const index = this.#history.indexOf(made);
    if (index < 0) return;
    this.#history = this.#history.filter((other) => other !== made);
    if (this.#comparedId === made.id) this.#comparedId = null;
    if (this.#selectedId === made.id)
      this.#selectedId = (this.#history[index] ?? this.#history.at(-1))?.id ?? null;
    made.free();
    if (this.#history.length === 0) this.forget();
  }

  /** Pictures, the prompt and what an encoder read leave the tab's memory. */
  clearAll(): void {
    this.cancel();
    for (const made of this.#history) made.free();
    this.#history = [];
    this.#selectedId = this.#comparedId = null;
    this.#madeCount = 0;
    this.form.prompt = '';
    this.forget();
  }

  /** What the encoder read is forgotten, at the end of a run under way; the prompts in sight stay. */
  forget(): void {
    this.#forgetsAfter = this.busy;
    if (!this.busy) this.#parts.engine.forgetPrompts();
  }

  recall(made: Created): void {
    const { model, width, height, ...asked } = made.recipe;
    this.form.recall({ ...asked, size: { width, height }, model: model.id });
  }

  /** The same once more, with these words added to the prompt. */
  async again(made: Created, words: string): Promise<void> {
    if (this.busy) return;
    this.recall(made);
    const { prompt } = this.form;
    if (!prompt.includes(words)) this.form.prompt = `${prompt.trimEnd().replace(/[.,。，]$/, '')}, ${words}`;
    await this.generate();
  }

  /** Takes over what a PNG says of itself, and gives back what of it is not here; null where it says nothing. */
  async restore(file: Blob): Promise<ReturnType<CreateForm['recall']> | null> {
    const text = await readPngText(file, parametersKeyword);
    const found = text === null ? null : readParameters(text);
    return found && this.form.recall(found);
  }

  /** @throws StudioError image/encode-failed */
  async encode(made: Created, { format, marked: wanted, told }: SaveChoices): Promise<SavedFile> {
    const marked = wanted || this.#parts.aiMarks.always;
    const plain = format === 'png' ? made.picture : await this.#parts.engine.encode(made.picture, format);
    const full = told && format === 'png' ? withPngText(plain, parametersKeyword, made.told()) : plain;
    const aiMark = marked ? whollyMade : null;
    const blob = aiMark ? await markAi(full, aiMark) : full;
    const sha256 = await this.#parts.recorder.digests.sha256(blob);
    if (made.record) made.record = withSaved(made.record, { type: blob.type, sha256, aiMark });
    return { blob, name: newFileName(format), aiMark };
  }

  #canRun(): boolean {
    return this.obstacle === null;
  }

  #ask(recipe: CreateRecipe, seeds: readonly number[], signal: AbortSignal): Promise<Drawn<CreateOutcome>> {
    const { model, prompt, width, height, stepCount, careful } = recipe;
    const report = (progress: CreateReport): void => {
      // The last preview stays in sight until there is a newer one.
      const preview = progress.preview ?? this.#progress?.preview;
      this.#progress = preview ? { ...progress, preview } : progress;
    };
    const faces = careful ? this.#parts.choices.faces : null;
    const asked = { model, prompt, seeds, size: { width, height }, stepCount, faces };
    return this.#parts.drawing.create(asked, { signal, report });
  }

  #take(recipe: CreateRecipe, { outcome, witnessed }: Drawn<CreateOutcome>): void {
    const { recorder, startup } = this.#parts;
    startup.facts = outcome.facts;
    const made = outcome.pictures.map(
      (picture) => new Created(++this.#madeCount, recipe, { picture, outcome }),
    );
    this.#history = [...made.toReversed(), ...this.#history];
    this.#selectedId = made[0]?.id ?? this.#selectedId;
    this.#comparedId = null;
    for (const each of made) {
      const { facts, timings, models, promptKnown: reusedPrompt } = outcome;
      const { width, height } = recipe;
      const size = { output: each.picture, width, height };
      const result = { job: 'create', facts, timings, models, ...size, reusedPrompt } as const;
      void recorder
        .record(witnessed, new Blob([recipe.prompt]), result)
        .then((record) => (each.record = record))
        .catch(() => undefined);
    }
  }
}
