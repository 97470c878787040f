import { expect, test } from 'vitest';
import { floatsOfHalves, floatToHalf, halfToFloat, halvesOf } from './half';

test.each([
  [0, 0x0000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [Infinity, 0x7c00],
  [255, 0x5bf8],
])('%f is the bits it is in IEEE 754', (value, bits) => {
  expect(floatToHalf(value)).toBe(bits);
  expect(halfToFloat(bits)).toBe(value);
});

test('every half that is a number comes back as the same bits', () => {
  const numbers = Array.from({ length: 0x10000 }, (_, bits) => bits).filter(
    (bits) => (bits & 0x7c00) !== 0x7c00,
  );
  expect(numbers.filter((bits) => floatToHalf(halfToFloat(bits)) !== bits)).toEqual([]);
});

test('what lies between two halves goes to the nearest, a tie to the even one', () => {
  expect(floatToHalf(1 + 2 ** -11)).toBe(0x3c00);
  expect(floatToHalf(1 + 3 * 2 ** -11)).toBe(0x3c02);
  expect(floatToHalf(1 + 2 ** -11 + 2 ** -20)).toBe(0x3c01);
  expect(floatToHalf(2047.9)).toBe(floatToHalf(2048));
  expect(floatToHalf(1e6)).toBe(0x7c00);
  expect(halfToFloat(floatToHalf(NaN))).toBeNaN();
});

test('of many, all are as one by one', () => {
  const all = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
  const floats = floatsOfHalves(all);
  expect(floats.findIndex((value, bits) => !Object.is(value, halfToFloat(bits)))).toBe(-1);
  // Each half, what lies around the middle to the next, and numbers of every size.
  const near = floats.map((value, i) => {
    const middle = (value + (floats[i + 1] ?? value)) / 2;
    return [value, middle, Math.fround(middle * (1 + 2 ** -23)), Math.fround(middle * (1 - 2 ** -23))][
      i % 4
    ]!;
  });
  const sizes = Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i) * 2 ** ((i % 80) - 40));
  for (const values of [floats, near, sizes, Float32Array.of(65519.996, 65520, 1e6, -1e6, -0, NaN)]) {
    const halves = halvesOf(values);
    const wrong = [...values].findIndex((value, i) => halves[i] !== floatToHalf(value));
    expect([wrong, values[wrong], halves[wrong]]).toEqual([-1, undefined, undefined]);
  }
});
