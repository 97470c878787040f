import { expect, test } from 'vitest';
import { firstStepsOf, outputRangeOf } from './onnx-range';
import type { OnnxGraph } from './onnx';
import { floatTensor } from './onnx-tensor';
import { GraphBuilder } from './onnx-writer';

const empty = { opset: 13, inputs: [], outputs: [] };
const weights = new Float32Array(27);

/** A graph from 'in' to 'out': what stands before its one convolution, and what comes after. */
function graphOf(
  before: (g: GraphBuilder, x: string) => string,
  after: (g: GraphBuilder, y: string) => string,
) {
  const g = new GraphBuilder();
  g.finish(after(g, g.node('Conv', [before(g, 'in'), g.tensor([3, 3, 3, 1], weights)])), 'out');
  return { ...empty, nodes: g.nodes, tensors: g.tensors } satisfies OnnxGraph;
}
const asIs = (_: GraphBuilder, x: string) => x;
const op =
  (name: string, ...values: number[]) =>
  (g: GraphBuilder, x: string) =>
    g.node(name, [x, ...values.map((value) => g.scalar(value))]);
const both =
  (...steps: ((g: GraphBuilder, x: string) => string)[]) =>
  (g: GraphBuilder, x: string) =>
    steps.reduce((value, step) => step(g, value), x);

test.each([
  ['divided by 255', op('Div', 255), 'bytes'],
  ['/127.5 − 1', both(op('Div', 127.5), op('Sub', 1)), 'bytes'],
  ['a mean taken off', op('Sub', 127.5), 'bytes'],
  ['2x − 1', both(op('Mul', 2), op('Sub', 1)), 'unit'],
  ['(x − 0.5) / 0.5', both(op('Sub', 0.5), op('Div', 0.5)), 'unit'],
  ['nothing', asIs, null],
])('at the input, %s', (_, before, range) => {
  expect(firstStepsOf(graphOf(before, asIs), 'in').range).toBe(range);
});

test.each([
  ['tanh', op('Tanh'), 'signed'],
  ['sigmoid', op('Sigmoid'), 'unit'],
  ['tanh · 0.5 + 0.5', both(op('Tanh'), op('Mul', 0.5), op('Add', 0.5)), 'unit'],
  ['(tanh + 1) · 127.5', both(op('Tanh'), op('Add', 1), op('Mul', 127.5)), 'bytes'],
  ['clipped to 0…255', op('Clip', 0, 255), 'bytes'],
  [
    '1 − sigmoid',
    (g: GraphBuilder, y: string) => g.node('Sub', [g.scalar(1), g.node('Sigmoid', [y])]),
    'unit',
  ],
  ['unbounded', asIs, null],
])('at the output, %s', (_, after, range) => {
  expect(outputRangeOf(graphOf(asIs, after), 'out')).toBe(range);
});

test('the way to the first layer tells how the axes are turned', () => {
  const turned = graphOf(
    (g, x) => g.node('Transpose', [op('Div', 255)(g, x)], { perm: { ints: [0, 3, 1, 2] } }),
    asIs,
  );
  expect(firstStepsOf(turned, 'in')).toEqual({ range: 'bytes', turn: [0, 3, 1, 2], reaches: 'Conv' });
});

test('a graph that runs in a circle is given up', () => {
  const node = (source: string, target: string) => ({
    op: 'Identity',
    domain: '',
    inputs: [source],
    outputs: [target],
    attributes: {},
  });
  const circle = { ...empty, nodes: [node('a', 'b'), node('b', 'a')], tensors: [] };
  expect(outputRangeOf(circle, 'a')).toBeNull();
  expect(firstStepsOf(circle, 'a').range).toBeNull();
});

test('where every value comes two ways, one is followed, so that no graph takes for ever', () => {
  const places = Array.from({ length: 64 }, (_, i) => i);
  const nodes = places.map((i) => ({
    op: 'Add',
    domain: '',
    inputs: [`a${i + 1}`, `b${i + 1}`],
    outputs: [`a${i}`, `b${i}`],
    attributes: {},
  }));
  const names = places.flatMap((i) => [`a${i}`, `b${i}`]);
  const tensors = names.map((name) => floatTensor(name, [1], Float32Array.of(1)));
  expect(outputRangeOf({ ...empty, nodes, tensors }, 'a0')).toBeNull();
});
