/** The price of an ending against a search through every token, on languages small enough for one. */
import { expect, test } from 'vitest';
import type { TextTokenizer } from '../tokenizer';
import { Costs } from './cost';
import type { Expression, Expressions } from './expression';
import { compileSchema } from './schema';
import { openVocabulary } from './vocabulary';

const words = [
  'nu',
  'll',
  'null',
  '{"',
  '": ',
  '"a',
  'a": ',
  '{"a": n',
  'tru',
  'e, ',
  '", "',
  ', "b',
  '"}',
  '""',
  '[]',
];
const bytes = [
  ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
  ...words.map((text) => new TextEncoder().encode(text)),
];
const tokenizer: TextTokenizer = {
  encode: () => [],
  control: () => -1,
  isControl: () => false,
  silent: [],
  bytesOf: (token) => bytes[token] ?? new Uint8Array(),
  tokenCount: bytes.length,
};

/** Breadth first over all tokens. */
function fewestTokens(expressions: Expressions, whole: Expression): number {
  const seen = new Set([whole]);
  for (let [states, count] = [[whole], 0]; states.length > 0; count++) {
    if (states.some(({ least }) => least === 0)) return count;
    const next: Expression[] = [];
    for (const state of states) {
      for (const token of bytes) {
        const after = token.reduce((rest, byte) => expressions.after(rest, byte), state);
        if (after.kind !== 'none' && !seen.has(after)) {
          seen.add(after);
          next.push(after);
        }
      }
    }
    states = next;
  }
  return Infinity;
}

test.each<[unknown, boolean]>([
  [{ const: null }, true],
  [{ const: { a: true, b: null } }, true],
  [{ type: 'object', properties: { a: { type: 'null' } }, required: ['a'] }, true],
  [{ type: 'array', items: { type: 'string' } }, false],
  [{ type: 'string', minLength: 3 }, false],
  [{ type: ['integer', 'null'], minimum: 100 }, true],
])(
  '%j: what surely ends it is no less than the fewest tokens, and the same where all is certain',
  (schema, isExact) => {
    const { expressions, whole } = compileSchema(schema);
    const cost = new Costs(openVocabulary(tokenizer)).of(whole);
    const fewest = fewestTokens(expressions, whole);
    expect(fewest).toBeGreaterThan(0);
    expect(cost).toBeLessThanOrEqual(whole.least);
    expect(cost).toBeGreaterThanOrEqual(fewest);
    if (isExact) expect(cost).toBe(fewest);
  },
);
