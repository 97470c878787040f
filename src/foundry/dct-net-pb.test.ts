/** The fixtures are TensorFlow's own: reference/dct_net_pb.py froze the graphs and drew with them. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { convertDctNet } from './dct-net-pb';
import { readOnnx } from './onnx';
import { readFields, writeFields, type Outgoing } from './protobuf';
import { readTfGraph } from './tf-graph';

ort.env.wasm.numThreads = 1;

const reference = resolve(import.meta.dirname, 'reference');
const fixture = (name: string) => new Uint8Array(readFileSync(resolve(reference, name)));

interface Drawn {
  width: number;
  height: number;
  photo: string;
  drawing: string;
}

test.each(['dct-net-leaky', 'dct-net-maximum'])(
  '%s, converted, draws what TensorFlow drew to a hundredth of a level',
  async (name) => {
    const facts = JSON.parse(readFileSync(resolve(reference, `${name}.json`), 'utf8')) as Drawn;
    const pixels = facts.width * facts.height;
    const rgb = Buffer.from(facts.photo, 'base64');
    const photo = Float32Array.from({ length: 3 * pixels }, (_, i) => {
      const [channel, pixel] = [Math.floor(i / pixels), i % pixels];
      return rgb[pixel * 3 + 2 - channel]!;
    });
    const wanted = new Float32Array(new Uint8Array(Buffer.from(facts.drawing, 'base64')).buffer);
    const session = await ort.InferenceSession.create(convertDctNet(fixture(`${name}.pb`)));
    const dims = [1, 3, facts.height, facts.width];
    const { output } = await session.run({ input: new ort.Tensor('float32', photo, dims) });
    expect(output!.dims).toEqual(dims);
    const worst = wanted.reduce((most, value, i) => {
      const drawn = output!.data[(i % 3) * pixels + Math.floor(i / 3)] as number;
      return Math.max(most, Math.abs(drawn - value));
    }, 0);
    expect(worst).toBeLessThan(0.01);
  },
);

test('the same file gives the same bytes, with standard operators alone', () => {
  const onnx = convertDctNet(fixture('dct-net-leaky.pb'));
  expect(Buffer.compare(convertDctNet(fixture('dct-net-leaky.pb')), onnx)).toBe(0);
  expect(readOnnx(onnx)).toMatchObject({
    opset: 13,
    inputs: [{ name: 'input', dims: [1, 3, 'h', 'w'] }],
    outputs: [{ name: 'output', dims: [1, 3, 'h', 'w'] }],
    foreignOperators: [],
    externalFiles: [],
  });
});

const maximum = fixture('dct-net-maximum.pb');

/** The nodes of the graph as they lie in the file, changed or dropped by name. */
function edited(change: (name: string, node: Uint8Array) => Uint8Array | null): Uint8Array {
  const names = [...readFields(maximum)].flatMap(({ number, value }): Outgoing[] => {
    if (number !== 1 || typeof value === 'number') return [];
    const [name] = [...readFields(value)].filter((field) => field.number === 1);
    const node = change(new TextDecoder().decode(name!.value as Uint8Array), value);
    return node ? [[1, node]] : [];
  });
  return writeFields(names);
}

const attribute = (name: string, value: Outgoing): Outgoing => [
  5,
  writeFields([
    [1, name],
    [2, writeFields([value])],
  ]),
];
/** The later of two entries of a map holds. */
const withAttribute = (node: Uint8Array, name: string, value: Outgoing) =>
  Uint8Array.from([...node, ...writeFields([attribute(name, value)])]);

test('nodes in any order are the same network', () => {
  const nodes = [...readFields(maximum)].filter(({ number }) => number === 1).reverse();
  const backwards = writeFields(nodes.map(({ value }): Outgoing => [1, value as Uint8Array]));
  expect(Buffer.compare(convertDctNet(backwards), convertDctNet(maximum))).toBe(0);
});

test.each([
  ['one convolution is missing', edited((name, node) => (name.endsWith('Conv_9/Conv2D') ? null : node))],
  ['a bias is missing', edited((name, node) => (name.endsWith('Conv_3/BiasAdd') ? null : node))],
  ['weights were never frozen', edited((name, node) => (name.endsWith('Conv_2/weights') ? null : node))],
  [
    'a convolution has another stride',
    edited((name, node) =>
      name.endsWith('Conv_2/Conv2D')
        ? withAttribute(node, 'strides', [1, writeFields([1, 2, 2, 1].map((step): Outgoing => [3, step]))])
        : node,
    ),
  ],
  [
    'a convolution pads otherwise',
    edited((name, node) =>
      name.endsWith('Conv_2/Conv2D') ? withAttribute(node, 'padding', [2, 'VALID']) : node,
    ),
  ],
  [
    'the enlargement is another one',
    edited((name, node) =>
      name.endsWith('ResizeBilinear') ? withAttribute(node, 'half_pixel_centers', [5, 1]) : node,
    ),
  ],
  ['a leaky ReLU is missing', edited((name, node) => (name === 'generator/Maximum_3' ? null : node))],
  ['it is another graph', edited((name, node) => (name === 'input_image' ? node : null))],
])('refused when %s', (_, pb) => {
  expect(() => convertDctNet(pb)).toThrow(/model\/not-dct-net/);
});

test('a file cut short anywhere is refused, never converted', () => {
  for (let at = 0; at < maximum.length; at += 997) {
    expect(() => convertDctNet(maximum.subarray(0, at)), `${at} bytes`).toThrow(
      /model\/(damaged|not-dct-net)/,
    );
  }
});

test('a graph that runs in a circle is read to its end', () => {
  const node = (name: string, input: string) =>
    writeFields([
      [1, name],
      [2, 'Identity'],
      [3, input],
    ]);
  const circle = writeFields([
    [1, node('a', 'b')],
    [1, node('b', 'a')],
  ]);
  expect([...readTfGraph(circle).keys()].sort()).toEqual(['a', 'b']);
});

test('a few bytes that stand for many values are refused before they are unpacked', () => {
  const constant = (name: string, sides: number[]) => {
    const shape = writeFields(sides.map((side): Outgoing => [2, writeFields([[1, side]])]));
    const tensor = writeFields([
      [1, 1],
      [2, shape],
    ]);
    return writeFields([[1, name], [2, 'Const'], attribute('value', [8, tensor])]);
  };
  const node = (name: string, op: string, ...inputs: string[]) =>
    writeFields([
      [1, name],
      [2, op],
      ...inputs.map((input): Outgoing => [3, input]),
      attribute('padding', [2, 'SAME']),
    ]);
  const layers = Array.from({ length: 64 }, (_, i) => [
    node(`c${i}`, 'Conv2D', 'x', 'w'),
    node(`d${i}`, 'BiasAdd', `c${i}`, 'b'),
  ]);
  const nodes = [constant('w', [1, 1, 1024, 1024]), constant('b', [1024]), ...layers.flat()];
  const pb = writeFields(nodes.map((each): Outgoing => [1, each]));
  const before = process.memoryUsage().arrayBuffers;
  expect(() => convertDctNet(pb)).toThrow(/"convolutions":64/);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20);
});
