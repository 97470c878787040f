/** Questions to the tied miniature, on onnxruntime-web: its words are noise, what is asked of it here is everything else. */
import { beforeAll, describe, expect, test } from 'vitest';
import { openMiniatureParts, withDecoder, type MiniatureParts } from '../../../build/miniature-parts';
import { ask, picture } from '../../../build/noise-pictures';
import { answer, Memory, type AnswerParts, type AnswerStep } from './answer';
import type { AnswerOptions, AskedTurn } from './card';
import { run as pipeline } from './run';
import { greedy } from './sampling';

let miniature: MiniatureParts;
let parts: AnswerParts;
const calls = { look: 0, run: 0, hold: 0, open: 0, release: 0, let: 0 };

beforeAll(async () => {
  miniature = await openMiniatureParts();
  const { vision, decoder } = miniature;
  parts = {
    ...miniature,
    openVision: () => {
      calls.open += 1;
      return Promise.resolve({
        ...vision,
        run: (feeds) => {
          calls.look += 1;
          return vision.run(feeds);
        },
        release: () => {
          calls.release += 1;
          return Promise.resolve();
        },
      });
    },
    openDecoder: withDecoder(miniature, {
      hold: (type, dims) => {
        calls.hold += 1;
        return decoder.hold(type, dims);
      },
      runInto: (feeds, into) => {
        calls.run += 1;
        return decoder.runInto(feeds, into);
      },
      release: () => {
        calls.let += 1;
        return Promise.resolve();
      },
    }),
  };
});

const options: AnswerOptions = {
  ...greedy,
  mostNewTokens: 12,
  numbered: false,
  seed: 1,
};

async function run(
  turns: readonly AskedTurn[],
  change: Partial<AnswerOptions> = {},
  memory = new Memory(400),
) {
  const steps: AnswerStep[] = [];
  const running = answer(
    turns,
    { ...options, ...change },
    { parts, memory, signal: new AbortController().signal },
  );
  for (;;) {
    const step = await running.next();
    if (step.done) return { ...step.value, steps };
    steps.push(step.value);
  }
}

test('the text that streams is the answer, and its steps are told in order', async () => {
  const { steps, text, tokens, ended, leftTokens } = await run([ask('What is this?', picture(1))]);
  const kinds = steps.map(({ kind }) => kind);
  expect(kinds).toEqual(['look', 'read', ...Array<string>(tokens.length).fill('text')]);
  const streamed = steps.map((step) => (step.kind === 'text' ? step.text : '')).join('');
  expect(text.startsWith(streamed)).toBe(true);
  expect(tokens.length).toBe(12);
  expect(new Set(tokens).size).toBeGreaterThan(3);
  expect(ended).toBe('length');
  expect(leftTokens).toBeGreaterThan(300);
  expect(steps.every((step) => step.kind !== 'text' || (step.probability > 0 && step.probability <= 1))).toBe(
    true,
  );
});

test('a long prompt is read in pieces, and the count reaches its end', async () => {
  const { steps } = await run([ask('word '.repeat(110))], { mostNewTokens: 1 }, new Memory(600));
  const read = steps.flatMap((step) => (step.kind === 'read' ? step : []));
  expect(read.map(({ done }) => done)).toEqual([256, 512, read[0]!.total]);
});

describe('a second question on the same picture', () => {
  const first = [ask('What is this?', picture(1))];
  const second: AskedTurn[] = [...first, { role: 'assistant', content: [{ text: 'A' }] }, ask('And why?')];

  test('takes up picture and text, in the same buffers, and is answered as if it were asked at once', async () => {
    const memory = new Memory(400);
    await run(first, {}, memory);
    const before = { ...calls };
    const again = await run(second, {}, memory);
    expect([calls.open, calls.hold]).toEqual([before.open, before.hold]);
    expect(again.reusedTokens).toBeGreaterThan(30);
    const fresh = await run(second);
    expect(fresh.reusedTokens).toBe(0);
    expect(again.tokens).toEqual(fresh.tokens);
    const { let: letGo } = calls;
    await memory.release();
    expect([calls.let - letGo, memory.conversation, memory.pictures.size]).toEqual([1, null, 0]);
  });

  test('of another picture in its place takes up nothing from that picture on', async () => {
    const other = [ask('What is this?', picture(2))];
    const memory = new Memory(400);
    const one = await run(first, {}, memory);
    const swapped = await run(other, {}, memory);
    const fresh = await run(other);
    expect(swapped.tokens).toEqual(fresh.tokens);
    expect(swapped.tokens).not.toEqual(one.tokens);
    expect(swapped.reusedTokens).toBeLessThan(10);
  });

  test('mistaken for it would be answered for the wrong one, so the key is needed', async () => {
    const memory = new Memory(400);
    memory.keys.of = () => Promise.resolve('one name for all');
    await run(first, {}, memory);
    const mistaken = await run([ask('What is this?', picture(2))], {}, memory);
    const fresh = await run([ask('What is this?', picture(2))]);
    expect(mistaken.tokens).not.toEqual(fresh.tokens);
  });

  test('and a picture that stands there twice is looked at once', async () => {
    const before = calls.look;
    await run([ask('Same?', picture(3), picture(3), picture(4))], { mostNewTokens: 1 });
    expect(calls.look - before).toBe(2);
    expect(calls.release).toBe(calls.open);
  });
});

