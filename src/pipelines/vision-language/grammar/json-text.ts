/**
 * JSON's own values as expressions, in one spelling: one line, `", "` and `": "` between things (Python's `json.dumps`,
 * what models have seen most of), no exponents, no `\u` escapes; other characters stand for themselves, in UTF-8.
 */
import type { Expression, Expressions } from './expression';

/** A whole number of up to 15 digits is the same in every reader of JSON. */
export const mostWhole = 10 ** 15 - 1;
const mostFraction = 9;

/** Inclusive; bounds of ±Infinity are none. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export class JsonText {
  /** One character of a string: JSON (RFC 8259) section 7, UTF-8 by table 3-7 of the Unicode standard. */
  readonly character: Expression;

  constructor(readonly expressions: Expressions) {
    this.character = this.characters([[0, 0x10ffff]]);
  }

  /** A string whose characters are `inside`; the closing quote belongs to it. */
  string([least, most]: readonly [number, number]): Expression {
    const { expressions } = this;
    return expressions.sequence(
      expressions.text('"'),
      expressions.repeat(this.character, [least, most], expressions.text('"')),
    );
  }

  /**
   * One of the characters with these code points, as it stands in a string. Control characters that have no short
   * escape, and surrogates, are none.
   */
  characters(ranges: readonly (readonly [number, number])[]): Expression {
    const { expressions } = this;
    const within = (code: number) => ranges.some(([low, high]) => code >= low && code <= high);
    const escaped = [...escapes].filter(([code]) => within(code));
    const plain = ranges.flatMap((range) => [
      ...cut(range, [0x20, 0x21]),
      ...cut(range, [0x23, 0x5b]),
      ...cut(range, [0x5d, 0x7f]),
      ...cut(range, [0x80, 0xd7ff]),
      ...cut(range, [0xe000, 0x10ffff]),
    ]);
    return expressions.choice(
      ...escaped.map(([, letter]) => expressions.text(`\\${letter}`)),
      ...plain.map((range) => this.#utf8(range)),
    );
  }

  /** Any value written in its own words: what `enum` and `const` name. */
  literal(value: unknown): Expression {
    return this.expressions.text(spelled(value));
  }

  integer({ low, high }: Bounds): Expression {
    const [least, most] = [Math.max(low, -mostWhole), Math.min(high, mostWhole)];
    const { expressions } = this;
    const below = this.#naturals(Math.max(1, -most), -least);
    return expressions.choice(
      this.#naturals(Math.max(0, least), most),
      expressions.sequence(expressions.text('-'), below),
    );
  }

  /** Bounds are whole numbers. */
  number({ low, high }: Bounds): Expression {
    const [least, most] = [Math.max(low, -mostWhole), Math.min(high, mostWhole)];
    const { expressions } = this;
    const below = this.#decimals(Math.max(0, -most), -least);
    return expressions.choice(
      this.#decimals(Math.max(0, least), most),
      least < 0 ? expressions.sequence(expressions.text('-'), below) : expressions.none,
    );
  }

  /** 0 ≤ low; nothing where high is less. */
  #decimals(low: number, high: number): Expression {
    const { expressions } = this;
    if (high < low) return expressions.none;
    const fraction = expressions.sequence(
      expressions.text('.'),
      expressions.repeat(expressions.byte(0x30, 0x39), [1, mostFraction]),
    );
    return expressions.choice(
      expressions.sequence(this.#naturals(low, high - 1), expressions.optional(fraction)),
      this.#naturals(high, high),
    );
  }

  /** Whole numbers low…high, 0 ≤ low, without zeros in front. */
  #naturals(low: number, high: number): Expression {
    if (high < low) return this.expressions.none;
    const parts: Expression[] = [];
    for (let digits = String(low).length; digits <= String(high).length; digits++) {
      const least = Math.max(low, digits === 1 ? 0 : 10 ** (digits - 1));
      parts.push(this.#sameLength(String(least), String(Math.min(high, 10 ** digits - 1))));
    }
    return this.expressions.choice(...parts);
  }

  #sameLength(low: string, high: string): Expression {
    const { expressions } = this;
    if (low === '') return expressions.empty;
    const [first, last] = [Number(low[0]), Number(high[0])];
    const [lowRest, highRest] = [low.slice(1), high.slice(1)];
    const digit = (from: number, to = from) => expressions.byte(0x30 + from, 0x30 + to);
    if (/^0*$/.test(lowRest) && /^9*$/.test(highRest)) {
      const rest = expressions.repeat(digit(0, 9), [lowRest.length, lowRest.length]);
      return expressions.sequence(digit(first, last), rest);
    }
    if (first === last) return expressions.sequence(digit(first), this.#sameLength(lowRest, highRest));
    const [zeros, nines] = ['0'.repeat(lowRest.length), '9'.repeat(lowRest.length)];
    return expressions.choice(
      expressions.sequence(digit(first), this.#sameLength(lowRest, nines)),
      first + 1 < last
        ? expressions.sequence(digit(first + 1, last - 1), this.#sameLength(zeros, nines))
        : expressions.none,
      expressions.sequence(digit(last), this.#sameLength(zeros, highRest)),
    );
  }

  /** Code points of one range, which holds no surrogate, byte by byte. */
  #utf8([low, high]: readonly [number, number]): Expression {
    const { expressions } = this;
    const bounds = [0x7f, 0x7ff, 0xffff, 0x10ffff];
    const parts = bounds.map((bound, index) => {
      const [from, to] = [Math.max(low, (bounds[index - 1] ?? -1) + 1), Math.min(high, bound)];
      return from > to ? expressions.none : this.#byteRange(utf8Bytes(from), utf8Bytes(to));
    });
    return expressions.choice(...parts);
  }

  #byteRange(low: readonly number[], high: readonly number[]): Expression {
    const { expressions } = this;
    const [first = 0, ...lowRest] = low;
    const [last = 0, ...highRest] = high;
    if (lowRest.length === 0) return expressions.byte(first, last);
    if (first === last)
      return expressions.sequence(expressions.byte(first), this.#byteRange(lowRest, highRest));
    const [lowest, highest] = [lowRest.map(() => 0x80), lowRest.map(() => 0xbf)];
    return expressions.choice(
      expressions.sequence(expressions.byte(first), this.#byteRange(lowRest, highest)),
      first + 1 < last
        ? expressions.sequence(expressions.byte(first + 1, last - 1), this.#byteRange(lowest, highest))
        : expressions.none,
      expressions.sequence(expressions.byte(last), this.#byteRange(lowest, highRest)),
    );
  }
}

const escapes: ReadonlyMap<number, string> = new Map([
  [0x22, '"'],
  [0x5c, '\\'],
  [0x08, 'b'],
  [0x0c, 'f'],
  [0x0a, 'n'],
  [0x0d, 'r'],
  [0x09, 't'],
]);

/** A value in the spelling that all values here have. */
export function spelled(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spelled).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${spelled(each)}`);
    return `{${fields.join(', ')}}`;
  }
  return JSON.stringify(value);
}

function cut(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): [number, number][] {
  const [first, last] = [Math.max(low, from), Math.min(high, to)];
  return first > last ? [] : [[first, last]];
}

function utf8Bytes(code: number): number[] {
  return [...new TextEncoder().encode(String.fromCodePoint(code))];
}
