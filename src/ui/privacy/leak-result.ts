/** What came of one way out, in words. */
import type { Blocker } from '../../privacy/leaks';
import type { words as leakWords } from '../words/leak-words';

interface Result {
  readonly leaked: boolean | null | 'unknown';
  readonly blockedBy: Blocker | null;
}

export function leakResult({ leaked, blockedBy }: Result, words: (typeof leakWords)['en']): string {
  if (leaked === true) return words.leaked;
  return blockedBy === null ? words.unknown : words.by[blockedBy];
}
