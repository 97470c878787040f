/** Graphs of one size, run for real: what they draw and find has the place and proportions of the picture. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { openNodeSession } from '../../../build/node-session';
import { readOnnx } from '../../foundry/onnx';
import { onnxType } from '../../foundry/onnx-tensor';
import { GraphBuilder, writeOnnx } from '../../foundry/onnx-writer';
import { useOf } from '../../library/recognise';
import { card as finderCard } from '../../models/obscura-faces/card';
import type { RgbaImage } from '../../runtime/image';
import { resizeArea } from '../../runtime/resize';
import type { Session } from '../../runtime/runtime';
import { drawPicture } from './draw';
import { candidatesAt } from './faces';

const opened: Session[] = [];
afterEach(async () => {
  for (const session of opened.splice(0)) await session.release();
});
async function open(model: Uint8Array) {
  const session = await openNodeSession(model);
  opened.push(session);
  return session;
}

/** Without a pattern, in blocks of so many pixels. */
function noise(width: number, height: number, block: number): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const place = Math.floor((at % width) / block) + 997 * Math.floor(at / width / block);
    const value = (Math.imul(place + 1, 2_654_435_761) >>> 16) & 255;
    data.set([value, value ^ 85, value ^ 170, 255], at * 4);
  }
  return { width, height, data };
}

/** Red grows to the right, green downwards. */
function ramp(width: number, height: number): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at++)
    data.set([(255 * (at % width)) / width, (255 * Math.floor(at / width)) / height, 40, 255], at * 4);
  return { width, height, data };
}

/** Draws what it is given, at one size alone; with a side left free where `dims` leave it. */
function painter(...dims: [height: number | string, width: number | string]): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder();
  graph.finish(graph.node('Mul', ['x', graph.scalar(1)]), 'y');
  const picture = (name: string) => ({ name, elementType: onnxType.float32, dims: [1, 3, ...dims] });
  const { nodes, tensors } = graph;
  return writeOnnx('painter', { opset: 17, inputs: [picture('x')], outputs: [picture('y')], nodes, tensors });
}

test.each<readonly [string, readonly [number, number | string], readonly [number, number]]>([
  ['wider than the picture', [96, 160], [60, 80]],
  ['smaller than the picture', [64, 64], [300, 200]],
  ['of one free side', [128, 'w'], [70, 150]],
])('a painter whose size is %s draws all of it in its own proportions', async (_, dims, [w, h]) => {
  const model = painter(...dims);
  const use = useOf(readOnnx(model));
  if (use.role !== 'cartoon') throw new Error(use.role);
  expect(use.spec.size).toEqual({ width: typeof dims[1] === 'number' ? dims[1] : 128, height: dims[0] });
  const photo = ramp(w, h);
  const steps = drawPicture({ session: await open(model), spec: use.spec }, photo, {
    signal: new AbortController().signal,
  });
  const step = await steps.next();
  if (!step.done) throw new Error('more than one run');
  const drawn = step.value;
  expect([drawn.width, drawn.height]).toEqual([w, h]);
  // Made smaller and larger again it is softer at the rims; white from beyond would be far off.
  const apart = drawn.data.map((value, at) => Math.abs(value - photo.data[at]!));
  expect(apart.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(16);
});

test('a finder of one size finds what the free one finds in the picture at that size', async () => {
  const bytes = readFileSync(new URL(`../../../public/${finderCard.part.path}`, import.meta.url));
  const free = readOnnx(bytes);
  const [input] = free.inputs;
  const inputs = [{ ...input!, dims: [1, 192, 320, 4] }];
  const fixed = writeOnnx('fixed', { ...free, inputs });
  expect(useOf(readOnnx(fixed)).role).toBe('faces');
  const { spec } = finderCard.use;
  const photo = noise(640, 320, 6);
  const small = resizeArea(photo, 320, 160);
  const found = await candidatesAt({ session: await open(fixed), spec }, photo, 1e-6);
  // Below its 160 rows lie 32 of black, as the free one would pad them.
  const padded = { width: 320, height: 192, data: new Uint8ClampedArray(320 * 192 * 4) };
  padded.data.set(small.data);
  const wanted = await candidatesAt({ session: await open(bytes), spec }, padded, 1e-6);
  expect(found.length).toBeGreaterThan(3);
  expect(found.map(({ x, y, width }) => [x, y, width].map((value) => value.toFixed(2)))).toEqual(
    wanted.map(({ x, y, width }) => [2 * x, 2 * y, 2 * width].map((value) => value.toFixed(2))),
  );
});

test('a finder whose size its cells do not divide, and a painter of hardly a pixel, are refused', () => {
  const bytes = readFileSync(new URL(`../../../public/${finderCard.part.path}`, import.meta.url));
  const free = readOnnx(bytes);
  const odd = { ...free, inputs: [{ ...free.inputs[0]!, dims: [1, 100, 100, 4] }] };
  expect(() => useOf(odd)).toThrow('model/not-recognised');
  expect(() => useOf(readOnnx(painter(8, 8)))).toThrow('model/not-recognised');
});
