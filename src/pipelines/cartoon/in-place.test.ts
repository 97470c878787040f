/** Faces drawn in their place, with a net that halves every value. */
import { expect, test } from 'vitest';
import type { RgbaImage } from '../../runtime/image';
import type { OpenModel } from '../pipeline';
import type { CartoonSpec, Face } from './card';
import { drawInPlace } from './in-place';

const net: OpenModel<CartoonSpec> = {
  session: {
    inputs: [{ name: 'x', type: 'float32', dims: [1, 3, 'h', 'w'] }],
    outputs: [],
    run: ({ x }) => {
      const y = { ...x!, data: (x!.data as Float32Array).map((value) => value / 2) };
      return Promise.resolve({ y });
    },
    release: () => Promise.resolve(),
  },
  spec: {
    ...{ style: 'anime', input: 'x', output: 'y', layout: 'nchw', order: 'rgb' },
    ...{ inputRange: [0, 1], outputRange: [0, 1], multiple: 8, haloPx: 16 },
  },
};

/** Bright, with a slow slope across and a grain of ±8 where it is asked for. */
function slope(width: number, height: number, grain: number): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    const value = 120 + (100 * (i % width)) / width + ((i * 7919) % 17 > 8 ? grain : -grain);
    data.fill(value, i * 4, i * 4 + 3);
  }
  return { width, height, data };
}

/** Seen from the front, with so many pixels between the eyes. */
function faceAt(x: number, y: number, eyesPx: number): Face {
  const points = [-0.5, -0.45, 0.5, -0.45, 0, 0.1, -0.4, 0.6, 0.4, 0.6];
  const landmarks = points.map((share, k) => (k % 2 ? y : x) + share * eyesPx);
  return { x: x - eyesPx, y: y - eyesPx, width: 2 * eyesPx, height: 2 * eyesPx, score: 1, landmarks };
}

async function drawn(photo: RgbaImage, faces: readonly Face[], lift: boolean) {
  const options = { signal: new AbortController().signal, onGpu: null };
  const steps = drawInPlace(net, { photo, faces, wanted: { keepSkin: false, lift } }, options);
  const shares: number[] = [];
  for (;;) {
    const step = await steps.next();
    if (step.done) return { image: step.value, shares };
    shares.push(step.value);
  }
}

/** How far from half the photo's value the worst pixel of a square about the point is, of 255. */
function farFromHalf(photo: RgbaImage, image: RgbaImage, at: { x: number; y: number; reach: number }) {
  let worst = 0;
  for (let y = at.y - at.reach; y <= at.y + at.reach; y++) {
    for (let x = at.x - at.reach; x <= at.x + at.reach; x++) {
      const o = (y * photo.width + x) * 4;
      worst = Math.max(worst, Math.abs(image.data[o]! - photo.data[o]! / 2));
    }
  }
  return worst;
}

/** `toEqual` takes half a minute for a picture. */
const isSame = (a: Uint8ClampedArray, b: Uint8ClampedArray) =>
  Buffer.from(a.buffer).equals(Buffer.from(b.buffer));

function changed(photo: RgbaImage, image: RgbaImage) {
  let [left, right] = [photo.width, -1];
  for (let i = 0; i < photo.data.length; i += 4) {
    if (photo.data[i] === image.data[i]) continue;
    const x = (i / 4) % photo.width;
    left = Math.min(left, x);
    right = Math.max(right, x);
  }
  return { left, right };
}

test.each([
  ['smaller than the net’s', 40, false],
  ['of the net’s size', 68, false],
  ['three times as large', 204, true],
  ['three times as large, enlarged softly', 204, false],
])('a face %s is drawn where it is, and the rest stays the photo to the bit', async (_, eyesPx, lift) => {
  const photo = slope(1200, 900, 0);
  const before = photo.data.slice();
  const { image, shares } = await drawn(photo, [faceAt(600, 450, eyesPx)], lift);
  expect(farFromHalf(photo, image, { x: 600, y: 450, reach: Math.round(eyesPx / 2) })).toBeLessThan(2);
  // A head is 288 pixels wide where the eyes are 68 apart.
  const reach = (288 / 68) * eyesPx * 0.55;
  const { left, right } = changed(photo, image);
  expect(left).toBeGreaterThan(600 - reach);
  expect(right).toBeLessThan(600 + reach);
  expect(right - left).toBeGreaterThan(2 * eyesPx);
  expect(shares).toEqual([1]);
  expect(isSame(photo.data, before)).toBe(true);
});

test('a large face leaves no grain of the photo behind where it is drawn', async () => {
  const photo = slope(1200, 900, 8);
  const { image } = await drawn(photo, [faceAt(600, 450, 204)], true);
  let rough = 0;
  for (let x = 520; x < 680; x++) {
    const o = (450 * photo.width + x) * 4;
    rough += Math.abs(image.data[o]! - image.data[o + 4]!) / 160;
  }
  expect(rough).toBeLessThan(1.5);
});

test('without a face nothing is drawn, and a stopped run draws no further', async () => {
  const photo = slope(320, 256, 8);
  expect(isSame((await drawn(photo, [], true)).image.data, photo.data)).toBe(true);
  const stopped = { signal: AbortSignal.abort(), onGpu: null };
  const on = { photo, faces: [faceAt(160, 128, 40)], wanted: { keepSkin: false, lift: true } };
  await expect(drawInPlace(net, on, stopped).next()).rejects.toThrow(/abort/i);
});
