/** The run under way as words and a bar. */
import type { Creation } from '../../state/creation.svelte';
import type { Language } from '../../state/settings.svelte';
import { words as roomWords } from '../words/create-words';
import { formatLeft } from '../words/format';

export interface CreateLine {
  readonly text: string;
  readonly figures: string;
  /** Null while nothing can be counted. */
  readonly done: number | null;
  readonly total: number;
}

export function createLine(
  { progress, seedCount }: Pick<Creation, 'progress' | 'seedCount'>,
  language: Language,
  comma: string,
): CreateLine {
  const words = roomWords[language];
  if (!progress) return { text: words.begin, figures: '', done: null, total: 1 };
  const { stage, done, total, step, msLeft } = progress;
  const figures = [];
  if (step && seedCount > 1) figures.push(words.ofPicture(step.picture + 1, seedCount));
  if (step) figures.push(words.step(step.done, step.count));
  if (msLeft !== undefined) figures.push(words.left(formatLeft(msLeft, language)));
  return { text: words.stages[stage], figures: figures.join(comma), done, total };
}
