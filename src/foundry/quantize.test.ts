/** The layout is judged by onnxruntime's own operators, the numbers by laws and by the project's other half precision. */
import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { blocksOf, unpackRow } from '../runtime/four-bit';
import { floatToHalf } from '../runtime/half';
import { noise } from './miniature';
import { onnxType } from './onnx-tensor';
import { GraphBuilder, writeOnnx } from './onnx-writer';
import { quantizeRows, toHalves } from './quantize';

ort.env.wasm.numThreads = 1;

const [rows, columns] = [5, 100];
const weights = Float32Array.from(noise(7, rows * columns), (n) => n / 300);

function dequantized(): Float32Array[] {
  const { packed, scales } = quantizeRows(weights, columns);
  const blocks = blocksOf(columns);
  return Array.from({ length: rows }, (_, row) =>
    unpackRow(
      packed.subarray(row * blocks * 16, (row + 1) * blocks * 16),
      scales.subarray(row * blocks, (row + 1) * blocks),
      columns,
    ),
  );
}

/** What one of onnxruntime's operators makes of the packed weights. */
async function runOperator(
  input: { dims: number[]; type: 'float32' | 'int64'; data: Float32Array | BigInt64Array },
  put: (graph: GraphBuilder, packed: string, scales: string) => string,
  packedDims: readonly number[],
): Promise<Float32Array> {
  const { packed, scales } = quantizeRows(weights, columns);
  const graph = new GraphBuilder();
  const outside = { external: null, name: '' };
  graph.tensors.push(
    { ...outside, name: 'packed', elementType: onnxType.uint8, dims: packedDims, raw: packed },
    {
      ...outside,
      name: 'scales',
      elementType: onnxType.float32,
      dims: packedDims.length === 3 ? [rows * blocksOf(columns)] : [rows, blocksOf(columns)],
      raw: new Uint8Array(scales.buffer),
    },
  );
  graph.finish(put(graph, 'packed', 'scales'), 'y');
  const model = writeOnnx('one', {
    opset: 21,
    inputs: [{ name: 'x', elementType: onnxType[input.type], dims: input.dims }],
    outputs: [{ name: 'y', elementType: onnxType.float32, dims: ['a', 'b'] }],
    nodes: graph.nodes,
    tensors: graph.tensors,
  });
  const session = await ort.InferenceSession.create(model);
  const { y } = await session.run({ x: new ort.Tensor(input.type, input.data, input.dims) });
  return y!.data as Float32Array;
}

test('MatMulNBits sees in the bytes what the builder’s own reading of them says', async () => {
  const identity = new Float32Array(columns ** 2);
  for (let i = 0; i < columns; i++) identity[i * columns + i] = 1;
  const seen = await runOperator(
    { dims: [columns, columns], type: 'float32', data: identity },
    (graph, packed, scales) =>
      graph.foreign('MatMulNBits', ['x', packed, scales], {
        K: { i: columns },
        N: { i: rows },
        bits: { i: 4 },
        block_size: { i: 32 },
      }),
    [rows, blocksOf(columns), 16],
  );
  for (const [row, values] of dequantized().entries()) {
    for (let i = 0; i < columns; i++) expect(seen[i * rows + row], `${row}, ${i}`).toBe(values[i]! + 0);
  }
});

test('no weight is farther from its own than half a step, but for the one side that has seven steps', () => {
  const { scales } = quantizeRows(weights, columns);
  for (const [row, values] of dequantized().entries()) {
    for (let i = 0; i < columns; i++) {
      const step = Math.abs(scales[row * blocksOf(columns) + (i >> 5)]!);
      expect(Math.abs(values[i]! - weights[row * columns + i]!)).toBeLessThanOrEqual(step * 1.01);
    }
  }
});

test('the fit never loses to the largest value’s own scale, and wins as a whole', () => {
  const many = Float32Array.from(noise(3, 32 * 4000), (n) => n);
  const { packed, scales } = quantizeRows(many, 32);
  let [fitted, plain] = [0, 0];
  for (let block = 0; block < 4000; block++) {
    const own = many.subarray(block * 32, block * 32 + 32);
    const back = unpackRow(packed.subarray(block * 16), scales.subarray(block), 32);
    const largest = own.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    const scale = Math.fround(largest / -8);
    const error = (approx: (value: number, i: number) => number) =>
      own.reduce((sum, value, i) => sum + (value - approx(value, i)) ** 2, 0);
    const [mine, theirs] = [
      error((_, i) => back[i]!),
      error((value) => Math.min(7, Math.max(-8, Math.floor(value / scale + 0.5))) * scale),
    ];
    expect(mine).toBeLessThanOrEqual(theirs * (1 + 1e-6));
    fitted += mine;
    plain += theirs;
  }
  expect(fitted / plain).toBeLessThan(0.98);
});

test('blocks of zeros stay zeros, and what is no number is refused', () => {
  expect([...unpackRow(...rowOf(new Float32Array(32)), 32)]).toEqual(Array<number>(32).fill(0));
  for (const wrong of [NaN, Infinity, -Infinity]) {
    expect(() => quantizeRows(Float32Array.of(1, wrong), 2)).toThrow(/model\/damaged/);
    expect(() => toHalves(Float32Array.of(1, wrong))).toThrow(/model\/damaged/);
  }
});

function rowOf(values: Float32Array): [Uint8Array, Float32Array] {
  const { packed, scales } = quantizeRows(values, values.length);
  return [packed, scales];
}

test('half precision is the nearest, ties to even, over every size', () => {
  const values: number[] = [
    0,
    -0,
    65504,
    -65504,
    65519,
    2 ** -24,
    2 ** -25,
    3 * 2 ** -25,
    2 ** -26,
    1 + 2 ** -11,
  ];
  for (const n of noise(1, 20000)) values.push(n * 2 ** ((n & 31) - 26) * 0.37);
  const floats = Float32Array.from(values.filter((value) => Math.abs(value) < 65520));
  expect([...toHalves(floats)]).toEqual([...floats].map(floatToHalf));
  expect(() => toHalves(Float32Array.of(65520))).toThrow(/model\/damaged/);
});

test('GatherBlockQuantized takes the same rows from the same bytes', async () => {
  const seen = await runOperator(
    { dims: [2], type: 'int64', data: BigInt64Array.of(3n, 1n) },
    (graph, packed, scales) =>
      graph.foreign('GatherBlockQuantized', [packed, 'x', scales], {
        bits: { i: 4 },
        block_size: { i: 32 },
        gather_axis: { i: 0 },
        quantize_axis: { i: 1 },
      }),
    [rows, blocksOf(columns) * 16],
  );
  const wide = blocksOf(columns) * 32;
  const all = dequantized();
  expect([...seen.subarray(0, columns)]).toEqual([...all[3]!]);
  expect([...seen.subarray(wide, wide + columns)]).toEqual([...all[1]!]);
});
