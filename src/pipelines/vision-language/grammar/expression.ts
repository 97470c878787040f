/**
 * Sets of byte strings, as expressions: after each byte the expression of what may still follow is taken (Brzozowski,
 * "Derivatives of Regular Expressions", 1964). Equal expressions are one object, so every state is worked out once.
 */
export interface Expression {
  readonly kind: 'none' | 'empty' | 'byte' | 'sequence' | 'choice' | 'repeat';
  readonly id: number;
  /** The fewest bytes that make it whole: 0 where it may end here, Infinity for none. */
  readonly least: number;
  /** Of a byte: `low`…`high`. */
  readonly low: number;
  readonly high: number;
  /** Of a sequence: head and tail. Of a choice: all of them. Of a repetition: what is repeated, and what ends it. */
  readonly parts: readonly Expression[];
  /** Of a repetition: how often. */
  readonly min: number;
  readonly max: number;
}

export class Expressions {
  readonly #known = new Map<string, Expression>();
  readonly #after: Map<number, Expression>[] = [];
  readonly none = this.#make('none', Infinity, {});
  readonly empty = this.#make('empty', 0, {});

  byte(low: number, high = low): Expression {
    return this.#make('byte', 1, { low, high });
  }

  /** These very bytes. */
  text(text: string): Expression {
    const bytes = new TextEncoder().encode(text);
    return this.sequence(...Array.from(bytes, (byte) => this.byte(byte)));
  }

  sequence(...parts: readonly Expression[]): Expression {
    const heads: Expression[] = [];
    for (let part of parts.slice(0, -1)) {
      for (; part.kind === 'sequence'; part = part.parts[1] as Expression) {
        heads.push(part.parts[0] as Expression);
      }
      heads.push(part);
    }
    return heads.reduceRight(
      (tail, head) => {
        if (head === this.none || tail === this.none) return this.none;
        if (head === this.empty) return tail;
        if (tail === this.empty) return head;
        return this.#make('sequence', head.least + tail.least, { parts: [head, tail] });
      },
      parts.at(-1) ?? this.empty,
    );
  }

  choice(...parts: readonly Expression[]): Expression {
    const flat = parts.flatMap((part) => (part.kind === 'choice' ? part.parts : part));
    const kept = [...new Set(flat)].filter((part) => part !== this.none).sort((a, b) => a.id - b.id);
    if (kept.length < 2) return kept[0] ?? this.none;
    return this.#make('choice', Math.min(...kept.map(({ least }) => least)), { parts: kept });
  }

  optional(part: Expression): Expression {
    return this.choice(part, this.empty);
  }

  /** `item` min…max times, then `end`. As one, so that where it ends can be told from where it goes on. */
  repeat(item: Expression, [fewest, max]: readonly [number, number], end = this.empty): Expression {
    // What may be nothing is there as often as one likes.
    const min = item.least === 0 ? 0 : fewest;
    if (max === 0) return end;
    const least = min === 0 ? end.least : min * item.least + end.least;
    return this.#make('repeat', least, { parts: [item, end], min, max });
  }

  /** What may follow once `byte` has come. */
  after(from: Expression, byte: number): Expression {
    const known = (this.#after[from.id] ??= new Map<number, Expression>());
    const found = known.get(byte);
    if (found) return found;
    const next = this.#derive(from, byte);
    known.set(byte, next);
    return next;
  }

  #derive({ kind, parts, low, high, min, max }: Expression, byte: number): Expression {
    const [first, second] = [parts[0] ?? this.none, parts[1] ?? this.none];
    switch (kind) {
      case 'none':
      case 'empty':
        return this.none;
      case 'byte':
        return byte >= low && byte <= high ? this.empty : this.none;
      case 'choice':
        return this.choice(...parts.map((part) => this.after(part, byte)));
      case 'sequence': {
        const within = this.sequence(this.after(first, byte), second);
        return first.least === 0 ? this.choice(within, this.after(second, byte)) : within;
      }
      case 'repeat': {
        const rest = this.repeat(first, [Math.max(0, min - 1), max - 1], second);
        const again = this.sequence(this.after(first, byte), rest);
        return min === 0 ? this.choice(again, this.after(second, byte)) : again;
      }
    }
  }

  #make(kind: Expression['kind'], least: number, fields: Partial<Expression>): Expression {
    const { low = 0, high = 0, parts = [], min = 0, max = 0 } = fields;
    const key = `${kind} ${low} ${high} ${min} ${max} ${parts.map(({ id }) => id).join()}`;
    let known = this.#known.get(key);
    if (!known) {
      known = { kind, id: this.#known.size, least, low, high, parts, min, max };
      this.#known.set(key, known);
    }
    return known;
  }
}
