/** One question and its answer, as the words come. */
import { expect, test } from 'vitest';
import type { ModelCard } from '../models/model';
import type { AskTask } from './ask-task.svelte';
import { Exchange } from './exchange.svelte';

function exchange(): Exchange {
  const model = { use: { role: 'words', spec: { thinking: false } } } as unknown as ModelCard;
  const task = { tab: 'ask', prompt: 'What is this?' } as AskTask;
  return new Exchange(1, { model, task, text: 'What is this?', pictures: [], mostPictureTokens: 256 });
}

test('an answer that the engine begins anew holds nothing of the first try', () => {
  const answered = exchange();
  answered.hear('A lamp');
  answered.startOver();
  for (const text of ['A la', 'mp.']) answered.hear(text);
  expect(answered.answer).toBe('A lamp.');
  answered.stop();
  expect(answered.turns().at(-1)).toMatchObject({ text: 'A lamp.' });
});
