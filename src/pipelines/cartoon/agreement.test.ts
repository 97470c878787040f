/**
 * The pipeline with real networks on onnxruntime-web's wasm, in Node: against DCT-Net's own pipeline in Python
 * (reference/dct_net.py), and tiles against the whole. What needs ../shared/data skips without it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, test } from 'vitest';
import type { RgbaImage } from '../../runtime/image';
import type { Session, Tensor } from '../../runtime/runtime';
import type { OpenModel } from '../pipeline';
import {
  defaultCartoonOptions,
  type CartoonOptions,
  type CartoonResult,
  type CartoonSpec,
  type FacesSpec,
} from './card';
import { drawPicture } from './draw';
import { run } from './run';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const dctNet: CartoonSpec = {
  style: 'anime',
  input: 'input',
  output: 'output',
  layout: 'nchw',
  order: 'bgr',
  inputRange: [0, 255],
  outputRange: [0, 255],
  multiple: 4,
  haloPx: 64,
};
const builtIn: CartoonSpec = { ...dctNet, layout: 'rgba', order: 'rgb', multiple: 16 };
const tinyNet: CartoonSpec = { ...dctNet, multiple: 2, haloPx: 14 };

describe('tiles equal the whole picture', () => {
  test('with a small two-scale network, whatever the phase of the cut', async () => {
    const net = await openNet(local('reference/tiny-net.onnx'), tinyNet);
    expect(await tileError(net, noise(150, 131), [50, 48, 37])).toBeLessThanOrEqual(1);
  });

  test('a halo that is too short does not, so the test above can fail', async () => {
    const net = await openNet(local('reference/tiny-net.onnx'), { ...tinyNet, haloPx: 6 });
    expect(await tileError(net, noise(150, 131), [50])).toBeGreaterThan(1);
  });

  test('with the built-in styles', { timeout: 60_000 }, async () => {
    for (const style of ['anime', '3d', 'handdrawn', 'sketch']) {
      const name = `obscura-cartoon-${style}`;
      const file = new URL(`../../../public/models/${name}/${name}.onnx`, import.meta.url);
      const net = await openNet(file, builtIn);
      expect(await tileError(net, noise(304, 208), [160, 96]), style).toBeLessThanOrEqual(1);
    }
  });

  test.skipIf(!existsSync(shared('dct-net/anime.onnx')))(
    'with the real DCT-Net',
    { timeout: 60_000 },
    async () => {
      const net = await openNet(shared('dct-net/anime.onnx'), dctNet);
      expect(await tileError(net, noise(304, 200), [160])).toBeLessThanOrEqual(1);
    },
  );
});

const photo = shared('photos/other/skimage_astronaut.png');

describe.skipIf(!existsSync(photo))('the astronaut as DCT-Net draws her', { timeout: 60_000 }, () => {
  const golden = () => readPng(fixture('skimage_astronaut.png'));
  const faces = () =>
    (
      JSON.parse(readFileSync(fixture('faces.json'), 'utf8')) as Record<
        string,
        { box: number[]; landmarks: number[] }[]
      >
    )['skimage_astronaut']!;

  test('agrees with the independent script: 40 dB whole, 35 dB in the face, landmarks within a pixel', async () => {
    const result = await cartoonize({ keepSkin: false });
    const [face] = faces();
    expect(result.faces).toHaveLength(1);
    result.faces[0]!.landmarks.forEach((value, i) =>
      expect(Math.abs(value - face!.landmarks[i]!)).toBeLessThan(1),
    );
    expect(psnr(result.image, golden())).toBeGreaterThanOrEqual(40);
    expect(psnr(result.image, golden(), face!.box)).toBeGreaterThanOrEqual(35);
  });

  test('a mutant without the head network fails both', async () => {
    const [face] = faces();
    const everywhere = { x: 0, y: 0, width: 512, height: 512 };
    const mutant = await cartoonize({ keepSkin: false, dismissedFaces: [everywhere] });
    expect(mutant.faces).toEqual([]);
    expect(psnr(mutant.image, golden())).toBeLessThan(40);
    expect(psnr(mutant.image, golden(), face!.box)).toBeLessThan(35);
  });
});

async function cartoonize(options: Partial<CartoonOptions>): Promise<CartoonResult> {
  const net = await openNet(shared('dct-net/anime.onnx'), dctNet);
  const finder = await openNet<FacesSpec>(shared('yunet/yunet_s_dynamic.onnx'), {
    decode: 'yunet',
    minScore: 0.6,
  });
  const steps = run(
    readPng(photo),
    { ...defaultCartoonOptions, lift: false, ...options },
    {
      open: (role) => Promise.resolve((role === 'cartoon' ? net : finder) as never),
      signal: new AbortController().signal,
      onGpu: null,
    },
  );
  return finish(steps);
}

async function tileError(
  net: OpenModel<CartoonSpec>,
  picture: RgbaImage,
  tileSides: number[],
): Promise<number> {
  const draw = (tiling: { wholeAreaPx: number; tileSidePx: number }) =>
    finish(drawPicture(net, picture, { signal: new AbortController().signal, tiling }));
  const whole = await draw({ wholeAreaPx: Infinity, tileSidePx: 640 });
  let worst = 0;
  for (const tileSidePx of tileSides) {
    const tiled = await draw({ wholeAreaPx: 0, tileSidePx });
    tiled.data.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - whole.data[i]!))));
  }
  return worst;
}

async function finish<T>(steps: AsyncGenerator<unknown, T, void>): Promise<T> {
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

async function openNet<Spec>(path: string | URL, spec: Spec): Promise<OpenModel<Spec>> {
  const inner = await ort.InferenceSession.create(new Uint8Array(readFileSync(path)));
  const session: Session = {
    inputs: inner.inputNames.map((name) => ({ name, type: 'float32', dims: [] })),
    outputs: inner.outputNames.map((name) => ({ name, type: 'float32', dims: [] })),
    async run(feeds) {
      const entries = Object.entries(feeds).map(([name, { type, data: values, dims }]) => [
        name,
        new ort.Tensor(type as 'float32', values as Float32Array, dims),
      ]);
      const outputs = await inner.run(Object.fromEntries(entries) as Record<string, ort.Tensor>);
      return outputs as unknown as Record<string, Tensor>;
    },
    release: () => inner.release(),
  };
  return { session, spec };
}

/** Smooth noise with sharp steps in it, the same at each run. */
function noise(width: number, height: number): RgbaImage {
  const pixels = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => {
    const x = Math.floor(i / 4) % width;
    const y = Math.floor(i / 4 / width);
    const wave = Math.sin(x * 0.31 + (i % 4)) * Math.cos(y * 0.23) * 90 + ((x * 7 + y * 13) % 29) * 2;
    return i % 4 === 3 ? 255 : 100 + wave + (x > y ? 40 : 0);
  });
  return { width, height, data: pixels };
}

