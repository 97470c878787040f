/** What the profile takes and what it refuses; texts are checked byte by byte, against what JSON Schema says of them. */
import { describe, expect, test } from 'vitest';
import { spelled } from './json-text';
import { compileSchema, parseSchema } from './schema';

/** Whether a text is one of the schema's. */
function takes(schema: unknown, text: string): boolean {
  const { expressions, whole } = compileSchema(schema);
  let state = whole;
  for (const byte of new TextEncoder().encode(text)) state = expressions.after(state, byte);
  return state.least === 0;
}

describe('taken', () => {
  test.each<[string, unknown, readonly string[], readonly string[]]>([
    [
      'whole numbers in bounds',
      { type: 'integer', minimum: -12, maximum: 105 },
      ['-12', '-1', '0', '7', '99', '105'],
      ['-13', '106', '07', '1.0', '', '-', '1e1'],
    ],
    [
      'bounds that are left out',
      { type: 'integer', exclusiveMinimum: 8, exclusiveMaximum: 21 },
      ['9', '20'],
      ['8', '21'],
    ],
    [
      'numbers in bounds',
      { type: 'number', minimum: -2, maximum: 1 },
      ['-2', '-1.5', '0.25', '1', '0'],
      ['-2.5', '1.5', '1.', '.5', '01'],
    ],
    [
      'numbers below zero',
      { type: 'number', maximum: -5 },
      ['-5', '-5.5', '-123.4'],
      ['-4', '-4.9', '5', '0'],
    ],
    [
      'strings by length in characters',
      { type: 'string', minLength: 2, maxLength: 3 },
      ['"ab"', '"发票"', '"🫨🫨🫨"', '"\\n\\""'],
      ['"a"', '"abcd"', '"ab', '"a\nb"', '"a\\u0041"'],
    ],
    [
      'real days',
      { type: 'string', format: 'date' },
      ['"2024-02-29"', '"2000-02-29"', '"2023-12-31"'],
      ['"2023-02-29"', '"1900-02-29"', '"2023-04-31"', '"2023-4-1"', '"2023-13-01"'],
    ],
    [
      'patterns',
      { type: 'string', pattern: '^[A-Z]{2}\\d+$' },
      ['"AB1"', '"AB123"'],
      ['"ab1"', '"AB"', '"AB1x"'],
    ],
    [
      'patterns that are not tied to the ends',
      { type: 'string', pattern: 'b+' },
      ['"b"', '"abba"'],
      ['"a"', '""'],
    ],
    [
      'classes that leave something out',
      { type: 'string', pattern: '^[^a-y"]$' },
      ['"z"', '"é"', '"\\\\"'],
      ['"a"', '"\\""', '"zz"'],
    ],
    [
      'one of several',
      { anyOf: [{ const: 'a b' }, { type: 'array', items: { type: 'boolean' }, minItems: 1, maxItems: 2 }] },
      ['"a b"', '[true]', '[true, false]'],
      ['[]', '[true, true, true]', '"a"', '[true,false]'],
    ],
    [
      'definitions',
      { $ref: '#/$defs/x~1y', $defs: { 'x/y': { enum: [1, { a: [null] }] } } },
      ['1', '{"a": [null]}'],
      ['2'],
    ],
    [
      'optional fields in any number',
      { type: 'object', properties: { a: { const: 1 }, b: { const: 2 }, c: { const: 3 } }, required: ['b'] },
      ['{"b": 2}', '{"a": 1, "b": 2}', '{"b": 2, "c": 3}', '{"a": 1, "b": 2, "c": 3}'],
      ['{}', '{"a": 1}', '{"a": 1, "c": 3}', '{, "b": 2}', '{"b": 2, }'],
    ],
    ['no fields at all', { type: 'object', properties: {} }, ['{}'], ['{"a": 1}']],
  ])('%s', (_, schema, fitting, others) => {
    expect(fitting.filter((text) => !takes(schema, text))).toEqual([]);
    expect(others.filter((text) => takes(schema, text))).toEqual([]);
  });

  test('and values are spelled as the texts are', () => {
    expect(spelled({ a: [1, 'x"', null], 发: { b: true } })).toBe(
      '{"a": [1, "x\\"", null], "发": {"b": true}}',
    );
  });
});

describe('refused by name:', () => {
  const refused = (schema: unknown): { code: string; details: object } => {
    try {
      compileSchema(schema);
    } catch (thrown) {
      return thrown as { code: string; details: object };
    }
    return { code: 'taken', details: {} };
  };

  test.each<[unknown, string]>([
    [{ type: 'object' }, 'an object without properties'],
    [{ type: 'object', properties: { a: { type: 'null' } }, patternProperties: {} }, 'patternProperties'],
    [{ type: 'object', properties: {}, additionalProperties: { type: 'null' } }, 'additionalProperties'],
    [{ type: 'object', properties: {}, required: ['a'] }, 'required: "a"'],
    [{ type: 'array', items: { type: 'null' }, uniqueItems: true }, 'uniqueItems'],
    [{ type: 'number', multipleOf: 0.01 }, 'multipleOf'],
    [{ type: 'number', minimum: 0.5 }, 'minimum: 0.5'],
    [{ type: 'string', format: 'email' }, 'format: "email"'],
    [{ type: 'string', pattern: '^(a)\\1$' }, 'pattern: "^(a)\\\\1$"'],
    [{ type: 'string', pattern: '^(?=a)' }, 'pattern: "^(?=a)"'],
    [{ type: 'string', pattern: '(' }, 'pattern: "("'],
    [{ type: 'string', pattern: 'a', maxLength: 3 }, 'pattern and maxLength'],
    [{ allOf: [] }, 'a place without a type'],
    [{ $ref: 'https://example.com/schema' }, '$ref: "https://example.com/schema"'],
    [{ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }, 'more than 24 levels'],
    [{}, 'a place without a type'],
  ])('%j', (schema, keyword) => {
    expect(refused(schema)).toMatchObject({ code: 'schema/unsupported', details: { keyword } });
  });

  test.each<[unknown]>([
    [null],
    [{ type: 'text' }],
    [{ type: 'integer', minimum: 3, maximum: 2 }],
    [{ enum: [1], type: 'string' }],
    [{ type: 'string', minLength: 3, maxLength: 1 }],
  ])('%j, which nothing fits', (schema) => expect(refused(schema)).toMatchObject({ code: 'schema/invalid' }));

  test('the place is told, and text that is no JSON', () => {
    const schema = { type: 'object', properties: { list: { type: 'array', items: { not: {} } } } };
    expect(refused(schema)).toMatchObject({ details: { where: '#/properties/list/items' } });
    expect(() => parseSchema('{')).toThrow(/schema\/invalid/);
  });
});
