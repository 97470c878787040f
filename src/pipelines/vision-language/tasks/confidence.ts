/**
 * How sure the model was of each value it wrote: the geometric mean of the probabilities of the value's tokens, among
 * the tokens that could come there. It says how the model chose, not whether it is right, and is calibrated on nothing.
 */
export interface WrittenToken {
  /** What it added to the text; nothing while a letter is half here. */
  readonly text: string;
  readonly probability: number;
}

export type ValuePath = readonly (string | number)[];

export interface ValueSpan {
  readonly path: ValuePath;
  /** Of the text, `to` not included. */
  readonly from: number;
  readonly to: number;
}

/** Every value of JSON that is no list and no object. Empty for what is no JSON. */
export function valueSpans(json: string): readonly ValueSpan[] {
  try {
    JSON.parse(json);
  } catch {
    return [];
  }
  const spans: ValueSpan[] = [];
  const skip = (at: number) => at + (/^\s*/.exec(json.slice(at))?.[0].length ?? 0);
  const leaf = /"(?:[^"\\]|\\.)*"|[^\s,\]}]+/y;
  /** The value at `at`; gives where it ends. */
  const value = (at: number, path: ValuePath): number => {
    const open = json[at];
    if (open !== '{' && open !== '[') {
      leaf.lastIndex = at;
      const to = at + (leaf.exec(json)?.[0].length ?? 1);
      spans.push({ path, from: at, to });
      return to;
    }
    let place = skip(at + 1);
    for (let index = 0; json[place] !== '}' && json[place] !== ']'; index++) {
      let name: string | number = index;
      if (open === '{') {
        leaf.lastIndex = place;
        const written = leaf.exec(json)?.[0] ?? '""';
        name = JSON.parse(written) as string;
        place = skip(skip(place + written.length) + 1);
      }
      place = skip(value(place, [...path, name]));
      if (json[place] === ',') place = skip(place + 1);
    }
    return place + 1;
  };
  value(skip(0), []);
  return spans;
}

/** 0…1 for some stretches of the text; null where none of its tokens lies in them. */
export function confidenceOf(
  tokens: readonly WrittenToken[],
  stretches: readonly Pick<ValueSpan, 'from' | 'to'>[],
): number | null {
  let [sum, count, at] = [0, 0, 0];
  for (const { text, probability } of tokens) {
    const [from, to] = [at, at + text.length];
    at = to;
    if (!stretches.some((each) => from < each.to && to > each.from)) continue;
    sum += Math.log(probability);
    count += 1;
  }
  return count === 0 ? null : Math.exp(sum / count);
}
