/**
 * Regular expressions of JSON Schema's `pattern` (ECMA-262, with the `u` flag) as expressions over a string's spelling.
 * Characters, classes, groups, alternatives and counts; `^` and `$` at the ends alone; what refers back or looks round is
 * refused.
 */
import type { Expression } from './expression';
import type { JsonText } from './json-text';

type Ranges = readonly (readonly [number, number])[];

const last = 0x10ffff;
const digits: Ranges = [[0x30, 0x39]];
const wordCharacters: Ranges = [...digits, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
const spaces: Ranges = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const lineEnds: Ranges = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const classes: Readonly<Record<string, Ranges>> = {
  d: digits,
  D: without(digits),
  w: wordCharacters,
  W: without(wordCharacters),
  s: spaces,
  S: without(spaces),
};
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };
const mostTimes = 1000;

/** What stands between the quotes. Null where it is no pattern of this kind, or nothing fits it. */
export function patternExpression(pattern: string, json: JsonText): Expression | null {
  try {
    new RegExp(pattern, 'u');
  } catch {
    return null;
  }
  const whole = new Reader(pattern, json).whole();
  return whole && whole.kind !== 'none' ? whole : null;
}

/** Gives null, all the way up, for what it does not know. */
class Reader {
  readonly #letters: readonly string[];
  readonly #json: JsonText;
  #at = 0;

  constructor(pattern: string, json: JsonText) {
    this.#letters = Array.from(pattern);
    this.#json = json;
  }

  /** Where an alternative is not tied to the text's ends, anything may stand there. */
  whole(): Expression | null {
    const { expressions, character } = this.#json;
    const anything = expressions.repeat(character, [0, Infinity]);
    const parts: Expression[] = [];
    do {
      const start = this.#take('^') ? expressions.empty : anything;
      const inside = this.#sequence();
      if (!inside) return null;
      parts.push(expressions.sequence(start, inside, this.#take('$') ? expressions.empty : anything));
    } while (this.#take('|'));
    return this.#at === this.#letters.length ? expressions.choice(...parts) : null;
  }

  #alternatives(): Expression | null {
    const parts: Expression[] = [];
    do {
      const part = this.#sequence();
      if (!part) return null;
      parts.push(part);
    } while (this.#take('|'));
    return this.#json.expressions.choice(...parts);
  }

  #sequence(): Expression | null {
    const parts: Expression[] = [];
    while (this.#at < this.#letters.length && !'|)$^'.includes(this.#letter)) {
      const part = this.#counted();
      if (!part) return null;
      parts.push(part);
    }
    return this.#json.expressions.sequence(...parts);
  }

  #counted(): Expression | null {
    const part = this.#atom();
    if (!part) return null;
    const times = this.#times();
    if (times === null) return part;
    if (times === 'too many') return null;
    // A lazy count is for the same texts.
    this.#take('?');
    return this.#json.expressions.repeat(part, times);
  }

  #times(): readonly [number, number] | 'too many' | null {
    if (this.#take('*')) return [0, Infinity];
    if (this.#take('+')) return [1, Infinity];
    if (this.#take('?')) return [0, 1];
    const found = /^\{(\d+)(,(\d*))?\}/.exec(this.#letters.slice(this.#at, this.#at + 20).join(''));
    if (!found) return this.#letter === '{' ? 'too many' : null;
    this.#at += found[0].length;
    const [, low, comma, high] = found;
    const least = Number(low);
    const most = comma === undefined ? least : high === '' ? Infinity : Number(high);
    return least > mostTimes || (most !== Infinity && most > mostTimes) ? 'too many' : [least, most];
  }

  #atom(): Expression | null {
    const letter = this.#next();
    if (letter === '(') {
      if (this.#take('?') && !this.#take(':')) return null;
      const inside = this.#alternatives();
      return this.#take(')') ? inside : null;
    }
    if (letter === '.') return this.#json.characters(without(lineEnds));
    if (letter === '[') return this.#class();
    const ranges = letter === '\\' ? this.#escape() : single(letter);
    return ranges && this.#json.characters(ranges);
  }

  #class(): Expression | null {
    const isNegated = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    while (!this.#take(']')) {
      if (this.#at >= this.#letters.length) return null;
      const from = this.#classPart();
      if (!from) return null;
      const isRange = this.#letter === '-' && this.#letters[this.#at + 1] !== ']';
      if (!isRange) {
        ranges.push(...from);
        continue;
      }
      this.#at += 1;
      const to = this.#classPart();
      if (!to) return null;
      ranges.push([from[0]?.[0] ?? 0, to[0]?.[0] ?? 0]);
    }
    return this.#json.characters(isNegated ? without(ranges) : joined(ranges));
  }

  #classPart(): Ranges | null {
    const letter = this.#next();
    return letter === '\\' ? this.#escape() : single(letter);
  }

  #escape(): Ranges | null {
    const letter = this.#next();
    const known = Object.hasOwn(classes, letter) ? classes[letter] : undefined;
    if (known) return known;
    const control = Object.hasOwn(controls, letter) ? controls[letter] : undefined;
    if (control !== undefined) return [[control, control]];
    const hex = letter === 'x' ? 2 : letter === 'u' ? 4 : 0;
    if (hex > 0) {
      const code = this.#letters.slice(this.#at, this.#at + hex).join('');
      if (!/^[0-9a-fA-F]+$/.test(code) || code.length !== hex) return null;
      this.#at += hex;
      return [[parseInt(code, 16), parseInt(code, 16)]];
    }
    return /[\^$\\.*+?()[\]{}|/-]/.test(letter) ? single(letter) : null;
  }

  get #letter(): string {
    return this.#letters[this.#at] ?? '\0';
  }

  #next(): string {
    const letter = this.#letter;
    this.#at += 1;
    return letter;
  }

  #take(letter: string): boolean {
    if (this.#letter !== letter) return false;
    this.#at += 1;
    return true;
  }
}

function single(letter: string): Ranges {
  const code = letter.codePointAt(0) ?? 0;
  return [[code, code]];
}

function joined(ranges: Ranges): Ranges {
  const sorted = ranges.toSorted(([a], [b]) => a - b);
  const made: [number, number][] = [];
  for (const [low, high] of sorted) {
    const before = made.at(-1);
    if (before && low <= before[1] + 1) before[1] = Math.max(before[1], high);
    else made.push([low, high]);
  }
  return made;
}

function without(ranges: Ranges): Ranges {
  const made: [number, number][] = [];
  let from = 0;
  for (const [low, high] of joined(ranges)) {
    if (low > from) made.push([from, low - 1]);
    from = high + 1;
  }
  if (from <= last) made.push([from, last]);
  return made;
}
