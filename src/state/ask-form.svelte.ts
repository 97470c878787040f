/** What the panel of `#/ask` says: the question, its pictures, the model, and how it is to look and answer. */
import { mostAnswerTokens, type AnswerOptions } from '../pipelines/vision-language/card';
import { TaskForm, type AskTask } from './ask-task.svelte';
import { AskedPicture, type Question } from './exchange.svelte';
import type { Shelf } from './shelf.svelte';

/** Tokens of each picture: pixels of 32 × 32, as Qwen's README advises (256…1280). */
const details = { quick: 256, usual: 768, fine: 1280 } as const;
export type Detail = keyof typeof details;

/** `varied` as Qwen3-VL's README advises for Instruct; `steady` takes the likeliest, always. */
const manners = {
  steady: { temperature: 0, topK: 0, topP: 1, presencePenalty: 0 },
  varied: { temperature: 0.7, topK: 20, topP: 0.8, presencePenalty: 1.5 },
} as const;
export type Manner = keyof typeof manners;

const newSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

export class AskForm {
  readonly #shelf: Shelf;
  readonly mostTokens = mostAnswerTokens;
  readonly tasks = new TaskForm();
  /** So many that fill the detail fit into a chat; smaller ones take less. */
  readonly mostPictures: (detail: Detail) => number;
  #text = $state('');
  #pictures = $state.raw<readonly AskedPicture[]>([]);
  #modelId = $state<string | null>(null);
  #detail = $state<Detail>('usual');
  #manner = $state<Manner>('varied');
  #answerTokens = $state<number | null>(1024);

  readonly models = $derived.by(() => this.#shelf.ready.filter(({ use }) => use.role === 'words'));
  readonly model = $derived.by(
    () => this.models.find(({ id }) => id === this.#modelId) ?? this.models[0] ?? null,
  );
  readonly lengthIsRight = $derived(
    this.#answerTokens !== null &&
      Number.isSafeInteger(this.#answerTokens) &&
      this.#answerTokens >= 1 &&
      this.#answerTokens <= mostAnswerTokens,
  );

  /** `chatRoom`: tokens of one chat. */
  constructor(shelf: Shelf, chatRoom: number) {
    this.#shelf = shelf;
    this.mostPictures = (detail) => Math.floor(chatRoom / details[detail]);
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
  }

  /** Those that go with the next question. */
  get pictures(): readonly AskedPicture[] {
    return this.#pictures;
  }

  set modelId(id: string) {
    this.#modelId = id;
  }

  get detail(): Detail {
    return this.#detail;
  }

  set detail(detail: Detail) {
    this.#detail = detail;
  }

  get manner(): Manner {
    return this.#manner;
  }

  set manner(manner: Manner) {
    this.#manner = manner;
  }

  /** Null while the box is empty. */
  get answerTokens(): number | null {
    return this.#answerTokens;
  }

  set answerTokens(count: number | null) {
    this.#answerTokens = count;
  }

  add(files: readonly Blob[]): void {
    const added = files.map((file) => new AskedPicture(file));
    this.#pictures = [...this.#pictures, ...added];
  }

  remove(picture: AskedPicture): void {
    this.#pictures = this.#pictures.filter((other) => other !== picture);
    picture.free();
  }

  clear(): void {
    for (const picture of this.#pictures) picture.free();
    this.#pictures = [];
    this.#text = '';
    this.tasks.clear();
  }

  /** What is written leaves the box, and for a talk the pictures too; other tasks leave them for the next. */
  take(task: AskTask): readonly Question[] {
    const { model } = this;
    if (!model || !this.lengthIsRight) return [];
    const text = this.#text.trim();
    const mostPictureTokens = details[this.#detail];
    if (task.tab !== 'ask') {
      // One after the other: what is asked for is asked of each picture.
      const one = (picture: AskedPicture) => ({ pictures: [picture.copy()], mostPictureTokens });
      return this.#pictures.map((picture) => ({ model, task, text, ...one(picture) }));
    }
    const pictures = this.#pictures;
    for (const picture of pictures) picture.wasAsked = true;
    this.#pictures = [];
    this.#text = '';
    return [{ model, task, text, pictures, mostPictureTokens }];
  }

  /** Back in the box, before what was typed meanwhile. */
  giveBack({ task, text, pictures }: Question): void {
    if (task.tab !== 'ask') return;
    this.#text = [text, this.#text].filter((part) => part !== '').join('\n');
    this.#pictures = [...pictures, ...this.#pictures];
  }

  /** What is to be read exactly is read with the likeliest words. */
  options({ tab, schema }: AskTask): AnswerOptions {
    return {
      ...manners[tab === 'ask' ? this.#manner : 'steady'],
      ...(schema !== undefined && { schema }),
      mostNewTokens: this.#answerTokens ?? 1,
      numbered: false,
      seed: newSeed(),
    };
  }
}
