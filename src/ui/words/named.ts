/** One word for each of a closed set of names. */
export const named = <Name extends string | number>(words: Record<Name, string>): Record<Name, string> =>
  words;
