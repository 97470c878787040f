/**
 * The layout of transformers.js on onnxruntime-web's wasm: with one picture our own maths says what transformers.js says with
 * the same files (build/public-reference.ts), and a chat goes on without being read again.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openNodeSession } from '../../../build/node-session';
import { askOf, fileOf, picture } from '../../../build/noise-pictures';
import { publicMiniature } from '../../../build/public-miniature';
import { memoryFolder, memorySink, noise, seedOf } from '../../foundry/miniature';
import { isPublicLayout, takePublicLayout } from '../../foundry/qwen3-vl-public';
import type { HoldingSession } from '../../runtime/runtime';
import { answer, Memory, type AnswerParts } from './answer';
import type { AskedTurn } from './card';
import { Conversation } from './decode';
import { readModelFacts, type ModelFacts } from './model-facts';
import { lookAtPublic, publicEmbeddings, publicKeeps } from './public-layout';
import { greedy } from './sampling';
import { openTokenizer } from './tokenizer';

const reference = JSON.parse(
  readFileSync(resolve(import.meta.dirname, 'reference/public-layout.json'), 'utf8'),
) as { config: object; grid: [number, number]; ids: number[]; pixelSeed: string; tokens: number[] };

const { signal } = new AbortController();
const files = new Map<string, Uint8Array>();
let facts: ModelFacts;
const sessions = {} as Record<'embed' | 'vision' | 'decoder', HoldingSession>;

beforeAll(async () => {
  const source = memoryFolder(await publicMiniature(JSON.stringify(reference.config), { suffix: '_q4' }));
  expect(await isPublicLayout(source)).toBe(true);
  await takePublicLayout(source, memorySink(files), { signal });
  facts = readModelFacts(new TextDecoder().decode(files.get('model.json')));
  const open = (name: string, keeps: readonly string[] = []) =>
    openNodeSession(
      files.get(`${name}_q4.onnx`)!,
      new Map([[`${name}_q4.onnx_data`, files.get(`${name}_q4.onnx_data`)!]]),
      { keeps },
    );
  sessions.embed = await open('embed_tokens');
  sessions.vision = await open('vision_encoder');
  sessions.decoder = await open('decoder_model_merged', publicKeeps(facts.text));
});

/** Greedy tokens of the reference's own question. `change` does it in a wrong way. */
async function say([height, width] = reference.grid): Promise<number[]> {
  const values = Float32Array.from(noise(seedOf(reference.pixelSeed), 24 * 96), (value) => value / 510);
  const seen = await lookAtPublic(sessions.vision, { grid: { height, width }, values });
  const embeddings = publicEmbeddings(sessions.embed, facts);
  const parts = { session: sessions.decoder, embeddings, facts };
  const conversation = await Conversation.open(parts, 400);
  const reading = conversation.read(reference.ids, [{ key: 'one', ...seen }], signal);
  let step = await reading.next();
  while (!step.done) step = await reading.next();
  let { logits } = step.value;
  const tokens: number[] = [];
  while (tokens.length < reference.tokens.length) {
    tokens.push(logits.indexOf(Math.max(...logits)));
    logits = await conversation.next(tokens.at(-1)!);
  }
  conversation.release();
  return tokens;
}

describe('with one picture', () => {
  test('it says what transformers.js says with the same files, token by token', async () => {
    expect(new Set(reference.tokens).size).toBeGreaterThanOrEqual(30);
    expect(await say()).toEqual(reference.tokens);
  });

  test('height and width exchanged, it says something else', async () => {
    expect(await say([6, 4])).not.toEqual(reference.tokens);
  });
});

test('what was read is not read again while a chat goes on', async () => {
  const parts = { session: sessions.decoder, embeddings: publicEmbeddings(sessions.embed, facts), facts };
  const read = async (conversation: Conversation, ids: readonly number[]) => {
    const reading = conversation.read(ids, [], signal);
    let step = await reading.next();
    while (!step.done) step = await reading.next();
    return step.value;
  };
  const [first, more] = [reference.tokens.slice(0, 20), reference.tokens.slice(20, 30)];
  const conversation = await Conversation.open(parts, 400);
  await read(conversation, first);
  const on = await read(conversation, [...first, ...more]);
  const fresh = await read(await Conversation.open(parts, 400), [...first, ...more]);
  expect([on.reused, fresh.reused]).toEqual([first.length, 0]);
  const most = Math.max(...fresh.logits.map(Math.abs));
  on.logits.forEach((value, index) =>
    expect(Math.abs(value - fresh.logits[index]!) / most).toBeLessThan(1e-4),
  );
});

test('it is a model without DeepStack and without a table of its own, whatever config.json says', () => {
  expect(facts).toMatchObject({ layout: 'transformers.js', embeddings: null, vision: { deepstack: 0 } });
});

test('a chat is gone on with, one that was changed is read anew, and both are answered rightly', async () => {
  const released: string[] = [];
  const parts: AnswerParts = {
    facts,
    tokenizer: openTokenizer(new TextDecoder().decode(files.get('tokenizer.json')), '{}'),
    openVision: () => Promise.resolve({ ...sessions.vision, release: () => Promise.resolve() }),
    openDecoder: () =>
      Promise.resolve({
        session: { ...sessions.decoder, release: () => Promise.resolve(void released.push('decoder')) },
        embeddings: {
          ...publicEmbeddings(sessions.embed, facts),
          release: () => Promise.resolve(void released.push('embed')),
        },
      }),
  };
  const ask = async (turns: readonly AskedTurn[], memory = new Memory(400)) => {
    const running = answer(
      turns,
      { ...greedy, mostNewTokens: 6, numbered: false, seed: 1 },
      {
        ...{ parts, memory, signal },
      },
    );
    let step = await running.next();
    while (!step.done) step = await running.next();
    return step.value;
  };
  const memory = new Memory(400);
  const first = [askOf('What is this?', fileOf(picture(1)))];
  const one = await ask(first, memory);
  expect(one.reusedTokens).toBe(0);
  const said = one.text;
  const second: AskedTurn[] = [...first, { role: 'assistant', content: [{ text: said }] }, askOf('And?')];
  const again = await ask(second, memory);
  expect(again.tokens).toEqual((await ask(second)).tokens);
  const changed = [askOf('What is that?', fileOf(picture(1)))];
  const other = await ask(changed, memory);
  expect(other.reusedTokens).toBe(0);
  expect(other.tokens).toEqual((await ask(changed)).tokens);
  await memory.release();
  expect(released).toEqual(['decoder', 'embed']);
});
