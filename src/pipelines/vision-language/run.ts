/** A question about pictures becomes an answer: opens what is not open yet, and tells how far it is. */
import type { Run } from '../pipeline';
import { answer, type AnswerParts, type AnswerStep, type OpenedDecoder, type Reader } from './answer';
import type { AnswerProgress, VisionLanguageContext } from './card';
import { openEmbeddings } from './embed';
import { AfterThought } from './grammar/after-thought';
import { ExpressionConstraint, type Constraint } from './grammar/constraint';
import { compileSchema } from './grammar/schema';
import { openVocabulary } from './grammar/vocabulary';
import { readModelFacts, type ModelFacts } from './model-facts';
import { publicEmbeddings, publicKeeps } from './public-layout';
import { openTokenizer } from './tokenizer';

export const run: Run<'vision-language'> = async function* (turns, options, { model, memory, signal }) {
  const reused = memory.decoder !== null;
  yield { stage: 'open', done: 0, total: 1 };
  const { facts, tokenizer } = (memory.reader ??= await openReader(model));
  const parts: AnswerParts = {
    facts,
    tokenizer,
    openVision: () => model.openVision(),
    openDecoder: () => openDecoder(model, facts),
  };
  const written: { text: string; probability: number }[] = [];
  const { schema } = options;
  const held = schema === undefined ? options : { ...options, constraint: holdTo(schema, memory.reader) };
  const steps = answer(turns, held, { parts, memory, signal });
  try {
    for (let step = await steps.next(); ; step = await steps.next()) {
      if (step.done) return { ...step.value, thinking: facts.thinking, written, reused };
      const { value } = step;
      if (value.kind === 'text') written.push({ text: value.text, probability: value.probability });
      yield told(value, written.length, options.mostNewTokens);
    }
  } finally {
    // Who ends this between two steps ends those too, which free what they hold.
    await steps.return(undefined as never);
  }
};

async function openDecoder(model: VisionLanguageContext['model'], facts: ModelFacts): Promise<OpenedDecoder> {
  if (facts.embeddings) {
    const { session, weights } = await model.openDecoder();
    return { session, embeddings: openEmbeddings(facts.embeddings, weights) };
  }
  const embeddings = publicEmbeddings(await model.openEmbed(), facts);
  try {
    const { session } = await model.openDecoder({ keeps: publicKeeps(facts.text) });
    return { session, embeddings };
  } catch (thrown) {
    await embeddings.release?.();
    throw thrown;
  }
}

/** @throws StudioError schema/invalid, schema/unsupported */
function holdTo(schema: unknown, reader: Reader): Constraint {
  const { tokenizer, facts } = reader;
  const { stop } = facts.tokens;
  const vocabulary = (reader.vocabulary ??= openVocabulary(tokenizer));
  const constraint = new ExpressionConstraint(compileSchema(schema), { vocabulary, stop });
  return facts.thinking ? new AfterThought(constraint, { tokenizer, stop }) : constraint;
}

async function openReader(model: VisionLanguageContext['model']): Promise<Reader> {
  const facts = readModelFacts(await model.text('facts'));
  // What it says of the tokenizer stands in tokenizer.json too.
  return { facts, tokenizer: openTokenizer(await model.text('tokenizer'), '{}') };
}

function told(step: AnswerStep, written: number, most: number): AnswerProgress {
  if (step.kind === 'text') return { stage: 'write', done: written, total: most, text: step.text };
  return { stage: step.kind, done: step.done, total: step.total };
}
