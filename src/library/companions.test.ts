import { expect, test } from 'vitest';
import { readOnnx } from '../foundry/onnx';
import { floatTensor, onnxType } from '../foundry/onnx-tensor';
import { writeOnnx } from '../foundry/onnx-writer';
import { readFields, writeFields, type Outgoing } from '../foundry/protobuf';
import { leavesFolder, withItsFiles } from './companions';
import { importModel } from './importer';
import { memoryStore } from './memory-store';

const picture = (name: string) => ({ name, elementType: onnxType.float32, dims: [1, 3, 'h', 'w'] });

/** A model of one weight, which lies in another file. */
function modelWithDataIn(location: string): File {
  const whole = writeOnnx('test', {
    opset: 17,
    inputs: [picture('x')],
    outputs: [picture('y')],
    nodes: [],
    tensors: [floatTensor('w', [2], Float32Array.of(0, 0))],
  });
  const entry = writeFields([
    [1, 'location'],
    [2, location],
  ]);
  const tensor = writeFields([
    [1, 2],
    [2, onnxType.float32],
    [8, 'w'],
    [13, entry],
    [14, 1],
  ]);
  const change = (bytes: Uint8Array, at: number, by: (inner: Uint8Array) => Uint8Array) =>
    writeFields(
      [...readFields(bytes)].map(({ number, value }): Outgoing => [
        number,
        number === at ? by(value as Uint8Array) : value,
      ]),
    );
  return new File([change(whole, 7, (graph) => change(graph, 5, () => tensor))], 'net.onnx');
}

const data = new File([new Uint8Array(Float32Array.of(3, 4).buffer)], 'net.onnx.data');
const most = 1024;

async function imported(files: readonly File[]) {
  const store = memoryStore();
  const { file, name } = await withItsFiles(files, most);
  const card = await importModel(file, name, store);
  return readOnnx(await store.read(card));
}

test('weights chosen with their model are taken into it, in whatever order they were chosen', async () => {
  const onnx = await imported([data, modelWithDataIn('net.onnx.data')]);
  expect(onnx.externalFiles).toEqual([]);
  expect([...onnx.tensors[0]!.raw]).toEqual([...new Uint8Array(await data.arrayBuffer())]);
  expect((await imported([data, modelWithDataIn('weights/net.onnx.data')])).externalFiles).toEqual([]);
});

test('a model whose weights were not chosen is refused with their name', async () => {
  const refused = imported([modelWithDataIn('net.onnx.data')]);
  await expect(refused).rejects.toMatchObject({
    code: 'model/missing-file',
    details: { file: 'net.onnx.data' },
  });
});

test.each([
  '../net.onnx.data',
  '/etc/net.onnx.data',
  'C:/net.onnx.data',
  'a\\..\\net.onnx.data',
  'a/../../net.onnx.data',
])('weights at %s are refused, even when a file of that name was chosen', async (location) => {
  expect(leavesFolder(location)).toBe(true);
  await expect(imported([data, modelWithDataIn(location)])).rejects.toMatchObject({
    code: 'model/unsafe-path',
  });
});

test('a dot at the start of a path stays in the folder', () => {
  expect(['w.bin', './w.bin', 'a/b..c/w.bin', '..w'].some(leavesFolder)).toBe(false);
});
