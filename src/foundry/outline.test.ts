import { joined } from '../base/bytes';
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import type { SyncByteSource } from '../base/byte-source';
import { readInPlace } from '../runtime/weights';
import { readOnnx } from './onnx';
import { floatTensor, onnxType } from './onnx-tensor';
import { writeOnnx } from './onnx-writer';
import { outlineOf } from './outline';
import { writeFields } from './protobuf';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const tinyNet = new Uint8Array(
  readFileSync(new URL('../pipelines/cartoon/reference/tiny-net.onnx', import.meta.url)),
);

/** A file in memory that notes what was asked of it. */
function fileOf(content: Uint8Array): SyncByteSource & { asked: number[] } {
  const asked: number[] = [];
  const read = (offset: number, length: number) => {
    asked.push(length);
    return content.subarray(offset, offset + length);
  };
  return { bytes: content.length, read, lend: read, asked };
}

const picture = new ort.Tensor(
  'float32',
  Float32Array.from({ length: 3 * 24 * 20 }, (_, i) => (i * 37) % 256),
  [1, 3, 24, 20],
);

async function drawnBy(session: ort.InferenceSession): Promise<Float32Array> {
  const outputs = await session.run({ [session.inputNames[0]!]: picture });
  return outputs[session.outputNames[0]!]!.data as Float32Array;
}

test('a session of the outline, its weights read from the file, draws what one of the whole file does', async () => {
  const file = fileOf(tinyNet);
  const graph = outlineOf(file, 'weights', 64);
  const left = readOnnx(graph);
  expect(left.externalFiles).toEqual(['weights']);
  expect(graph.length).toBeLessThan(tinyNet.length / 2);
  file.asked.length = 0;
  const { buffer } = readInPlace(file);
  const lazy = await ort.InferenceSession.create(graph, {
    externalData: [{ path: 'weights', data: buffer }],
  });
  const outside = left.tensors.filter(({ external }) => external !== null);
  expect(file.asked.toSorted()).toEqual(outside.map(({ external }) => external!.bytes).toSorted());
  const whole = await ort.InferenceSession.create(tinyNet);
  expect(await drawnBy(lazy)).toEqual(await drawnBy(whole));
});

test('weights that cannot be read are told, not drawn with', async () => {
  const graph = outlineOf(fileOf(tinyNet), 'weights', 64);
  const gone = () => {
    throw new Error('gone');
  };
  const reading = readInPlace({ bytes: tinyNet.length, read: gone, lend: gone });
  const making = ort.InferenceSession.create(graph, {
    externalData: [{ path: 'weights', data: reading.buffer }],
  });
  await expect(making).rejects.toThrow();
  expect(reading.explain()).toMatchObject({
    code: 'model/damaged',
    details: { dead: true },
    cause: { message: 'gone' },
  });
});

test('of a file without large weights the outline is the file', () => {
  expect(outlineOf(fileOf(tinyNet), 'weights', 2 ** 30)).toEqual(tinyNet);
});

test('everything but the large values is kept as it stands, and only the keys between them are read', () => {
  const large = floatTensor('large', [1_000_000], new Float32Array(1_000_000).fill(3));
  const small = floatTensor('small', [2], Float32Array.of(1, 2));
  const value = (name: string) => ({ name, elementType: onnxType.float32, dims: [2] });
  const model = {
    opset: 17,
    inputs: [value('x')],
    outputs: [value('y')],
    nodes: [],
    tensors: [large, small, large],
  };
  const file = fileOf(writeOnnx('large', model));
  const { tensors, ...rest } = readOnnx(outlineOf(file, 'here'));
  expect(rest).toMatchObject({ opset: 17, inputs: [value('x')], outputs: [value('y')] });
  expect(tensors.map(({ name, dims, raw }) => [name, dims, raw.length])).toEqual([
    ['large', [1_000_000], 0],
    ['small', [2], 8],
    ['large', [1_000_000], 0],
  ]);
  for (const { external } of [tensors[0]!, tensors[2]!]) {
    expect(external).toMatchObject({ location: 'here', bytes: 4_000_000 });
    expect(new DataView(file.read(external!.offset, 4).slice().buffer).getFloat32(0, true)).toBe(3);
  }
  expect(file.asked.reduce((sum, length) => sum + length)).toBeLessThan(2_000_000);
});

test('a tensor that is none, or says its values twice, stays as it is', () => {
  const raw = new Uint8Array(100).fill(7);
  const odd = writeFields([
    [9, raw],
    [9, raw],
  ]);
  const unpacked = joined([Uint8Array.of(4 * 8 + 5, 0, 0, 0, 0), writeFields([[3, raw]])]);
  const file = writeFields([
    [
      7,
      writeFields([
        [5, odd],
        [5, unpacked],
        [5, 3],
      ]),
    ],
  ]);
  expect(outlineOf(fileOf(file), 'weights', 10)).toEqual(file);
});

test('a file cut short anywhere is refused', () => {
  for (let at = 1; at < tinyNet.length; at += 7) {
    let outline: Uint8Array | null = null;
    try {
      outline = outlineOf(fileOf(tinyNet.subarray(0, at)), 'weights', 64);
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'model/damaged' });
    }
    // Cut between two fields of the outermost message nothing is missing that could be noticed here.
    if (outline) expect(outline.length).toBeLessThanOrEqual(at + 64);
  }
});
