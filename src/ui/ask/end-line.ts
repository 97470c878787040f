/** How an answer ended, where it did not end by itself. */
import type { Exchange } from '../../state/exchange.svelte';
import type { Language } from '../../state/settings.svelte';
import { words as roomWords } from '../words/ask-words';

export function endLine({ state, outcome }: Pick<Exchange, 'state' | 'outcome'>, language: Language) {
  const words = roomWords[language];
  if (state === 'stopped') return words.stopped;
  return outcome && outcome.ended !== 'stop' ? words.ended[outcome.ended] : null;
}
