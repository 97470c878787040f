import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../base/sha256';
import { readOnnx, type OnnxModel, type OnnxValue } from '../foundry/onnx';
import { GraphBuilder, writeOnnx } from '../foundry/onnx-writer';
import { ofOneFile } from '../models/files';
import { importModel, setColours } from './importer';
import { memoryStore } from './memory-store';
import { useOf } from './recognise';

const data = resolve(import.meta.dirname, '../../../shared/data');
const float = (name: string, dims: (number | string)[], elementType = 1) => ({ name, elementType, dims });
const graph = (parts: Partial<OnnxModel>): OnnxModel => ({
  opset: 17,
  inputs: [],
  outputs: [],
  nodes: [],
  tensors: [],
  foreignOperators: [],
  externalFiles: [],
  ...parts,
});
const painter = (input: OnnxValue, output: OnnxValue) => graph({ inputs: [input], outputs: [output] });
const written = (model: OnnxModel) => new Blob([writeOnnx('test', model)]);

test.each([
  ['channels first', [1, 3, 'h', 'w'], 'nchw'],
  ['channels last', ['n', 'h', 'w', 3], 'nhwc'],
  ['a picture without a batch', ['h', 'w', 3], 'hwc'],
])('%s is read off the shape', (_, dims, layout) => {
  expect(useOf(painter(float('x', dims), float('y', dims)))).toMatchObject({
    role: 'cartoon',
    spec: { layout, order: 'rgb', inputRange: [-1, 1], outputRange: [-1, 1], multiple: 16 },
  });
});

test('where the shape says nothing, the first layers tell where the channels are', () => {
  const free = ['n', 'a', 'b', 'c'];
  const [first, last] = [new GraphBuilder(), new GraphBuilder()];
  first.node('Conv', ['x', 'w']);
  last.node('Conv', [last.node('Transpose', ['x'], { perm: { ints: [0, 3, 1, 2] } }), 'w']);
  const read = ({ nodes }: GraphBuilder) => useOf({ ...painter(float('x', free), float('y', free)), nodes });
  expect(read(first)).toMatchObject({ spec: { layout: 'nchw' } });
  expect(read(last)).toMatchObject({ spec: { layout: 'nhwc' } });
  expect(() => useOf(painter(float('x', free), float('y', free)))).toThrow(/not a colour picture/);
});

test('bytes are 0…255, and float16 is taken as float32 is', () => {
  const dims = [1, 'h', 'w', 3];
  expect(useOf(painter(float('x', dims, 2), float('y', dims, 2)))).toMatchObject({
    spec: { order: 'rgb', inputRange: [0, 255], outputRange: [0, 255] },
  });
  expect(useOf(painter(float('x', dims, 10), float('y', dims, 10)))).toMatchObject({ role: 'cartoon' });
  const own = [1, 'h', 'w', 4];
  expect(useOf(painter(float('x', own, 2), float('y', own, 2)))).toMatchObject({ spec: { layout: 'rgba' } });
  expect(() => useOf(painter(float('x', own), float('y', own)))).toThrow(/not a colour picture/);
});

test("DCT-Net's own form, converted by another tool, is 0…255 in BGR", () => {
  const builder = new GraphBuilder();
  builder.node('Div', ['input_image:0', builder.scalar(127.5)]);
  const other = painter(float('input_image:0', ['h', 'w', 3]), float('output_image:0', ['h', 'w', 3], 2));
  expect(useOf({ ...other, nodes: builder.nodes, tensors: builder.tensors })).toMatchObject({
    spec: { layout: 'hwc', order: 'bgr', inputRange: [0, 255], outputRange: [0, 255] },
  });
});

test('a graph that goes down further wants larger multiples', () => {
  const builder = new GraphBuilder();
  let value = 'x';
  for (let level = 0; level < 5; level++)
    value = builder.node('Conv', [value, 'w'], { strides: { ints: [2, 2] } });
  const dims = [1, 3, 'h', 'w'];
  expect(useOf({ ...painter(float('x', dims), float('y', dims)), nodes: builder.nodes })).toMatchObject({
    spec: { multiple: 32 },
  });
});

test('a graph whose strides have no common multiple that a picture could be padded to is refused', () => {
  const g = new GraphBuilder();
  for (const stride of [3, 5, 7, 11]) g.node('Conv', ['x', 'w'], { strides: { ints: [stride, stride] } });
  const model = painter(float('x', [1, 3, 'h', 'w']), float('y', [1, 3, 'h', 'w']));
  expect(() => useOf({ ...model, nodes: g.nodes })).toThrow(/model\/not-recognised/);
});

test("a graph with YuNet's outputs is a face finder", () => {
  const outputs = ['cls_8', 'obj_8', 'bbox_8', 'kps_8'].map((name) => float(name, [1, 'n', 1]));
  expect(useOf(graph({ inputs: [float('input', [1, 3, 'h', 'w'])], outputs }))).toMatchObject({
    role: 'faces',
  });
});

