/**
 * What values a graph's pictures have, as far as its own arithmetic tells: at the input from the scaling before the
 * first layer, at the output from the last operator that bounds its values. Nothing is run.
 */
import type { OnnxGraph, OnnxNode } from './onnx';
import { tensorValues } from './onnx-tensor';

/** 0…255, −1…1, 0…1. */
export type ValueRange = 'bytes' | 'signed' | 'unit';

export interface FirstSteps {
  readonly range: ValueRange | null;
  /** How the axes are turned on the way, null where they are not. */
  readonly turn: readonly number[] | null;
  /** The first operator that neither scales nor moves values. */
  readonly reaches: string | null;
}

type Interval = readonly [low: number, high: number];

/** Operators that leave the range of values as it is. */
const passing = new Set(
  'Identity Cast Transpose Squeeze Unsqueeze Reshape Slice Pad Gather Round Floor Concat'.split(' '),
);
/** Graphs are walked at most this far. */
const mostSteps = 64;
const atLeastBytes = 16;

/** The walk from an input to the first layer. */
export function firstStepsOf(graph: OnnxGraph, input: string): FirstSteps {
  let [value, gain, shift] = [input, 1, 0];
  let turn: readonly number[] | null = null;
  for (let step = 0; step < mostSteps; step++) {
    const node = graph.nodes.find(({ op, inputs }) => inputs.includes(value) && op !== 'Shape');
    const factor = node && scaleOf(graph, node, value);
    if (!node || !(factor || passing.has(node.op))) {
      return { range: wantedRange(gain, shift), turn, reaches: node?.op ?? null };
    }
    if (factor) {
      gain *= factor.gain;
      shift = shift * factor.gain + factor.shift;
    }
    const perm = node.attributes['perm'];
    if (perm && 'ints' in perm) turn = perm.ints;
    value = node.outputs[0] ?? '';
  }
  return { range: null, turn, reaches: null };
}

/** The range of values an output can have, null where nothing bounds them. */
export function outputRangeOf(graph: OnnxGraph, output: string): ValueRange | null {
  const bounds = boundsOf(graph, output, mostSteps);
  if (!bounds) return null;
  const [low, high] = bounds;
  if (high > atLeastBytes) return 'bytes';
  return low < -0.25 ? 'signed' : 'unit';
}

/** A picture of bytes is scaled down or has a large mean taken off; one of 0…1 is spread. */
function wantedRange(gain: number, shift: number): ValueRange | null {
  const size = Math.abs(gain);
  if (size < 1 / atLeastBytes || Math.abs(shift) > atLeastBytes) return 'bytes';
  return size > 1.5 ? 'unit' : null;
}

function boundsOf(graph: OnnxGraph, value: string, steps: number): Interval | null {
  const node = graph.nodes.find(({ outputs }) => outputs.includes(value));
  const [source] = node?.inputs ?? [];
  if (!node || source === undefined || steps === 0) return null;
  if (node.op === 'Tanh') return [-1, 1];
  if (node.op === 'Sigmoid' || node.op === 'HardSigmoid') return [0, 1];
  if (node.op === 'Clip') return clipOf(graph, node);
  // One way alone is followed: a hostile graph may have two at each of its nodes.
  const from = node.inputs.find((input) => scaleOf(graph, node, input));
  const factor = from === undefined ? null : scaleOf(graph, node, from);
  if (!factor && !passing.has(node.op)) return null;
  const inner = boundsOf(graph, from ?? source, steps - 1);
  if (!factor || !inner) return inner;
  const ends = inner.map((end) => end * factor.gain + factor.shift);
  return [Math.min(...ends), Math.max(...ends)];
}

/** Limits stood in attributes before opset 11. */
function clipOf(graph: OnnxGraph, node: OnnxNode): Interval | null {
  const limit = (name: string, place: number) => {
    const attribute = node.attributes[name];
    if (attribute && 'f' in attribute) return attribute.f;
    return constantOf(graph, node.inputs[place] ?? '');
  };
  const [low, high] = [limit('min', 1), limit('max', 2)];
  return low === null || high === null ? null : [low, high];
}

/** `gain · value + shift`, where the node adds or multiplies a constant; of several channels their mean. */
function scaleOf(graph: OnnxGraph, node: OnnxNode, value: string): { gain: number; shift: number } | null {
  const [first, second] = node.inputs;
  if (first === undefined || second === undefined || first === second) return null;
  const other = constantOf(graph, first === value ? second : first);
  if (other === null) return null;
  if (node.op === 'Add') return { gain: 1, shift: other };
  if (node.op === 'Mul') return { gain: other, shift: 0 };
  if (node.op === 'Sub') return first === value ? { gain: 1, shift: -other } : { gain: -1, shift: other };
  return node.op === 'Div' && first === value ? { gain: 1 / other, shift: 0 } : null;
}

/** The mean of a small constant: a number or one for each channel. */
function constantOf(graph: OnnxGraph, name: string): number | null {
  const attribute = graph.nodes.find(({ op, outputs }) => op === 'Constant' && outputs.includes(name))
    ?.attributes['value'];
  const inline = attribute && 't' in attribute ? attribute.t : undefined;
  const tensor = inline ?? graph.tensors.find((entry) => entry.name === name);
  const values = tensor && tensor.dims.reduce((a, b) => a * b, 1) <= 4 ? tensorValues(tensor) : null;
  return values && values.length > 0 ? values.reduce((sum, entry) => sum + entry, 0) / values.length : null;
}
