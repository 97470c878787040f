/** `#/ask`: pictures and questions in, answers out, one at a time, as one chat of this tab. Made when the room is opened. */
import { asStudioError, isAbort, StudioError } from '../base/errors';
import type { Engine } from '../jobs/engine-bridge';
import type { AskOutcome, AskReport } from '../jobs/protocol';
import { fitOf } from '../models/fit';
import type { ModelCard } from '../models/model';
import { abortable } from './abortable';
import { AskForm } from './ask-form.svelte';
import type { Drawing, Drawn } from './drawing';
import { Exchange, type AskedPicture, type Question } from './exchange.svelte';
import type { Recorder } from './recorder';
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
}

/** Tokens of one chat: what is read and answered together. Its keys and values take up to 0.9 GB with the 2B model. */
const chatRoom = 4096;

const newChatName = (): string => crypto.getRandomValues(new Uint32Array(2)).join('-');

export class Asking {
  readonly #parts: AskingParts;
  readonly form: AskForm;
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
    if (this.#full) return 'room';
    if (text.trim() === '') return 'question';
    return lengthIsRight ? null : 'length';
  });
  /** Tokens that this chat can still take; null before the first answer. */
  readonly leftTokens = $derived(
    this.#exchanges.findLast(({ outcome }) => outcome !== null)?.outcome?.leftTokens ?? null,
  );

  constructor(parts: AskingParts) {
    this.#parts = parts;
    this.form = new AskForm(parts.shelf);
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

  async ask(): Promise<void> {
    if (this.#busy || this.obstacle) return;
    const question = this.form.take();
    if (!question) return;
    const { signal } = (this.#abort = new AbortController());
    const asked = this.#exchanges;
    const exchange = new Exchange(asked.length + 1, question);
    this.#exchanges = [...asked, exchange];
    this.#busy = true;
    this.#progress = null;
    this.#failure = null;
    try {
      await abortable(this.#parts.startup.begin(), signal);
      // What the device lacks may be known only now.
      if (this.#canRun(question.model)) this.#take(exchange, await this.#answer(exchange, signal));
      else this.#takeBack(exchange);
    } catch (thrown) {
      this.#end(exchange, signal.aborted || isAbort(thrown) ? null : asStudioError(thrown, 'engine/failed'));
    } finally {
      this.#busy = false;
      this.#progress = null;
      if (this.#forgetsAfter) this.forget();
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

  #answer({ question }: Exchange, signal: AbortSignal): Promise<Drawn<AskOutcome>> {
    const turns = this.#exchanges.flatMap((exchange) => exchange.turns());
    const report = (progress: AskReport): void => {
      this.#progress = progress;
      if (progress.text) this.#exchanges.at(-1)?.hear(progress.text);
    };
    const job = { model: question.model, chat: this.#chat, room: this.room, options: this.form.options() };
    return this.#parts.drawing.ask({ ...job, turns }, { signal, report });
  }

  #take(exchange: Exchange, { outcome, witnessed }: Drawn<AskOutcome>): void {
    const { recorder, startup } = this.#parts;
    startup.facts = outcome.facts;
    exchange.finish(outcome);
    this.#full = outcome.leftTokens === 0;
    const { facts, timings, models, text, reusedTokens } = outcome;
    const words = new Blob([text], { type: 'text/plain' });
    void recorder
      .record(witnessed, inputOf(exchange.question), {
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
    this.#full = failure?.code === 'chat/full' && this.#exchanges.length > 1;
    if (failure === null && exchange.answer !== '') exchange.stop();
    else this.#takeBack(exchange);
  }

  #takeBack(exchange: Exchange): void {
    this.#exchanges = this.#exchanges.filter((other) => other !== exchange);
    this.form.giveBack(exchange.question);
  }
}

function inputOf({ pictures, text }: Question): Blob {
  return new Blob([...pictures.map(({ file }) => file), text]);
}
