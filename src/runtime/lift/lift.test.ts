/** The lift's laws on the processor; e2e/lift.spec.ts holds its twin on the GPU against it. */
import { expect, test } from 'vitest';
import type { RgbaImage } from '../image';
import { resizeArea } from '../resize';
import { liftDrawing } from './lift';
import { liftSettings } from './strip';

type Rgb = readonly [number, number, number];

function picture(width: number, height: number, colour: (x: number, y: number) => Rgb): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set([...colour((x + 0.5) / width, (y + 0.5) / height), 255], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

async function lift(drawing: RgbaImage, photo: RgbaImage, stripRows?: number): Promise<RgbaImage> {
  const small = resizeArea(photo, drawing.width, drawing.height);
  const options = { signal: new AbortController().signal, onGpu: null, ...(stripRows && { stripRows }) };
  const steps = liftDrawing({ drawing, small, photo }, options);
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

const grey = (value: number): Rgb => [value, value, value];
const skin: Rgb = [236, 196, 176];
const ink: Rgb = [60, 44, 48];
const noise = (x: number, y: number) => Math.abs(Math.sin(x * 9173.3 + y * 5711.7) * 43758.5) % 1;
/** A slanted edge, as soft as a network draws it: over two of 64 columns. */
const softEdge = (x: number, y: number): Rgb => {
  const share = Math.min(Math.max((x + y / 8 - 0.5) * 32 + 0.5, 0), 1);
  return skin.map((value, c) => value + (ink[c]! - value) * share) as unknown as Rgb;
};

/** Pixels of the middle row between a tenth and nine tenths of the way from `skin` to `ink`. */
function edgeWidth(image: RgbaImage): number {
  const start = Math.floor(image.height / 2) * image.width * 4;
  const row = Array.from({ length: image.width }, (_, x) => image.data[start + x * 4]!);
  const share = (value: number) => (skin[0] - value) / (skin[0] - ink[0]);
  return row.filter((value) => share(value) > 0.1 && share(value) < 0.9).length;
}

function psnr(a: RgbaImage, b: RgbaImage): number {
  const squares = a.data.reduce((sum, value, i) => sum + (value - b.data[i]!) ** 2, 0);
  return 10 * Math.log10((255 ** 2 * a.width * a.height * 3) / squares);
}

test('one colour stays that colour, whatever the photo shows', async () => {
  const photo = picture(157, 94, (x, y) => grey(255 * noise(x, y)));
  const { data } = await lift(
    picture(40, 24, () => skin),
    photo,
  );
  expect(data.every((value, i) => value === (skin[i % 4] ?? 255))).toBe(true);
});

test('a drawn edge is less than half as wide as enlarged, with no colour beyond its two', async () => {
  const drawing = picture(64, 64, softEdge);
  const flat = picture(256, 256, () => grey(128));
  const lifted = await lift(drawing, flat);
  expect(edgeWidth(lifted)).toBeGreaterThan(0);
  expect(edgeWidth(lifted)).toBeLessThan(edgeWidth(resizeArea(drawing, 256, 256)) / 2);
  const within = (value: number, i: number) => value >= (ink[i % 4] ?? 255) && value <= (skin[i % 4] ?? 255);
  expect(lifted.data.every(within)).toBe(true);
});

test('a drawn line keeps its darkness where the photo has none', async () => {
  const drawing = picture(60, 60, (x) => (x > 28 / 60 && x < 30 / 60 ? ink : skin));
  const { data, width } = await lift(
    drawing,
    picture(240, 240, () => skin),
  );
  const row = Array.from({ length: width }, (_, x) => data[(120 * width + x) * 4]!);
  expect(Math.min(...row)).toBeLessThan(ink[0] + 0.1 * (skin[0] - ink[0]));
  expect(row.filter((value) => value < (skin[0] + ink[0]) / 2).length).toBe(8);
});

test('an edge of the photo pulls the drawn edge to it where the two agree', async () => {
  // The photo's border runs in teeth of one drawn pixel, which the drawing is too small to show.
  const teeth = (x: number, y: number) =>
    x + 0.008 * Math.sign(Math.sin(y * 64 * Math.PI)) > 0.5 ? ink : skin;
  const photo = picture(256, 256, teeth);
  const drawing = resizeArea(photo, 64, 64);
  const unlike = picture(256, 256, () => grey(128));
  expect(psnr(await lift(drawing, photo), photo)).toBeGreaterThan(
    psnr(await lift(drawing, unlike), photo) + 1,
  );
});

test('a drawing that is the photo itself comes back close to the photo, closer than enlarged', async () => {
  const photo = picture(300, 240, (x, y) => {
    if (Math.hypot(x - 0.4, y - 0.5) < 0.25) return [200, 90, 70];
    return x + y / 3 > 0.9 ? [40, 60, 120] : [230, 220, 200 - 60 * y];
  });
  const drawing = resizeArea(photo, 100, 80);
  const lifted = psnr(await lift(drawing, photo), photo);
  expect(lifted).toBeGreaterThan(30);
  expect(lifted).toBeGreaterThan(psnr(resizeArea(drawing, 300, 240), photo) + 3);
});

test('strips of any height equal the whole', async () => {
  const photo = picture(151, 113, (x, y) => [255 * noise(x, y), 255 * x, x > y ? 20 : 230]);
  const drawing = picture(46, 34, (x, y) => (Math.hypot(x - 0.5, y - 0.5) < 0.3 ? [255 * y, 30, 90] : skin));
  const whole = await lift(drawing, photo, 113);
  for (const rows of [1, 7, 64]) expect((await lift(drawing, photo, rows)).data).toEqual(whole.data);
});

test('black and white stay within black and white, and grey stays grey', async () => {
  const drawing = picture(31, 29, (x, y) => grey(noise(x, y) < 0.5 ? 0 : 255));
  const { data } = await lift(
    drawing,
    picture(200, 190, (x, y) => grey(noise(y, x) < 0.5 ? 255 : 0)),
  );
  const ownRed = (i: number) => data[i - (i % 4)]!;
  expect(data.every((value, i) => (i % 4 === 3 ? value === 255 : Math.abs(value - ownRed(i)) <= 1))).toBe(
    true,
  );
});

test('a drawing one pixel wide or high is lifted too', async () => {
  const { width, height, data } = await lift(
    picture(1, 4, () => ink),
    picture(3, 12, () => skin),
  );
  expect([width, height, ...data.subarray(0, 4)]).toEqual([3, 12, ...ink, 255]);
});

test('nothing is steepened without enlargement, and never more than fourfold', () => {
  expect(liftSettings(1).share).toBe(0);
  expect(liftSettings(4).steepness).toBeGreaterThan(liftSettings(2).steepness);
  expect(liftSettings(100).steepness * 1.5).toBe(4);
});

test('an aborted lift throws the reason', async () => {
  const stopped = new AbortController();
  stopped.abort('enough');
  const one = picture(4, 4, () => ink);
  const steps = liftDrawing(
    { drawing: one, small: one, photo: picture(8, 8, () => ink) },
    { signal: stopped.signal, onGpu: null },
  );
  await expect(steps.next()).rejects.toBe('enough');
});
