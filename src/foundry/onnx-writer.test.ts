import { expect, test } from 'vitest';
import { inlineData } from './inline-data';
import { readOnnx } from './onnx';
import { floatTensor, onnxType, readTensor, tensorValues } from './onnx-tensor';
import { GraphBuilder, writeOnnx } from './onnx-writer';
import { readFields, writeFields, type Outgoing } from './protobuf';

const picture = (name: string) => ({ name, elementType: onnxType.float32, dims: [1, 3, 'h', ''] });

function sample() {
  const builder = new GraphBuilder();
  const shifted = builder.node('Add', ['in', builder.tensor([3, 1, 1], Float32Array.of(1, -2.5, 1e-3))]);
  const drawn = builder.node('Foreign', [shifted, ''], {
    alpha: { f: 0.25 },
    axis: { i: 300 },
    mode: { s: 'linear' },
    pads: { ints: [0, 1, 128] },
    value: { t: floatTensor('v', [], Float32Array.of(7)) },
  });
  builder.finish(drawn, 'out');
  return {
    opset: 17,
    inputs: [picture('in')],
    outputs: [picture('out')],
    nodes: builder.nodes,
    tensors: builder.tensors,
  };
}

test('what is written is what is read back', () => {
  const graph = sample();
  const { foreignOperators, externalFiles, ...back } = readOnnx(writeOnnx('sample', graph));
  const plain = (value: unknown) =>
    JSON.stringify(value, (_, inner: unknown) => (inner instanceof Uint8Array ? [...inner] : inner));
  expect(plain(back)).toBe(plain(graph));
  expect([foreignOperators, externalFiles]).toEqual([[], []]);
  expect(tensorValues(back.tensors[0]!)).toEqual(Float32Array.of(1, -2.5, 1e-3));
});

test('operators of onnxruntime, whole numbers and weights beside the file come back too', () => {
  const builder = new GraphBuilder();
  const shape = builder.wholes([-1, 2 ** 31]);
  expect(builder.wholes([-1, 2 ** 31])).toBe(shape);
  const beside = { location: 'w-0.bin', offset: 2 ** 33, bytes: 12 };
  builder.tensors.push({
    name: 'far',
    elementType: onnxType.uint8,
    dims: [3, 4],
    raw: new Uint8Array(0),
    external: beside,
  });
  builder.finish(builder.foreign('Odd', ['in', shape, 'far']), 'out');
  const model = readOnnx(
    writeOnnx('foreign', { ...sample(), nodes: builder.nodes, tensors: builder.tensors }),
  );
  expect(model.foreignOperators).toEqual(['com.microsoft.Odd']);
  expect(model.externalFiles).toEqual(['w-0.bin']);
  expect(model.tensors[1]).toMatchObject({ name: 'far', dims: [3, 4], external: beside });
  const wholes = model.tensors[0]!;
  expect(wholes.elementType).toBe(onnxType.int64);
  expect([...new BigInt64Array(wholes.raw.slice().buffer)]).toEqual([-1n, 2n ** 31n]);
});

test('values in the list of floats, whole or one by one, are the values', () => {
  const floats = new Uint8Array(Float32Array.of(0.5, -3).buffer);
  const head: Outgoing[] = [
    [1, 2],
    [2, onnxType.float32],
  ];
  const packed = writeFields([...head, [4, floats]]);
  const single = writeFields([...head, [4, { float: 0.5 }], [4, { float: -3 }]]);
  for (const bytes of [packed, single]) {
    expect(tensorValues(readTensor(bytes))).toEqual(Float32Array.of(0.5, -3));
  }
});

test('a weight whose values are not as many as its shape says is damage', () => {
  expect(() => tensorValues(floatTensor('w', [4], Float32Array.of(1, 2, 3)))).toThrow(/model\/damaged/);
});

/** The sample with its one weight in `location`, from byte 4 on. */
function outside(location: string, length: number | null): Uint8Array {
  const entry = (key: string, value: string): Outgoing => [
    13,
    writeFields([
      [1, key],
      [2, value],
    ]),
  ];
  const tensor = writeFields([
    [1, 3],
    [2, onnxType.float32],
    [8, 'weight_0'],
    entry('location', location),
    entry('offset', '4'),
    ...(length === null ? [] : [entry('length', String(length))]),
    [14, 1],
  ]);
  const swap = (message: Uint8Array, at: number, by: (bytes: Uint8Array) => Uint8Array) =>
    writeFields(
      [...readFields(message)].map(({ number, value }): Outgoing => [
        number,
        number === at ? by(value as Uint8Array) : value,
      ]),
    );
  return swap(writeOnnx('sample', sample()), 7, (graph) => swap(graph, 5, () => tensor));
}

test.each([
  ['as long as stated', 12],
  ['to the end of the file', null],
])('weights of another file, %s, are taken into the model', (_, length) => {
  const model = outside('w.bin', length);
  expect(readOnnx(model).externalFiles).toEqual(['w.bin']);
  const file = new Uint8Array(Float32Array.of(9, 1, 2, 3).buffer);
  const whole = readOnnx(inlineData(model, new Map([['w.bin', file]])));
  expect(whole.externalFiles).toEqual([]);
  expect(tensorValues(whole.tensors[0]!)).toEqual(Float32Array.of(1, 2, 3));
});

test('a file of weights that is too short is damage, one that is not given stays outside', () => {
  const model = outside('w.bin', 12);
  expect(() => inlineData(model, new Map([['w.bin', new Uint8Array(8)]]))).toThrow(/model\/damaged/);
  expect(readOnnx(inlineData(model, new Map())).externalFiles).toEqual(['w.bin']);
});
