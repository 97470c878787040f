/** The answer under way as words and a bar. */
import type { Asking } from '../../state/asking.svelte';
import type { Language } from '../../state/settings.svelte';
import { words as roomWords } from '../words/ask-words';
import { formatCount } from '../words/format';

export interface AskLine {
  readonly text: string;
  readonly figures: string;
  /** Null where nobody can say how much there is to do: an answer ends when it ends. */
  readonly done: number | null;
  readonly total: number;
}

export function askLine({ progress }: Pick<Asking, 'progress'>, language: Language): AskLine {
  const words = roomWords[language];
  if (!progress) return { text: words.begin, figures: '', done: null, total: 1 };
  const { stage, done, total } = progress;
  const count = (value: number): string => formatCount(value, language);
  const figures = {
    open: '',
    look: words.lookAt(done + 1, total),
    read: words.readOf(count(done), count(total)),
    write: words.written(count(done)),
  }[stage];
  const isOpen = stage === 'open' || stage === 'write';
  return { text: words.stages[stage], figures, done: isOpen ? null : done, total };
}
