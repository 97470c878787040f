/** Answers of the tied miniature that a schema holds: its words are noise, and fit all the same. */
import { beforeAll, expect, test } from 'vitest';
import { openMiniatureParts, withDecoder, type MiniatureParts } from '../../../../build/miniature-parts';
import { answer, Memory, type AnswerParts, type HeldAnswerOptions } from '../answer';
import { greedy } from '../sampling';
import { AfterThought } from './after-thought';
import { ExpressionConstraint } from './constraint';
import { compileSchema } from './schema';
import { openVocabulary } from './vocabulary';

let parts: MiniatureParts;
beforeAll(async () => void (parts = await openMiniatureParts()));

async function run(
  change: Partial<HeldAnswerOptions>,
  { by = parts, room = 400 }: { by?: AnswerParts; room?: number } = {},
) {
  const options = {
    ...greedy,
    mostNewTokens: 300,
    numbered: false,
    seed: 1,
    ...change,
  };
  const memory = new Memory(room);
  const { signal } = new AbortController();
  const turns = [{ role: 'user', content: [{ text: 'Read it.' }] }] as const;
  const running = answer(turns, options, { parts: by, memory, signal });
  let step = await running.next();
  while (!step.done) step = await running.next();
  return step.value;
}

/** Says one token whenever it may. */
function stuckOn(token: number): AnswerParts {
  const { decoder } = parts;
  const runInto: typeof decoder.runInto = async (feeds, into) => {
    const outputs = await decoder.runInto(feeds, into);
    (outputs['logits']!.data as Float32Array)[token] = 1e9;
    return outputs;
  };
  return { ...parts, openDecoder: withDecoder(parts, { runInto }) };
}

const schema = {
  type: 'object',
  properties: { name: { type: ['string', 'null'] }, lines: { type: 'array', items: { type: 'integer' } } },
  required: ['name', 'lines'],
};
const held = () => {
  const vocabulary = openVocabulary(parts.tokenizer);
  return new ExpressionConstraint(compileSchema(schema), { vocabulary, stop: parts.facts.tokens.stop });
};

test('is whole JSON however few tokens it has, in a chat that is nearly full too', async () => {
  for (const [mostNewTokens, room] of [
    [25, 400],
    [60, 400],
    [300, 55],
  ] as const) {
    const { text, ended, tokens } = await run({ mostNewTokens, constraint: held() }, { room });
    expect(ended).toBe('stop');
    expect(tokens.length).toBeLessThanOrEqual(mostNewTokens);
    expect(JSON.parse(text)).toMatchObject({ lines: expect.any(Array) as unknown });
  }
});

test('that goes in circles is ended, and still whole', async () => {
  const constraint = held();
  const { text, ended } = await run({ constraint }, { by: stuckOn('a'.charCodeAt(0)) });
  expect(JSON.parse(text)).toMatchObject({ name: expect.stringMatching(/^.?a{20,60}\W*$/) as unknown });
  expect([ended, constraint.isHurried]).toEqual(['stop', true]);
});

test('that cannot fit is refused before a token is made', async () => {
  await expect(run({ mostNewTokens: 10, constraint: held() })).rejects.toMatchObject({
    code: 'schema/too-long',
  });
});

test('after a thought is whole too: the thought leaves it room, and may not end the answer', async () => {
  const [stop = 0] = parts.facts.tokens.stop;
  const newline = 10;
  const endOfThought = 'z'.charCodeAt(0);
  // The miniature has no such token; a letter stands in for it.
  const tokenizer = { ...parts.tokenizer, control: () => endOfThought, encode: () => [newline, newline] };
  for (const token of [stop, 'a'.charCodeAt(0), endOfThought]) {
    const constraint = new AfterThought(held(), { tokenizer, stop: [stop] });
    const { text, ended, tokens } = await run({ constraint, mostNewTokens: 120 }, { by: stuckOn(token) });
    expect(ended).toBe('stop');
    expect(tokens.length).toBeLessThanOrEqual(120);
    const [thought = '', json = ''] = text.split('z\n\n', 2);
    expect(thought.length).toBeLessThanOrEqual(60);
    expect(JSON.parse(json)).toMatchObject({ lines: expect.any(Array) as unknown });
  }
});
