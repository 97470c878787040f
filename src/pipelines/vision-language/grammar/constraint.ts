/**
 * Which token may come next, so that the answer is one of an expression's texts and is whole before its tokens run out
 * (see cost.ts).
 *
 * [Note: Own engine] Neither published one ends by itself: of noise, @mlc-ai/web-xgrammar 0.1.27 went on for as long as it
 * was asked, and @huggingface/transformers-structured-output 4.3.0 has no limit to be told of, and refuses `pattern` and
 * `format`. web-xgrammar adds 394 kB (gzip) and took 13.5 s to compile an invoice whose seller may have 60 letters, against
 * 0.02 to 0.2 s here. By token it is quicker: 0.03 ms in the median and 39 ms at most, here 0.4 and 200 to 380 with 2.5 to
 * 4.5 in the mean, beside tens of milliseconds for the model's own step (all 151 643 tokens of Qwen, one pass over the
 * logits included, Node 20 on a machine busy with other work, so that the ratios say more than the figures).
 */
import { StudioError } from '../../../base/errors';
import { Costs } from './cost';
import type { Expression, Expressions } from './expression';
import { mostTokenBytes, type Vocabulary } from './vocabulary';

/** What holds an answer to a form, token by token. */
export interface Constraint {
  /** Puts −∞ for every token that cannot come next. `left`: how many may still come, this one and no stop included. */
  restrict(logits: Float32Array, left: number): void;
  accept(token: number): void;
  /** So many tokens surely end it. */
  readonly least: number;
  /** The answer is whole, and nothing can follow. */
  readonly isComplete: boolean;
  /** From now on whatever leads to the end soonest. */
  hurry(): void;
  /** Whether the answer was made shorter than it might have become. */
  readonly isHurried: boolean;
}

/** One bit for each token, and the most that any of them leaves to be paid. */
interface Mask {
  readonly bits: Uint32Array;
  readonly worst: number;
}

/** What the first part of a sequence allows, and the nodes at which it may be over. */
interface HeadMask extends Mask {
  readonly exits: readonly number[];
}

/** 19 kB each. */
const mostMasks = 512;

export class ExpressionConstraint implements Constraint {
  readonly #expressions: Expressions;
  readonly #vocabulary: Vocabulary;
  readonly #stop: readonly number[];
  readonly #costs: Costs;
  readonly #heads = new Map<Expression, HeadMask>();
  readonly #masks = new Map<Expression, Mask>();
  #state: Expression;
  #isHurrying = false;
  isHurried = false;

  constructor(
    { expressions, whole }: { expressions: Expressions; whole: Expression },
    { vocabulary, stop }: { vocabulary: Vocabulary; stop: readonly number[] },
  ) {
    this.#expressions = expressions;
    this.#state = whole;
    this.#vocabulary = vocabulary;
    this.#stop = stop;
    this.#costs = new Costs(vocabulary);
  }

  get least(): number {
    return this.#costs.of(this.#state);
  }

  get isComplete(): boolean {
    return this.#state === this.#expressions.empty;
  }

  hurry(): void {
    this.#isHurrying = true;
  }