test.each([
  [
    'two pictures in',
    graph({ inputs: [float('a', [1, 3, 'h', 'w']), float('b', [1])], outputs: [float('y', [1])] }),
    'model/not-recognised',
  ],
  ['no picture at all', painter(float('a', [1, 128]), float('y', [1, 10])), 'model/not-recognised'],
  [
    'whole numbers',
    painter(float('a', [1, 3, 'h', 'w'], 7), float('y', [1, 3, 'h', 'w'])),
    'model/not-recognised',
  ],
  [
    'other axes out than in',
    painter(float('a', [1, 3, 'h', 'w']), float('y', [1, 'h', 'w', 3])),
    'model/not-recognised',
  ],
  [
    'four pictures at once',
    painter(float('a', [4, 3, 'h', 'w']), float('y', [4, 3, 'h', 'w'])),
    'model/not-recognised',
  ],
])('%s is refused', (_, onnx, code) => {
  expect(() => useOf(onnx)).toThrow(code);
});

const colour = [1, 3, 'h', 'w'];
const plain = painter(float('x', colour), float('y', colour));
const foreign = { op: 'Evil', domain: 'com.example', inputs: ['x'], outputs: ['y'], attributes: {} };
const pb = readFileSync(resolve(import.meta.dirname, '../foundry/reference/dct-net-maximum.pb'));

test.each([
  ['an empty file', 'model.onnx', new Blob([]), 'model/damaged'],
  ['a renamed letter', 'model.onnx', new Blob(['Dear Sir or Madam, this is not a model.']), 'model/damaged'],
  [
    'a pickle',
    'model.onnx',
    new Blob([Uint8Array.from([0x80, 0x02, 0x7d, 0x71, 0x00, 0x2e])]),
    'model/pickle',
  ],
  ['custom operators', 'a.onnx', written({ ...plain, nodes: [foreign] }), 'model/foreign-operators'],
  ['half a TensorFlow graph', 'cartoon_bg.pb', new Blob([pb.subarray(0, 20_000)]), 'model/'],
  ['a SavedModel', 'saved_model.pb', new Blob([Uint8Array.from([0x08, 1])]), 'model/not-recognised'],
])('%s: refused, and nothing is kept', async (_, name, file, code) => {
  const store = memoryStore();
  await expect(importModel(file, name, store)).rejects.toThrow(code);
  expect(await store.list()).toEqual([]);
});

test('foreign operators are refused by name', async () => {
  const file = written({ ...plain, nodes: [foreign] });
  await expect(importModel(file, 'a.onnx', memoryStore())).rejects.toMatchObject({
    details: { operators: 'com.example.Evil' },
  });
});

test("DCT-Net's TensorFlow file is kept as ONNX, the same each time, and leaves nothing to guess", async () => {
  const store = memoryStore();
  const card = await importModel(new Blob([pb]), 'cartoon_bg.pb', store);
  expect(card).toMatchObject({
    title: 'cartoon_bg',
    licence: { spdx: 'unknown', commercialUse: false },
    use: { spec: { layout: 'nchw', order: 'bgr', inputRange: [0, 255], outputRange: [0, 255] } },
  });
  expect(card.guess).toBeUndefined();
  expect(readOnnx(await store.read(card)).outputs.map(({ name }) => name)).toEqual(['output']);
  expect((await importModel(new Blob([pb]), 'again.pb', store)).id).toBe(card.id);
});

test('what was guessed can be said otherwise, and is kept with the card', async () => {
  const store = memoryStore();
  const { id, guess } = await importModel(written(plain), 'mine.onnx', store);
  expect(guess).toEqual({ order: 'rgb', range: 'signed' });
  // Said one right after the other, neither undoes the other.
  await Promise.all([setColours(store, id, { order: 'bgr' }), setColours(store, id, { range: 'unit' })]);
  const [record] = await store.list();
  expect(record!.card).toMatchObject({
    guess: { order: 'bgr', range: 'unit' },
    use: { spec: { order: 'bgr', inputRange: [0, 1], outputRange: [0, 1] } },
  });
  expect(readOnnx(await store.read(ofOneFile(record!.card)!)).inputs).toHaveLength(1);
});

test.skipIf(!existsSync(data))('a real DCT-Net file is known by its hash', async () => {
  const store = memoryStore();
  const bytes = new Uint8Array(readFileSync(resolve(data, 'dct-net/anime.onnx')));
  const card = await importModel(new Blob([bytes]), 'whatever.onnx', store);
  expect(card.id).toBe('dct-net-anime');
  expect(await sha256(await store.read(card))).toBe(card.part.sha256);
});