function psnr(a: RgbaImage, b: RgbaImage, box = [0, 0, a.width, a.height]): number {
  const [x0 = 0, y0 = 0, width = 0, height = 0] = box.map(Math.round);
  let sum = 0;
  for (let y = y0; y < y0 + height; y++) {
    for (let x = x0; x < x0 + width; x++) {
      for (let c = 0; c < 3; c++)
        sum += (a.data[(y * a.width + x) * 4 + c]! - b.data[(y * a.width + x) * 4 + c]!) ** 2;
    }
  }
  return 10 * Math.log10((255 ** 2 * width * height * 3) / sum);
}

/** 8-bit RGB PNG without interlace: all that OpenCV and the astronaut need. */
function readPng(path: string | URL): RgbaImage {
  const bytes = readFileSync(path);
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const chunks: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12) {
    if (bytes.toString('latin1', at + 4, at + 8) !== 'IDAT') continue;
    chunks.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(chunks));
  const stride = width * 3;
  let above = new Uint8Array(stride);
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    const line = new Uint8Array(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let i = 0; i < stride; i++) {
      const [left, up, corner] = [i < 3 ? 0 : line[i - 3]!, above[i]!, i < 3 ? 0 : above[i - 3]!];
      const guess = left + up - corner;
      const [pa, pb, pc] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      const paeth = pa <= pb && pa <= pc ? left : pb <= pc ? up : corner;
      line[i]! += [0, left, up, (left + up) >> 1, paeth][filter]!;
      pixels[(y * width + Math.floor(i / 3)) * 4 + (i % 3)] = line[i]!;
    }
    above = line;
  }
  return { width, height, data: pixels };
}

function shared(path: string): string {
  return new URL(`../../../../shared/data/${path}`, import.meta.url).pathname;
}

function local(path: string): URL {
  return new URL(path, import.meta.url);
}

function fixture(name: string): URL {
  return new URL(`../../../e2e/fixtures/dct-net/${name}`, import.meta.url);
}
