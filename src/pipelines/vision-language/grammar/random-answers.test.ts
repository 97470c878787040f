/** A thousand random schemas, each answered by noise: the answer fits, says an independent validator, and ends by itself. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { expect, test } from 'vitest';
import { openTokenizer, type TextTokenizer } from '../tokenizer';
import { ExpressionConstraint } from './constraint';
import { randomSchema, type Random } from '../../../../build/random-schema';
import { seededRandom } from '../../../base/random';
import { compileSchema } from './schema';
import { openVocabulary, type Vocabulary } from './vocabulary';

/** Bytes, and pieces as a vocabulary has them: words, spaces, runs of JSON, letters of other scripts and halves of them. */
function pieces(): Uint8Array[] {
  const words = [
    'invoice',
    ' the',
    'null',
    'true',
    'false',
    '12',
    '2024',
    '-0',
    '0.5',
    '价',
    '发票',
    '🫨',
    'é',
    ' one',
  ];
  const json = [
    '", "',
    '": "',
    '"}',
    '"]',
    '", ',
    '{"',
    '[{"',
    '"a',
    '}, {',
    ': ',
    ', ',
    '""',
    '\\n',
    '\\"',
    'x"',
    '\\',
  ];
  const halves = [[0xe4, 0xbb], [0xf0, 0x9f], [0xb7, 0x22], [0xc3], [0xed, 0xa0], [0xff]];
  const encoded = [...words, ...json].map((text) => new TextEncoder().encode(text));
  return [
    ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
    ...encoded,
    ...halves.map((each) => Uint8Array.from(each)),
  ];
}

function smallTokenizer(): TextTokenizer {
  const bytes = pieces();
  return {
    encode: () => [],
    control: () => bytes.length,
    isControl: (token) => token >= bytes.length,
    silent: [bytes.length],
    bytesOf: (token) => bytes[token] ?? new Uint8Array(),
    tokenCount: bytes.length + 1,
  };
}

const ajv = new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: true });
ajv.addFormat('date', (text) => {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
});

interface Told {
  readonly text: string;
  readonly tokens: number;
  readonly isHurried: boolean;
}

/** A model whose logits are noise; it takes the likeliest. Null where it did not end by itself. */
function noiseAnswer(
  schema: unknown,
  random: Random,
  { vocabulary, stop, spare }: { vocabulary: Vocabulary; stop: number; spare: number },
): Told | null {
  const compiled = compileSchema(schema);
  const constraint = new ExpressionConstraint(compiled, { vocabulary, stop: [stop] });
  const bytes: number[] = [];
  const most = constraint.least + spare;
  const logits = new Float32Array(vocabulary.tokenCount);
  for (let tokens = 0; ; tokens++) {
    for (let i = 0; i < logits.length; i++) logits[i] = random();
    constraint.restrict(logits, most - tokens);
    let best = 0;
    for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
    if (logits[best] === -Infinity) return null;
    const isOver = best === stop || constraint.isComplete;
    if (isOver) {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
      return { text, tokens, isHurried: constraint.isHurried };
    }
    if (tokens === most) return null;
    constraint.accept(best);
    bytes.push(...vocabulary.bytesOf(best));
  }
}

function failuresOf(count: number, vocabulary: Vocabulary, { stop, spare }: { stop: number; spare: number }) {
  const failures: string[] = [];
  let [hurried, longest] = [0, 0];
  for (let seed = 1; seed <= count; seed++) {
    const random = seededRandom(seed);
    const schema = randomSchema(random);
    const told = noiseAnswer(schema, random, { vocabulary, stop, spare });
    const fits = ajv.compile(schema as object);
    if (!told || !fits(JSON.parse(told.text))) {
      failures.push(`${seed}: ${JSON.stringify(schema)} ${told?.text} ${ajv.errorsText(fits.errors)}`);
    }
    hurried += Number(told?.isHurried ?? 0);
    longest = Math.max(longest, told?.tokens ?? 0);
  }
  return { failures, hurried, longest };
}

const count = process.env.LONG ? 1000 : 150;

test(`${count} of ${count} answers fit their schema and end by themselves`, { timeout: 120_000 }, () => {
  const tokenizer = smallTokenizer();
  const setting = { stop: tokenizer.tokenCount - 1, spare: 120 };
  const { failures, hurried, longest } = failuresOf(count, openVocabulary(tokenizer), setting);
  expect(failures).toEqual([]);
  // The limit was in the way often enough to be tested too, and answers were no stubs.
  expect(hurried).toBeGreaterThan(count / 20);
  expect(longest).toBeGreaterThan(120);
});

const data = resolve(import.meta.dirname, '../../../../../shared/data/qwen');
test.skipIf(!process.env.LONG || !existsSync(data))(
  'and so they do with Qwen’s tokens',
  { timeout: 900_000 },
  () => {
    const read = (name: string) => readFileSync(resolve(data, name), 'utf8');
    const tokenizer = openTokenizer(read('qwen3vl.tokenizer.json'), read('qwen3vl.tokenizer_config.json'));
    const setting = { stop: tokenizer.control('<|im_end|>'), spare: 60 };
    expect(failuresOf(1000, openVocabulary(tokenizer), setting).failures).toEqual([]);
  },
);
