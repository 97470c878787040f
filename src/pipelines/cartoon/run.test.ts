/** The order of the pipeline and its laws, with networks of a few lines in place of real ones. */
import { expect, test } from 'vitest';
import type { WorkProgress } from '../../base/progress';
import type { RgbaImage } from '../../runtime/image';
import type { Session, Tensor } from '../../runtime/runtime';
import type { OpenModel, RunContext } from '../pipeline';
import { defaultCartoonOptions, type CartoonOptions, type CartoonSpec, type FacesSpec } from './card';
import { paddedSize } from './draw';
import { headMask, headSidePx } from './mask';
import { run } from './run';
import { toonSize } from './toon-size';

const spec: CartoonSpec = {
  style: 'anime',
  input: 'x',
  output: 'y',
  layout: 'nchw',
  order: 'rgb',
  inputRange: [0, 1],
  outputRange: [0, 1],
  multiple: 8,
  haloPx: 16,
};

/** Darkens what it is given, and a 288 × 288 head more so that it can be told apart. */
function net(seen: Record<string, Tensor>[] = []): OpenModel<CartoonSpec> {
  const session: Session = {
    inputs: [{ name: 'x', type: 'float32', dims: [1, 3, 'h', 'w'] }],
    outputs: [],
    run: (feeds) => {
      seen.push({ ...feeds });
      const x = feeds['x']!;
      const isHead = x.dims[2] === headSidePx && x.dims[3] === headSidePx;
      const y = (x.data as Float32Array).map((value) => value * (isHead ? 0.2 : 0.8));
      return Promise.resolve({ y: { ...x, data: y } });
    },
    release: () => Promise.resolve(),
  };
  return { session, spec };
}

/** Where the finder sees landmarks, in cells of 32 px from the face's own. */
const seenLandmarks = [-0.7, -0.5, 0.7, -0.5, 0, 0.2, -0.5, 0.9, 0.5, 0.9];

/** One face of 120 px about the given point of the picture, at the first scale alone. */
function finder(faceX: number, faceY: number): OpenModel<FacesSpec> {
  const session: Session = {
    inputs: [{ name: 'input', type: 'float32', dims: [] }],
    outputs: [],
    run: (feeds) => {
      const [, , height = 0, width = 0] = feeds['input']!.dims;
      const outputs: Record<string, Tensor> = {};
      for (const stride of [8, 16, 32]) {
        const cells = (width / stride) * (height / stride);
        for (const [name, size] of [
          ['cls', 1],
          ['obj', 1],
          ['bbox', 4],
          ['kps', 10],
        ] as const) {
          const data = new Float32Array(cells * size);
          const cell = Math.floor(faceY / 32) * (width / 32) + Math.floor(faceX / 32);
          if (stride === 32 && faceX < width && faceY < height) {
            if (size === 1) data[cell] = 1;
            if (name === 'bbox') data.set([0, 0, Math.log(120 / 32), Math.log(120 / 32)], cell * 4);
            if (name === 'kps') data.set(seenLandmarks, cell * 10);
          }
          outputs[`${name}_${stride}`] = { type: 'float32', dims: [1, cells, size], data };
        }
      }
      return Promise.resolve(outputs);
    },
    release: () => Promise.resolve(),
  };
  return { session, spec: { decode: 'yunet', minScore: 0.6 } };
}

function grey(width: number, height: number, value = 200): RgbaImage {
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : value));
  return { width, height, data };
}

async function collect(
  photo: RgbaImage,
  options: Partial<CartoonOptions>,
  models: { cartoon: OpenModel<CartoonSpec> | null; faces: OpenModel<FacesSpec> | null },
  signal = new AbortController().signal,
) {
  const open = ((role) => Promise.resolve(models[role])) as RunContext<'cartoon'>['open'];
  const steps = run(
    photo,
    { ...defaultCartoonOptions, keepSkin: false, ...options },
    { open, signal, onGpu: null },
  );
  const progress: WorkProgress[] = [];
  for (;;) {
    const step = await steps.next();
    if (step.done) return { ...step.value, progress };
    progress.push(step.value);
  }
}

const at = (image: RgbaImage, x: number, y: number) => [
  ...image.data.subarray((y * image.width + x) * 4, (y * image.width + x) * 4 + 4),
];

test('the whole is drawn by one pass and the head by another, softly pasted', async () => {
  const { image, faces } = await collect(grey(320, 256), {}, { cartoon: net(), faces: finder(160, 96) });
  expect(faces).toHaveLength(1);
  expect(at(image, 4, 250)).toEqual([160, 160, 160, 255]);
  expect(at(image, 160, 110)).toEqual([40, 40, 40, 255]);
});

test('progress never falls, keeps its total and ends complete, with any number of faces and tiles', async () => {
  for (const [photo, faces] of [
    [grey(320, 256), finder(160, 96)],
    [grey(320, 256), null],
    [grey(3000, 800), finder(160, 96)],
  ] as const) {
    const box = { x: 10, y: 10, width: 80, height: 90 };
    const { progress } = await collect(photo, { markedFaces: [box] }, { cartoon: net(), faces });
    const [first] = progress;
    progress.forEach((each, i) => {
      expect(each.total).toBe(first!.total);
      expect(each.done).toBeGreaterThanOrEqual(i ? progress[i - 1]!.done : 0);
    });
    expect(progress.at(-1)!.done).toBe(first!.total);
  }
});

