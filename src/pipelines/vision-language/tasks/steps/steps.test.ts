/** Answers about screenshots: what is kept of them, how sure they were, and the calls they become. */
import { describe, expect, test } from 'vitest';
import { compileSchema } from '../../grammar/schema';
import { confidenceOf, valueSpans } from '../confidence';
import { splitThought } from '../thought';
import { readSteps, stepsPrompt, stepsSchema } from './steps';
import { toToolCalls } from './tool-calls';

const size = { width: 1920, height: 1080 };
const said = (change: object = {}) => ({
  action: 'type',
  element_type: 'text_field',
  label: 'Mail "work"',
  bbox_2d: [100, 200, 300, 250],
  value: 'jane@example.com',
  ...change,
});
const instruction = 'Put  jane@example.com into the mail field and send it';
const read = (...steps: object[]) => readSteps(JSON.stringify({ steps }), { instruction, size, tokens: [] });

test('boxes are in the screenshot’s pixels, and values that the instruction has are kept', () => {
  expect(read(said()).steps).toEqual([
    {
      action: 'type',
      element_type: 'text_field',
      label: 'Mail "work"',
      bbox: [192, 216, 576, 270],
      value: 'jane@example.com',
      confidence: null,
    },
  ]);
});

test('what the instruction does not say is never typed', () => {
  const { steps, inventedValues } = read(
    said({ value: 'hunter2' }),
    said({ value: null }),
    said({ action: 'press_key', value: 'enter' }),
    said({ action: 'press_key', value: 'rm -rf' }),
    said({ action: 'scroll', value: 'down' }),
    said({ value: '' }),
  );
  expect(steps.map(({ value }) => value)).toEqual([
    undefined,
    undefined,
    'enter',
    undefined,
    'down',
    undefined,
  ]);
  expect(inventedValues).toEqual([0, 3]);
});

test('an answer that fits no form gives no steps', () => {
  const others = [
    'null',
    '5',
    '[]',
    '{"steps":5}',
    '{"steps":{"a":1}}',
    '{"steps":[null]}',
    '{"steps":[[1],"a"]}',
  ];
  for (const answer of ['', 'I would click', '{"steps": [', '{}', ...others]) {
    const nothing = { steps: [], inventedValues: [] };
    expect(readSteps(answer, { instruction, size, tokens: [] }), answer).toEqual(nothing);
  }
  const half = `{"steps": [null, ${JSON.stringify(said())}]}`;
  expect(readSteps(half, { instruction, size, tokens: [] }).steps).toHaveLength(1);
  expect(read({ action: 'explode' }, said({ bbox_2d: [1] })).steps).toEqual([]);
});

test('the grammar takes the form, and the questions name the task', () => {
  const { expressions, whole } = compileSchema(stepsSchema);
  let state = whole;
  const text =
    '{"steps": [{"action": "click", "element_type": "button", "label": "OK", "bbox_2d": [0, 1, 2, 1000], "value": null}]}';
  for (const byte of new TextEncoder().encode(text)) state = expressions.after(state, byte);
  expect(state).toBe(expressions.empty);
  for (const language of ['en', 'zh'] as const)
    expect(stepsPrompt(' Open it ', language)).toMatch(/[:：]\s?Open it$/);
});

describe('confidence', () => {
  test('values are found where they stand', () => {
    const json = '{"a": [1, "x, \\"}"], "b": {"c": null}, "d": [], "e": {}}';
    expect(valueSpans(json).map(({ path, from, to }) => [path.join('.'), json.slice(from, to)])).toEqual([
      ['a.0', '1'],
      ['a.1', '"x, \\"}"'],
      ['b.c', 'null'],
    ]);
    expect(valueSpans('"alone"')).toEqual([{ path: [], from: 0, to: 7 }]);
    expect(valueSpans('{"a": ')).toEqual([]);
  });

  test('is the geometric mean over the tokens of a value, and over no others', () => {
    const tokens = [
      { text: '{"a": ', probability: 0.1 },
      { text: '"x', probability: 0.5 },
      { text: '', probability: 0.9 },
      { text: 'y"', probability: 0.125 },
      { text: '}', probability: 0.1 },
    ];
    const spans = valueSpans('{"a": "xy"}');
    expect(confidenceOf(tokens, spans)).toBeCloseTo(Math.cbrt(0.5 * 0.9 * 0.125), 10);
    expect(confidenceOf(tokens, [])).toBeNull();
  });

  test('of a step is that of its own values', () => {
    const answer = JSON.stringify({ steps: [said(), said()] });
    const half = answer.lastIndexOf('{"action"');
    const letters = Array.from(answer, (text, at) => ({ text, probability: at < half ? 0.25 : 0.75 }));
    const { steps } = readSteps(answer, { instruction, size, tokens: letters });
    expect(steps.map(({ confidence }) => confidence)).toEqual([0.25, 0.75]);
  });
});

test('steps become calls in thousandths, with a click before what is typed', () => {
  const { steps } = read(
    said(),
    said({ action: 'scroll', value: 'up' }),
    said({ action: 'press_key', value: 'Page Down' }),
    said({ action: 'wait', value: null }),
  );
  const calls = toToolCalls(steps, size)
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as object);
  const at = (fields: object) => ({ name: 'computer_use', arguments: fields });
  expect(calls).toEqual([
    at({ action: 'left_click', coordinate: [200, 225] }),
    at({ action: 'type', text: 'jane@example.com' }),
    at({ action: 'scroll', coordinate: [200, 225], pixels: 500 }),
    at({ action: 'key', keys: ['pagedown'] }),
    at({ action: 'wait', time: 1 }),
  ]);
  expect(toToolCalls(steps.slice(0, 1), size)).toMatch(/^<tool_call>\n\{.*\}\n<\/tool_call>\n<tool_call>/);
});

describe('a thought', () => {
  const whole = 'First I look.\n</think>\n\nIt is a </b> cat.';

  test('is parted from the answer', () => {
    expect(splitThought(whole, { thinking: true, isWhole: true })).toEqual({
      thought: 'First I look.',
      answer: 'It is a </b> cat.',
    });
    expect(splitThought('<think>\na</think>b', { thinking: true, isWhole: true })).toEqual({
      thought: 'a',
      answer: 'b',
    });
    expect(splitThought('a</think>b</think>c', { thinking: true, isWhole: true })).toEqual({
      thought: 'ab',
      answer: 'c',
    });
  });

  test.each(['No thought.', 'HTML ends it with </think>, so.', '<think>a</think>b', 'a </thi', '\n\na', ''])(
    'is none of a model that thinks none: %j stays as it is',
    (text) => {
      for (const isWhole of [true, false])
        expect(splitThought(text, { thinking: false, isWhole })).toEqual({ thought: '', answer: text });
    },
  );

  test('never shows a piece of its mark, and no word of it comes and goes, while it is written', () => {
    let [thought, answer] = ['', ''];
    for (let end = 0; end <= whole.length; end++) {
      const split = splitThought(whole.slice(0, end), { thinking: true, isWhole: false });
      expect(split.thought).not.toMatch(/<\/?t?h?i?n?k?$/);
      expect(split.thought.startsWith(thought)).toBe(true);
      expect((split.answer ?? '').startsWith(answer)).toBe(true);
      [thought, answer] = [split.thought, split.answer ?? ''];
    }
    expect([thought, answer]).toEqual(['First I look.', 'It is a </b> cat.']);
  });
});
