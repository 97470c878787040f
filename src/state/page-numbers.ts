/** Page numbers as people write them: `1-3, 8`. */

/** Numbers and what joins them, in any of the forms that keyboards have. */
const joined = /^(\d{1,6})(?:[-–—~～至到](\d{1,6}))?$/;

/** Sorted, each once; null where it cannot be read or a page does not exist. Empty for nothing. */
export function readPageNumbers(text: string, count: number): readonly number[] | null {
  const numbers = new Set<number>();
  for (const part of text.replace(/\s*([-–—~～至到])\s*/g, '$1').split(/[\s,;，、；]+/)) {
    if (part === '') continue;
    const [, from, to] = joined.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to ?? from)];
    if (!(first >= 1 && first <= last && last <= count)) return null;
    for (let page = first; page <= last; page++) numbers.add(page);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** `numbers` sorted. */
export function writePageNumbers(numbers: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const page of numbers) {
    const run = runs.at(-1);
    if (run?.last === page - 1) run.last = page;
    else runs.push({ first: page, last: page });
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