test('a dismissed face is left alone, and one marked by hand is drawn without a finder', async () => {
  const everything = { x: 0, y: 0, width: 320, height: 256 };
  const none = await collect(
    grey(320, 256),
    { dismissedFaces: [everything] },
    { cartoon: net(), faces: finder(160, 96) },
  );
  expect(none.faces).toEqual([]);
  expect(at(none.image, 160, 110)).toEqual([160, 160, 160, 255]);

  const box = { x: 100, y: 40, width: 100, height: 130 };
  const marked = await collect(grey(320, 256), { markedFaces: [box] }, { cartoon: net(), faces: null });
  expect(marked.faces).toMatchObject([{ ...box, score: 1 }]);
  expect(at(marked.image, 150, 110)).toEqual([40, 40, 40, 255]);
});

test('a marked face that the finder also sees is drawn once, with the landmarks that were found', async () => {
  const seen: Record<string, Tensor>[] = [];
  const box = { x: 90, y: 30, width: 140, height: 140 };
  const { faces } = await collect(
    grey(320, 256),
    { markedFaces: [box] },
    { cartoon: net(seen), faces: finder(160, 96) },
  );
  // The look around the box is at 20…300 × 0…240 of the photo, shown as 320 × 274; the face is in cell 5, 3 of it.
  const found = seenLandmarks.map((cells, k) =>
    k % 2 ? ((3 + cells) * 32 * 240) / 274 : 20 + ((5 + cells) * 32 * 280) / 320,
  );
  expect(faces).toHaveLength(1);
  expect(faces[0]!.landmarks).toEqual(found.map((value) => expect.closeTo(value, 3) as number));
  expect(seen.filter((feeds) => feeds['x']!.dims[2] === headSidePx)).toHaveLength(1);
});

test('without a cartoon model the job says so, and an aborted one throws the reason', async () => {
  const missing = collect(grey(64, 64), {}, { cartoon: null, faces: null });
  await expect(missing).rejects.toMatchObject({ code: 'model/not-installed' });
  const stopped = new AbortController();
  stopped.abort('enough');
  const late = collect(grey(64, 64), {}, { cartoon: net(), faces: null }, stopped.signal);
  await expect(late).rejects.toBe('enough');
});

test('one pixel, a strip and a large photo come back in their own size', async () => {
  for (const [width, height] of [
    [1, 1],
    [1, 900],
    [1801, 1203],
  ] as const) {
    const { image } = await collect(
      grey(width, height),
      { keepSkin: true },
      { cartoon: net(), faces: finder(160, 96) },
    );
    expect([image.width, image.height]).toEqual([width, height]);
    expect(at(image, 0, 0)[3]).toBe(255);
  }
});

/** Dark on the left, light on the right. */
function halves(width: number, height: number): RgbaImage {
  const image = grey(width, height, 40);
  for (let i = 0; i < image.data.length; i += 4)
    if ((i / 4) % width >= width / 2) image.data.fill(240, i, i + 3);
  return image;
}

test('a photo above the line size comes back with sharper edges when lifted, a small one the same', async () => {
  const models = { cartoon: net(), faces: null };
  const between = ({ image }: { image: RgbaImage }) =>
    Array.from({ length: image.width }, (_, x) => at(image, x, 400)[0]!).filter((v) => v > 45 && v < 180)
      .length;
  const large = halves(1101, 1080);
  const lifted = between(await collect(large, { lift: true }, models));
  expect(lifted).toBeLessThan(between(await collect(large, { lift: false }, models)));
  const small = halves(701, 410);
  const drawn = await Promise.all([true, false].map((lift) => collect(small, { lift }, models)));
  expect(drawn[0]!.image.data).toEqual(drawn[1]!.image.data);
});

test('the line size is the short side that is drawn, and no photo is drawn larger than it is', async () => {
  const drawnSides = async (width: number, height: number, lineSizePx: 720 | 900 | 1080) => {
    const seen: Record<string, Tensor>[] = [];
    await collect(grey(width, height), { lineSizePx }, { cartoon: net(seen), faces: null });
    return seen[0]!['x']!.dims.slice(2);
  };
  expect(await drawnSides(1080, 1080, 720)).toEqual([720, 720]);
  expect(await drawnSides(1080, 1080, 900)).toEqual([912, 912]); // the next multiple of 16
  expect(await drawnSides(800, 800, 1080)).toEqual([800, 800]);
});

test('sizes are those of DCT-Net: short side 720, padding to 16 on both sides or none', () => {
  expect(toonSize({ width: 1000, height: 1000 }, 720)).toEqual({ width: 720, height: 720 });
  expect(toonSize({ width: 6000, height: 3376 }, 720)).toEqual({ width: 1279, height: 720 });
  expect(toonSize({ width: 700, height: 5000 }, 720)).toEqual({ width: 700, height: 5000 });
  expect(paddedSize({ width: 720, height: 720 }, 16)).toEqual({ width: 720, height: 720 });
  expect(paddedSize({ width: 1279, height: 720 }, 16)).toEqual({ width: 1280, height: 736 });
});

test('the head mask is whole in the middle, gone at the sides and symmetric', () => {
  const mask = headMask();
  const share = (x: number, y: number) => mask[y * headSidePx + x]!;
  expect(share(144, 144)).toBeGreaterThan(0.995);
  expect(share(0, 144)).toBe(0);
  expect(share(48, 144)).toBeCloseTo(share(239, 144), 5);
  expect(share(49, 144)).toBeGreaterThan(0.45);
  expect(share(49, 144)).toBeLessThan(0.6);
});
