/** A question about pictures becomes an answer: opens what is not open yet, and tells how far it is. */
import type { Run } from '../pipeline';
import { answer, type AnswerParts, type AnswerStep } from './answer';
import type { AnswerProgress, VisionLanguageContext } from './card';
import { openEmbeddings } from './embed';
import { readModelFacts } from './model-facts';
import { openTokenizer } from './tokenizer';

export const run: Run<'vision-language'> = async function* (turns, options, { model, memory, signal }) {
  const reused = memory.decoder !== null;
  yield { stage: 'open', done: 0, total: 1 };
  const { facts, tokenizer } = (memory.reader ??= await openReader(model));
  const parts: AnswerParts = {
    facts,
    tokenizer,
    openVision: () => model.openVision(),
    openDecoder: async () => {
      const { session, weights } = await model.openDecoder();
      return { session, embeddings: openEmbeddings(facts.embeddings, weights) };
    },
  };
  const probabilities: number[] = [];
  const steps = answer(turns, options, { parts, memory, signal });
  for (let step = await steps.next(); ; step = await steps.next()) {
    if (step.done) return { ...step.value, thinking: facts.thinking, probabilities, reused };
    if (step.value.kind === 'text') probabilities.push(step.value.probability);
    yield told(step.value, probabilities.length, options.mostNewTokens);
  }
};

async function openReader(model: VisionLanguageContext['model']) {
  const facts = readModelFacts(await model.text('facts'));
  // What it says of the tokenizer stands in tokenizer.json too.
  return { facts, tokenizer: openTokenizer(await model.text('tokenizer'), '{}') };
}

function told(step: AnswerStep, written: number, most: number): AnswerProgress {
  if (step.kind === 'text') return { stage: 'write', done: written, total: most, text: step.text };
  return { stage: step.kind, done: step.done, total: step.total };
}
