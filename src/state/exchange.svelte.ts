/** One question and its answer, as they stand in a chat. In this tab's memory alone. */
import type { AskOutcome, ChatTurn } from '../jobs/protocol';
import type { ModelCard } from '../models/model';
import { splitThought } from '../pipelines/vision-language/tasks/thought';
import type { MeasurementRecord } from '../privacy/record';
import type { AskTask } from './ask-task.svelte';
import { KeptState } from './kept-state.svelte';

/** Of this tab, so that no two have one name. */
let made = 0;

/** A picture as it was given. */
export class AskedPicture {
  readonly id: string;
  readonly file: Blob;
  /** Address in this tab's memory. */
  readonly url: string;
  /** A model may have looked at it already. */
  wasAsked = false;

  constructor(file: Blob) {
    this.id = `asked-${++made}`;
    this.file = file;
    this.url = URL.createObjectURL(file);
  }

  /** The same file for another question, which may outlive this one. */
  copy(): AskedPicture {
    const copy = new AskedPicture(this.file);
    copy.wasAsked = true;
    return copy;
  }

  free(): void {
    URL.revokeObjectURL(this.url);
  }
}

export interface Question {
  readonly model: ModelCard;
  readonly task: AskTask;
  /** As the visitor wrote it; empty where nothing was to be written. */
  readonly text: string;
  readonly pictures: readonly AskedPicture[];
  /** How closely each of them is looked at. */
  readonly mostPictureTokens: number;
}

export class Exchange {
  readonly id: string;
  /** "Answer 1", "Answer 2", … of this chat. */
  readonly number: number;
  readonly question: Question;
  readonly kept = new KeptState();
  #text = $state('');
  #state = $state<'answering' | 'answered' | 'stopped'>('answering');
  #outcome = $state.raw<AskOutcome | null>(null);
  #record = $state.raw<MeasurementRecord | null>(null);

  readonly #split = $derived.by(() =>
    splitThought(this.#text, { thinking: this.#thinks, isWhole: this.#state !== 'answering' }),
  );
  /** What the model says aloud before it answers, where it does; else empty. */
  readonly thought = $derived.by(() => this.#split.thought);
  /** Without the thought; empty while that goes on. */
  readonly answer = $derived.by(() => this.#split.answer ?? '');
  readonly #thinks: boolean;

  constructor(number: number, question: Question) {
    this.id = `answer-${number}`;
    this.number = number;
    this.question = question;
    const { use } = question.model;
    this.#thinks = use.role === 'words' && use.spec.thinking === true;
  }

  get state(): 'answering' | 'answered' | 'stopped' {
    return this.#state;
  }

  get outcome(): AskOutcome | null {
    return this.#outcome;
  }

  /** Null until it is made, which takes a moment longer than the answer. */
  get record(): MeasurementRecord | null {
    return this.#record;
  }

  set record(record: MeasurementRecord | null) {
    this.#record = record;
  }

  hear(text: string): void {
    this.#text += text;
  }

  /** The engine was lost and answers anew: what came of the first try is not part of the answer. */
  startOver(): void {
    this.#text = '';
  }

  finish(outcome: AskOutcome): void {
    this.#text = outcome.text;
    this.#outcome = outcome;
    this.#state = 'answered';
  }

  /** What came so far stays. */
  stop(): void {
    this.#state = 'stopped';
  }

  /** For the next question. A thought is not told again, as the makers' template has it. */
  turns(): readonly ChatTurn[] {
    const { pictures, task, mostPictureTokens: mostTokens } = this.question;
    const looked = pictures.map(({ file }) => ({ file, mostTokens }));
    const question: ChatTurn = { role: 'user', pictures: looked, text: task.prompt };
    return this.#state === 'answering'
      ? [question]
      : [question, { role: 'assistant', pictures: [], text: this.answer }];
  }

  free(): void {
    for (const picture of this.question.pictures) picture.free();
  }
}
