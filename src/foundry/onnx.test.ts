import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readOnnx } from './onnx';

const data = resolve(import.meta.dirname, '../../../shared/data');

/** The fewest bytes that make a ModelProto: fields as [number, varint | text | message]. */
function message(fields: [number, number | string | Uint8Array][]): Uint8Array {
  const out: number[] = [];
  for (const [number, value] of fields) {
    if (typeof value === 'number') {
      out.push(number << 3, value);
    } else {
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
      out.push((number << 3) | 2, bytes.length, ...bytes);
    }
  }
  return Uint8Array.from(out);
}

const picture = (name: string) => {
  const shape = message([
    [1, message([[1, 1]])],
    [1, message([[1, 3]])],
    [1, message([[2, 'h']])],
    [1, message([[2, 'w']])],
  ]);
  const tensor = message([
    [1, 1],
    [2, shape],
  ]);
  return message([
    [1, name],
    [2, message([[1, tensor]])],
  ]);
};

const model = (graph: [number, string | number | Uint8Array][]) =>
  message([
    [1, 8],
    [8, message([[2, 17]])],
    [7, message(graph)],
  ]);

test('names, types and dimensions of inputs and outputs are read', () => {
  const summary = readOnnx(
    model([
      [11, picture('in')],
      [12, picture('out')],
    ]),
  );
  expect(summary).toEqual({
    opset: 17,
    inputs: [{ name: 'in', elementType: 1, dims: [1, 3, 'h', 'w'] }],
    outputs: [{ name: 'out', elementType: 1, dims: [1, 3, 'h', 'w'] }],
    nodes: [],
    tensors: [],
    foreignOperators: [],
    externalFiles: [],
  });
});

test('an initializer is not an input', () => {
  const summary = readOnnx(
    model([
      [5, message([[8, 'weight']])],
      [11, picture('weight')],
      [11, picture('in')],
    ]),
  );
  expect(summary.inputs.map(({ name }) => name)).toEqual(['in']);
});

const node = (op: string, domain: string, attributes: Uint8Array[] = []) =>
  message([[4, op], ...attributes.map((attribute): [number, Uint8Array] => [5, attribute]), [7, domain]]);

test('foreign operators and weights in other files are told, inside branches too', () => {
  const location = message([
    [1, 'location'],
    [2, 'w.bin'],
  ]);
  const outside = message([
    [8, 'w'],
    [13, location],
    [14, 1],
  ]);
  const branch = message([
    [1, node('Evil', 'com.example')],
    [5, outside],
  ]);
  const attribute = message([
    [1, 'then_branch'],
    [6, branch],
  ]);
  const read = readOnnx(
    model([
      [1, node('If', '', [attribute])],
      [1, node('Relu', 'ai.onnx')],
    ]),
  );
  expect(read.foreignOperators).toEqual(['com.example.Evil']);
  expect(read.externalFiles).toEqual(['w.bin']);
});

test('an operator that the file itself defines is not foreign, what it is made of may be', () => {
  const own = message([
    [1, 'Mine'],
    [7, node('Evil', 'com.example')],
    [10, 'local'],
  ]);
  const read = readOnnx(Uint8Array.from([...model([[1, node('Mine', 'local')]]), ...functionField(own)]));
  expect(read.foreignOperators).toEqual(['com.example.Evil']);
});

/** ModelProto.functions = 25: its key takes two bytes. */
const functionField = (own: Uint8Array) => [0xca, 0x01, own.length, ...own];

test.each([
  ['nothing', new Uint8Array()],
  ['text', new TextEncoder().encode('this is not a model, it is a letter to somebody')],
  ['a model cut short', model([[11, picture('in')]]).subarray(0, 20)],
])('%s is damaged, not a crash', (_, bytes) => {
  expect(() => readOnnx(bytes)).toThrow(/model\/damaged/);
});

test.skipIf(!existsSync(data))('the real DCT-Net and YuNet graphs are read', () => {
  const cartoon = readOnnx(readFileSync(resolve(data, 'dct-net/anime.onnx')));
  expect(cartoon.inputs.map(({ name, dims }) => [name, dims[1]])).toEqual([['input', 3]]);
  expect(cartoon.outputs.map(({ name }) => name)).toEqual(['output']);
  const faces = readOnnx(readFileSync(resolve(data, 'yunet/yunet_s_dynamic.onnx')));
  expect(faces.outputs.map(({ name }) => name)).toContain('kps_32');
});