test('called off, it ends within one token and says why; the next question is answered rightly', async () => {
  const memory = new Memory(400);
  const abort = new AbortController();
  const running = answer([ask('What is this?', picture(1))], options, {
    parts,
    memory,
    signal: abort.signal,
  });
  let texts = 0;
  let thrown: unknown = null;
  const before = { run: 0 };
  try {
    for await (const step of running) {
      if (step.kind === 'text' && ++texts === 3) {
        abort.abort();
        before.run = calls.run;
      }
    }
  } catch (reason) {
    thrown = reason;
  }
  expect(thrown).toBe(abort.signal.reason);
  expect([texts, calls.run - before.run]).toEqual([3, 0]);
  const after = await run([ask('What else?', picture(1))], {}, memory);
  const fresh = await run([ask('What else?', picture(1))]);
  expect(after.tokens).toEqual(fresh.tokens);
  expect(after.reusedTokens).toBeGreaterThan(10);
});

test('ended between two pictures, the part that looks is freed', async () => {
  const memory = new Memory(400);
  memory.reader = parts;
  const never = () => Promise.reject(new Error('not to be opened'));
  const model = { openVision: parts.openVision, openEmbed: never, openDecoder: never, text: never };
  const { signal } = new AbortController();
  const steps = pipeline([ask('Both?', picture(5), picture(6))], options, { model, memory, signal });
  for (let step = await steps.next(); !step.done; step = await steps.next()) {
    if (step.value.stage === 'look' && step.value.done > 0) break;
  }
  expect(calls.open - calls.release).toBe(1);
  await steps.return(undefined as never);
  expect(calls.release).toBe(calls.open);
});

test('a full chat ends the answer and says so, and a prompt that does not fit is refused whole', async () => {
  const memory = new Memory(40);
  const { ended, leftTokens, tokens } = await run([ask('Hi')], { mostNewTokens: 100 }, memory);
  expect([ended, leftTokens]).toEqual(['full', 0]);
  expect(tokens.length).toBeGreaterThan(5);
  await expect(run([ask('x'.repeat(50))], {}, memory)).rejects.toMatchObject({ code: 'chat/full' });
});

test('a seed gives one answer, another seed another', async () => {
  const warm = { temperature: 1, topK: 20, topP: 0.95 };
  const [one, same, other] = [
    await run([ask('Hi')], { ...warm, seed: 5 }),
    await run([ask('Hi')], { ...warm, seed: 5 }),
    await run([ask('Hi')], { ...warm, seed: 6 }),
  ];
  expect(same.tokens).toEqual(one.tokens);
  expect(other.tokens).not.toEqual(one.tokens);
});

test('a model that would say a picture’s place says something else, and goes on', async () => {
  const pad = parts.facts.tokens.image;
  const says: AnswerParts = {
    ...parts,
    openDecoder: withDecoder(miniature, {
      runInto: async (feeds, into) => {
        const outputs = await miniature.decoder.runInto(feeds, into);
        (outputs['logits']!.data as Float32Array)[pad] = 1e9;
        return outputs;
      },
    }),
  };
  const running = answer([ask('What is this?', picture(1))], options, {
    parts: says,
    memory: new Memory(400),
    signal: new AbortController().signal,
  });
  let step = await running.next();
  while (!step.done) step = await running.next();
  expect(step.value.ended).toBe('length');
  expect(step.value.tokens).not.toContain(pad);
});
