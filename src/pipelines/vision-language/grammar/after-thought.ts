/** A Thinking model's answer: it thinks as it likes, ends its thought in time, and what follows is held to a form. */
import type { TextTokenizer } from '../tokenizer';
import type { Constraint } from './constraint';

/** Of all tokens, so much is for the thought at most. */
const thoughtShare = 0.5;

export class AfterThought implements Constraint {
  readonly #inner: Constraint;
  readonly #stop: readonly number[];
  readonly #endOfThought: number;
  /** What the template puts between thought and answer, as far as it has not come. */
  readonly #gap: number[];
  #mostThought: number | null = null;
  #thought = 0;
  #isThinking = true;

  /** @throws StudioError model/damaged where the model has no such thing as a thought */
  constructor(inner: Constraint, { tokenizer, stop }: { tokenizer: TextTokenizer; stop: readonly number[] }) {
    this.#inner = inner;
    this.#stop = stop;
    this.#endOfThought = tokenizer.control('</think>');
    this.#gap = tokenizer.encode('\n\n');
  }

  get least(): number {
    return this.#inner.least + this.#gap.length + Number(this.#isThinking);
  }

  get isComplete(): boolean {
    return this.#inner.isComplete;
  }

  get isHurried(): boolean {
    return this.#inner.isHurried;
  }

  hurry(): void {
    if (this.#isThinking) this.#mostThought = 0;
    else this.#inner.hurry();
  }

  restrict(logits: Float32Array, left: number): void {
    if (this.#isThinking) {
      this.#mostThought ??= Math.floor(left * thoughtShare);
      if (this.#thought >= this.#mostThought || left <= this.least) only(logits, this.#endOfThought);
      else for (const token of this.#stop) logits[token] = -Infinity;
      return;
    }
    const [next] = this.#gap;
    if (next === undefined) this.#inner.restrict(logits, left);
    else only(logits, next);
  }

  accept(token: number): void {
    if (this.#isThinking) {
      this.#thought += 1;
      this.#isThinking = token !== this.#endOfThought;
    } else if (this.#gap.length > 0) this.#gap.shift();
    else this.#inner.accept(token);
  }
}

function only(logits: Float32Array, token: number): void {
  const kept = logits[token] ?? 0;
  logits.fill(-Infinity);
  logits[token] = kept;
}
