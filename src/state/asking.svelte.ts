/** `#/ask`: pictures and questions in, answers out, one at a time, as one chat of this tab. Made when the room is opened. */
import { asStudioError, isAbort, StudioError } from '../base/errors';
import type { Engine } from '../jobs/engine-bridge';
import type { PdfDoor } from '../jobs/pdf-bridge';
import type { AskOutcome, AskReport } from '../jobs/protocol';
import { fitOf } from '../models/fit';
import type { ModelCard } from '../models/model';
import { abortable } from './abortable';
import { AskForm } from './ask-form.svelte';
import type { Drawing, Drawn } from './drawing';
import { Exchange, type AskedPicture, type Question } from './exchange.svelte';
import { Pdfs } from './pdfs.svelte';
import type { Recorder } from './recorder';
import type { Language } from './settings.svelte';
import type { Shelf } from './shelf.svelte';
import type { Startup } from './startup.svelte';
import type { Wall } from './wall.svelte';

interface AskingParts {
  readonly wall: Wall;
  readonly engine: Engine;
  readonly drawing: Drawing;
  readonly startup: Startup;
  readonly shelf: Shelf;
  readonly recorder: Recorder;
  readonly openPdf: () => PdfDoor;
}

/** Tokens of one chat: what is read and answered together. Its keys and values take up to 0.9 GB with the 2B model. */
const chatRoom = 4096;

const newChatName = (): string => crypto.getRandomValues(new Uint32Array(2)).join('-');

export class Asking {
  readonly #parts: AskingParts;
  readonly form: AskForm;
  readonly pdfs: Pdfs;
  readonly room = chatRoom;
  #exchanges = $state.raw<readonly Exchange[]>([]);
  #progress = $state.raw<AskReport | null>(null);
  #failure = $state.raw<StudioError | null>(null);
  #busy = $state(false);
  #full = $state(false);
  #abort: AbortController | null = null;
  #forgetsAfter = false;
  #chat = newChatName();