  /** @throws StudioError schema/too-long where so few tokens cannot end it */
  restrict(logits: Float32Array, left: number): void {
    const { least } = this;
    if (least > left) throw new StudioError('schema/too-long', { tokens: least, most: left });
    const stops = this.#stop.map((token) => logits[token] ?? -Infinity);
    const most = (this.#isHurrying ? Math.min(left, least) : left) - 1;
    const all = this.#maskOf(this.#state);
    const isTight = all.worst > most;
    const wanted = isTight ? largestOf(logits, all.bits) : -1;
    const { bits } = isTight ? this.#work(this.#state, most) : all;
    for (let token = 0; token < logits.length; token++) if (!has(bits, token)) logits[token] = -Infinity;
    if (least === 0) for (const [place, token] of this.#stop.entries()) logits[token] = stops[place] ?? 0;
    if (wanted !== -1 && !has(bits, wanted)) this.isHurried = true;
  }

  accept(token: number): void {
    for (const byte of this.#vocabulary.bytesOf(token)) {
      this.#state = this.#expressions.after(this.#state, byte);
    }
  }

  #maskOf(state: Expression): Mask {
    const known = this.#masks.get(state);
    if (known) return known;
    const mask = this.#work(state, Infinity);
    if (this.#masks.size === mostMasks) this.#masks.clear();
    this.#masks.set(state, mask);
    return mask;
  }

  /** Tokens after which no more than `most` others are needed. */
  #work(state: Expression, most: number): Mask {
    const bits = new Uint32Array(Math.ceil(this.#vocabulary.tokenCount / 32));
    let worst = -Infinity;
    const nodes = this.#vocabulary.ends.length;
    const add = (part: Expression): void => {
      if (part.kind === 'choice') {
        for (const each of part.parts) add(each);
        return;
      }
      const { empty } = this.#expressions;
      const [head = part, tail = empty] = part.kind === 'sequence' ? part.parts : [];
      const take = (extra: number) => (token: number, rest: Expression) => {
        if (token === -1) return;
        const cost = this.#costs.of(rest) + extra;
        if (cost > most) return;
        set(bits, token);
        worst = Math.max(worst, cost);
      };
      const tailCost = this.#costs.of(tail);
      const known = this.#headOf(head);
      if (known.worst + tailCost <= most) {
        for (const [place, word] of known.bits.entries()) bits[place] = (bits[place] ?? 0) | word;
        worst = Math.max(worst, known.worst + tailCost);
      } else this.#walk(head, [0, nodes], take(tailCost));
      if (tail === empty) return;
      const { ends } = this.#vocabulary;
      for (const node of known.exits) this.#walk(tail, [node + 1, ends[node] as number], take(0));
      if (head.least === 0) add(tail);
    };
    add(state);
    return { bits, worst };
  }

  #headOf(long: Expression): HeadMask {
    const [item = long, end] = long.parts;
    // No token is long enough to reach such a count.
    const isEndless = long.kind === 'repeat' && long.max > mostTokenBytes;
    const head = isEndless ? this.#expressions.repeat(item, [long.min, Infinity], end) : long;
    const known = this.#heads.get(head);
    if (known) return known;
    const { tokenCount, ends } = this.#vocabulary;
    const bits = new Uint32Array(Math.ceil(tokenCount / 32));
    const exits: number[] = [];
    let worst = -Infinity;
    this.#walk(head, [0, ends.length], (token, rest, node) => {
      if (token !== -1) {
        set(bits, token);
        worst = Math.max(worst, this.#costs.of(rest));
      }
      if (rest.least === 0 && (ends[node] as number) > node + 1) exits.push(node);
    });
    const mask = { bits, worst, exits };
    if (this.#heads.size === mostMasks) this.#heads.clear();
    this.#heads.set(head, mask);
    return mask;
  }

  /** The nodes `first`…`last` that `from` can go through, with what may follow each; `token` is −1 where none ends. */
  #walk(
    from: Expression,
    [first, last]: readonly [number, number],
    visit: (token: number, rest: Expression, node: number) => void,
  ): void {
    const { bytes, depths, tokens, ends } = this.#vocabulary;
    const top = depths[first] as number;
    const path = [from];
    for (let node = first; node < last;) {
      const depth = (depths[node] as number) - top;
      const rest = this.#expressions.after(path[depth] as Expression, bytes[node] as number);
      if (rest.kind === 'none') {
        node = ends[node] as number;
        continue;
      }
      path[depth + 1] = rest;
      visit(tokens[node] as number, rest, node);
      node += 1;
    }
  }
}

function has(bits: Uint32Array, token: number): boolean {
  return (((bits[token >> 5] ?? 0) >>> (token & 31)) & 1) === 1;
}

function set(bits: Uint32Array, token: number): void {
  bits[token >> 5] = (bits[token >> 5] ?? 0) | (1 << (token & 31));
}

/** Of those that have a bit; −1 where none has. */
function largestOf(logits: Float32Array, bits: Uint32Array): number {
  let best = -1;
  for (let token = 0; token < logits.length; token++) {
    if (has(bits, token) && (best === -1 || (logits[token] as number) > (logits[best] as number)))
      best = token;
  }
  return best;
}
