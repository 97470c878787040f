import { describe, expect, test } from 'vitest';
import { around, leastSidePx, middleOf, moved, resized, within } from './part-of-picture';

const size = { width: 400, height: 300 };
const part = { left: 100, top: 100, right: 200, bottom: 150 };

test('it begins with the middle, or with a box and as much again around it', () => {
  expect(middleOf(size)).toEqual({ left: 100, top: 75, right: 300, bottom: 225 });
  expect(around(part, size)).toEqual({ left: 50, top: 75, right: 250, bottom: 175 });
  expect(around({ left: 0, top: 0, right: 400, bottom: 300 }, size)).toEqual({
    left: 0,
    top: 0,
    right: 400,
    bottom: 300,
  });
});

describe('whatever is done to it', () => {
  const steps: (readonly [number, number])[] = [
    [7, -3],
    [-1000, 1000],
    [0.4, 0.6],
    [1e9, -1e9],
    [33, 5],
  ];
  test.each([size, { width: 40, height: 2000 }, { width: 20, height: 20 }])(
    'it is in whole pixels inside %j, and large enough',
    (whole) => {
      let box = middleOf(whole);
      for (let turn = 0; turn < 200; turn++) {
        const step = steps[(turn * 7) % 5]!;
        const was = box;
        if (turn % 3 === 0) {
          box = moved(box, step, whole);
          expect([box.right - box.left, box.bottom - box.top]).toEqual([
            was.right - was.left,
            was.bottom - was.top,
          ]);
        } else if (turn % 3 === 1) box = resized(box, step, whole);
        else box = within({ ...box, right: box.left + step[0], bottom: box.top + step[1] }, whole);
        for (const value of Object.values(box)) expect(Number.isInteger(value)).toBe(true);
        expect(box.left).toBeGreaterThanOrEqual(0);
        expect(box.right).toBeLessThanOrEqual(whole.width);
        expect(box.bottom).toBeLessThanOrEqual(whole.height);
        expect(box.right - box.left).toBeGreaterThanOrEqual(Math.min(leastSidePx, whole.width));
        expect(box.bottom - box.top).toBeGreaterThanOrEqual(Math.min(leastSidePx, whole.height));
      }
    },
  );
});
