/** Keep skin tone on a painted face: what must change, and what must not. */
import { expect, test } from 'vitest';
import type { RgbaImage } from '../../runtime/image';
import type { Face } from './card';
import { keepSkin } from './skin';
import { learnSkin, skinDistance } from './skin-colour';

type Rgb = readonly [number, number, number];

/** At template size, so that places are those of align.ts: a face of one colour with eyes, on a background. */
function portrait(skin: Rgb, background: Rgb, line: Rgb): RgbaImage {
  const side = 400;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const inFace = Math.hypot((x - 200) / 90, (y - 220) / 120) < 1;
      const inEye = Math.hypot((Math.abs(x - 200) - 34) / 12, (y - 190) / 7) < 1;
      const onLine = inFace && Math.abs(y - 282) < 2 && Math.abs(x - 200) < 60;
      data.set(inEye ? [250, 250, 250] : onLine ? line : inFace ? skin : background, (y * side + x) * 4);
    }
  }
  return { width: side, height: side, data };
}

const face: Face = {
  x: 110,
  y: 100,
  width: 180,
  height: 240,
  score: 0.9,
  landmarks: [166, 190, 234, 190, 200, 230, 172, 269, 228, 269],
};
const at = ({ data, width }: RgbaImage, x: number, y: number) => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3),
];
const dark: Rgb = [92, 58, 40];
const pale: Rgb = [252, 226, 214];

test.each([
  ['dark', dark, [40, 90, 120]],
  ['very dark', [48, 32, 27], [230, 230, 235]],
  ['light', [232, 190, 170], [90, 140, 80]],
] as [string, Rgb, Rgb][])('%s skin keeps its colour in a pale drawing', (_, skin, background) => {
  const photo = portrait(skin, background, skin);
  const drawing = portrait(pale, [200, 205, 210], [60, 40, 40]);
  keepSkin(drawing, photo, [face]);
  for (const [x, y] of [
    [160, 235],
    [240, 235],
    [200, 130],
  ] as const) {
    at(drawing, x, y).forEach((value, k) => expect(Math.abs(value - skin[k]!)).toBeLessThanOrEqual(4));
  }
});

test('drawn lines stay darker than the skin, eyes stay white, the background is untouched', () => {
  const drawing = portrait(pale, [200, 205, 210], [60, 40, 40]);
  const before = drawing.data.slice();
  keepSkin(drawing, portrait(dark, [40, 90, 120], dark), [face]);
  expect(at(drawing, 200, 282)[0]!).toBeLessThan(dark[0] / 2);
  expect(Math.min(...at(drawing, 166, 190))).toBeGreaterThan(235);
  for (let i = 0; i < before.length; i += 4) {
    const far = Math.hypot(((i / 4) % 400) - 200, (Math.floor(i / 1600) - 220) * 0.75) > 115;
    if (far) expect(drawing.data[i]).toBe(before[i]);
  }
});

test('rough skin beside a dark face is kept where it was drawn pale, hair of its colour is not', () => {
  const photo = portrait(dark, [40, 90, 120], dark);
  const drawing = portrait(pale, [200, 205, 210], [60, 40, 40]);
  // Fingers on the left and hair on the right, both of the skin's colour and striped; only the fingers turn pale.
  for (let y = 250; y < 340; y++) {
    for (let x = 0; x < 60; x++) {
      const shade = Math.floor(y / 6) % 2 === 0 ? 0.8 : 1.15;
      for (const [left, drawn] of [
        [70, pale],
        [280, [70, 46, 34]],
      ] as const) {
        const o = (y * 400 + left + x) * 4;
        photo.data.set(
          dark.map((value) => value * shade),
          o,
        );
        drawing.data.set(drawn, o);
      }
    }
  }
  const before = drawing.data.slice();
  keepSkin(drawing, photo, [face]);
  expect(at(drawing, 100, 295)[0]!).toBeLessThan(140);
  expect(at(drawing, 330, 295)).toEqual([
    ...before.subarray((295 * 400 + 330) * 4, (295 * 400 + 330) * 4 + 3),
  ]);
});

test('a colour is learnt from what most places agree on, and light does not change it', () => {
  const places: [Rgb, number][] = [
    [dark, 40],
    [[30, 30, 34], 40],
    [dark, 40],
    [[120, 76, 52], 40],
    [[60, 38, 26], 40],
  ];
  const means = Float32Array.from(
    places.flatMap(([rgb, count]) => Array.from({ length: count }, () => rgb).flat()),
  );
  const cells = (first: number, count = 40) => Array.from({ length: count }, (_, i) => first + i);
  const patches = [cells(0), cells(40), cells(80), cells(120)];
  const colour = learnSkin(means, { patches, core: [...cells(0), ...cells(160)] })!;
  expect(skinDistance(colour, ...dark)).toBeLessThan(0.5);
  expect(skinDistance(colour, 60, 38, 26)).toBeLessThan(2);
  expect(skinDistance(colour, 60, 60, 62)).toBeGreaterThan(4);
  expect(skinDistance(colour, 80, 110, 60)).toBeGreaterThan(4);
  expect(learnSkin(means, { patches: [], core: [] })).toBeNull();
});