  /** Why nothing can be asked, whichever key or button asks; the first thing that is missing. */
  readonly obstacle = $derived.by(() => {
    const { wall } = this.#parts;
    const { model, text, lengthIsRight } = this.form;
    if (!wall.stands) return 'wall';
    if (!model) return 'model';
    if (!this.#canRun(model)) return 'device';
    const { tab, schemaChoice, ownSchema } = this.form.tasks;
    if (tab === 'ask' && this.#full) return 'room';
    if (tab !== 'ask' && this.form.pictures.length === 0) return 'picture';
    if ((tab === 'ask' || tab === 'steps') && text.trim() === '') return tab === 'ask' ? 'question' : 'task';
    if (tab === 'extract' && schemaChoice === 'own' && ownSchema.trim() === '') return 'schema';
    return lengthIsRight ? null : 'length';
  });
  /** Of the tab in sight. */
  readonly shown = $derived.by(() => {
    const { tab } = this.form.tasks;
    return this.#exchanges.filter(({ question }) => question.task.tab === tab);
  });
  /** Tokens that this chat can still take; null before the first answer. */
  readonly leftTokens = $derived(
    this.#exchanges.findLast(({ outcome, question }) => outcome !== null && question.task.tab === 'ask')
      ?.outcome?.leftTokens ?? null,
  );

  constructor(parts: AskingParts) {
    this.#parts = parts;
    this.form = new AskForm(parts.shelf, chatRoom);
    this.pdfs = new Pdfs(parts.openPdf, (pictures) => this.form.add(pictures));
  }

  /** Oldest first. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get progress(): AskReport | null {
    return this.#progress;
  }

  get failure(): StudioError | null {
    return this.#failure;
  }

  /** Nothing more fits into this chat. */
  get full(): boolean {
    return this.#full;
  }

  /** `language` is that of what the model is told. */
  async ask(language: Language): Promise<void> {
    if (this.#busy || this.obstacle) return;
    this.#failure = null;
    this.#busy = true;
    const { signal } = (this.#abort = new AbortController());
    try {
      const questions = this.form.take(this.form.tasks.task(this.form.text, language));
      let goesOn = true;
      for (const question of questions) {
        if (goesOn) goesOn = await this.#askOne(question, signal);
        else for (const picture of question.pictures) picture.free();
      }
    } catch (thrown) {
      this.#failure = asStudioError(thrown, 'schema/invalid');
    } finally {
      this.#busy = false;
      if (this.#forgetsAfter) this.forget();
    }
  }

  /** False where those after it are not to be asked. */
  async #askOne(question: Question, signal: AbortSignal): Promise<boolean> {
    const { tab } = question.task;
    const place = this.#exchanges.filter((other) => other.question.task.tab === tab).length + 1;
    const exchange = new Exchange(place, question);
    this.#exchanges = [...this.#exchanges, exchange];
    this.#progress = null;
    try {
      await abortable(this.#parts.startup.begin(), signal);
      // What the device lacks may be known only now.
      const canRun = this.#canRun(question.model);
      if (canRun) this.#take(exchange, await this.#answer(exchange, signal));
      else this.#takeBack(exchange);
      return canRun;
    } catch (thrown) {
      this.#end(exchange, signal.aborted || isAbort(thrown) ? null : asStudioError(thrown, 'engine/failed'));
      return false;
    } finally {
      this.#progress = null;
    }
  }

  stop(): void {
    this.#abort?.abort();
  }

  /** From the box. */
  remove(picture: AskedPicture): void {
    this.form.remove(picture);
    if (picture.wasAsked) this.forget();
  }

  /** Pictures, questions and answers leave the tab's memory; what is in the box stays. */
  newChat(): void {
    this.stop();
    for (const exchange of this.#exchanges) exchange.free();
    this.#exchanges = [];
    this.#failure = null;
    this.#full = false;
    this.#chat = newChatName();
    this.forget();
  }

  clearAll(): void {
    this.newChat();
    this.pdfs.clear();
    this.form.clear();
  }

  /** What was seen and read is forgotten, at the end of an answer under way; the chat in sight stays. */
  forget(): void {
    this.#forgetsAfter = this.#busy;
    if (!this.#busy) this.#parts.engine.forgetChat();
  }

  #canRun(model: ModelCard): boolean {
    const { facts } = this.#parts.startup;
    return facts === null || fitOf(model, facts).lacks.length === 0;
  }

  #answer(exchange: Exchange, signal: AbortSignal): Promise<Drawn<AskOutcome>> {
    const { question } = exchange;
    const { task, model } = question;
    const talk = this.#exchanges.filter((other) => other.question.task.tab === 'ask');
    const turns = (task.tab === 'ask' ? talk : [exchange]).flatMap((each) => each.turns());
    const report = (progress: AskReport): void => {
      this.#progress = progress;
      if (progress.stage === 'open') exchange.startOver();
      if (progress.text) exchange.hear(progress.text);
    };
    const job = { model, chat: this.#chat, room: this.room, options: this.form.options(task) };
    return this.#parts.drawing.ask({ ...job, turns }, { signal, report });
  }

  #take(exchange: Exchange, { outcome, input, witnessed }: Drawn<AskOutcome>): void {
    const { recorder, startup } = this.#parts;
    startup.facts = outcome.facts;
    exchange.finish(outcome);
    // A thought takes room that the next question gets back.
    const tookNoThought = exchange.thought === '';
    if (exchange.question.task.tab === 'ask') this.#full = outcome.leftTokens === 0 && tookNoThought;
    const { facts, timings, models, text, reusedTokens } = outcome;
    const words = new Blob([text], { type: 'text/plain' });
    void recorder
      .record(witnessed, input, {
        ...{ job: 'ask', facts, timings, models, output: words, reusedTokens },
      })
      .then((record) => (exchange.record = record))
      .catch(() => undefined);
  }

  /** Stopped by the visitor where there is no failure. A question without a word of an answer goes back into the box. */
  #end(exchange: Exchange, failure: StudioError | null): void {
    // A new chat was begun meanwhile.
    if (!this.#exchanges.includes(exchange)) return;
    this.#failure = failure;
    if (failure === null && exchange.answer !== '') exchange.stop();
    else this.#takeBack(exchange);
  }

  #takeBack(exchange: Exchange): void {
    this.#exchanges = this.#exchanges.filter((other) => other !== exchange);
    this.form.giveBack(exchange.question);
    if (exchange.question.task.tab !== 'ask') exchange.free();
  }
}
