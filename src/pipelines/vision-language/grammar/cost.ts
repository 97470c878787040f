/**
 * How many tokens surely end an answer: 1 for a byte, fewer where bytes that are certain lie in one token. From every
 * state some token leads to one that costs less, whatever the model would rather say; so an answer that starts within
 * its tokens ends within them.
 */
import type { Expression } from './expression';
import type { Vocabulary } from './vocabulary';

export class Costs {
  readonly #vocabulary: Vocabulary;
  readonly #known = new Map<Expression, number>();
  /** The node of each byte at the tree's top. */
  readonly #tops = new Map<number, number>();

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    const { bytes, ends } = vocabulary;
    for (let node = 0; node < ends.length; node = ends[node] as number)
      this.#tops.set(bytes[node] as number, node);
  }

  of(whole: Expression): number {
    const known = this.#known.get(whole);
    if (known !== undefined) return known;
    // Backwards along the chain of tails: a schema's is too long to go down by calls.
    const chain = [whole];
    for (let rest = whole; rest.kind === 'sequence';) {
      rest = rest.parts[1] as Expression;
      if (this.#known.has(rest)) break;
      chain.push(rest);
    }
    for (const rest of chain.reverse()) this.#known.set(rest, this.#work(rest));
    return this.#known.get(whole) ?? Infinity;
  }

  #work({ kind, parts, min }: Expression): number {
    const [first, second] = parts;
    switch (kind) {
      case 'none':
        return Infinity;
      case 'empty':
        return 0;
      case 'byte':
        return 1;
      case 'choice':
        return Math.min(...parts.map((part) => this.of(part)));
      case 'repeat':
        return (min === 0 ? 0 : min * this.of(first as Expression)) + this.of(second as Expression);
      case 'sequence':
        return isCertain(first as Expression)
          ? this.#alongBytes(first as Expression, second as Expression)
          : this.of(first as Expression) + this.of(second as Expression);
    }
  }

  /** The best of the tokens that spell the certain bytes from here on; what follows them is known already. */
  #alongBytes(first: Expression, tail: Expression): number {
    const { tokens, ends, bytes } = this.#vocabulary;
    let [best, node, rest] = [1 + this.of(tail), this.#tops.get(first.low), tail];
    while (node !== undefined) {
      if (tokens[node] !== -1) best = Math.min(best, 1 + this.of(rest));
      const next = rest.kind === 'sequence' ? (rest.parts[0] as Expression) : rest;
      if (!isCertain(next)) return best;
      const last = ends[node] as number;
      let child = node + 1;
      while (child < last && bytes[child] !== next.low) child = ends[child] as number;
      if (child >= last) return best;
      if (rest.kind !== 'sequence') return tokens[child] === -1 ? best : 1;
      [node, rest] = [child, rest.parts[1] as Expression];
    }
    return best;
  }
}

function isCertain({ kind, low, high }: Expression): boolean {
  return kind === 'byte' && low === high;
}
