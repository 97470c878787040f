import { describe, expect, it } from 'vitest';
import { boxBetween, boxInMiddle, inside, leastSidePx, newlyFound, overlap, rounded } from './face-boxes';

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

describe('face boxes', () => {
  it('overlap wholly with themselves, not at all with a far one, and in between by area', () => {
    expect(overlap(box(3, 4, 10, 10), box(3, 4, 10, 10))).toBe(1);
    expect(overlap(box(0, 0, 10, 10), box(10, 0, 10, 10))).toBe(0);
    expect(overlap(box(0, 0, 10, 10), box(5, 0, 10, 10))).toBeCloseTo(50 / 150);
  });

  it('are found where a job drew them, less the marks it was given and what is dismissed by now', () => {
    const drawn = [box(0, 0, 10, 10), box(20, 0, 10, 10), box(41, 1, 10, 10)];
    expect(newlyFound(drawn, [], [])).toEqual(drawn);
    expect(newlyFound(drawn, [box(0, 0, 10, 11)], [box(40, 0, 12, 12)])).toEqual([box(20, 0, 10, 10)]);
    expect(newlyFound(drawn, [box(5, 0, 10, 10)], [box(30, 0, 8, 8)])).toEqual(drawn);
  });

  it('never leave the picture and never get too small to hit', () => {
    const picture = { width: 100, height: 50 };
    expect(inside(box(-20, 40, 30, 30), picture)).toEqual(box(0, 20, 30, 30));
    expect(inside(box(95, 10, 2, 400), picture)).toEqual(box(84, 0, leastSidePx, 50));
  });

  it('come out the same whichever corner a drag starts from', () => {
    const a = { x: 5, y: 9 };
    const b = { x: 2, y: 20 };
    expect(boxBetween(a, b)).toEqual(box(2, 9, 3, 11));
    expect(boxBetween(b, a)).toEqual(boxBetween(a, b));
  });

  it('start in the middle when placed by keyboard', () => {
    expect(rounded(boxInMiddle({ width: 300, height: 600 }))).toEqual(box(100, 250, 100, 100));
  });
});
