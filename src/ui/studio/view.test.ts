import { describe, expect, it } from 'vitest';
import { allowedScale, fit, oneToOne, settled, toPicture, visibleSpan, wheelFactor, zoomAt } from './view';

const stage = { width: 800, height: 600 };
const sizes = [
  { width: 4000, height: 3000 },
  { width: 3000, height: 4000 },
  { width: 10_000, height: 300 },
  { width: 96, height: 96 },
];

describe('the stage', () => {
  it('fits any aspect wholly and centred', () => {
    for (const picture of sizes) {
      const view = fit(picture, stage);
      expect(view.x).toBeGreaterThanOrEqual(0);
      expect(view.y).toBeGreaterThanOrEqual(0);
      expect(view.x * 2 + picture.width * view.scale).toBeCloseTo(stage.width);
      expect(view.y * 2 + picture.height * view.scale).toBeCloseTo(stage.height);
    }
  });

  it('keeps the point under the pointer when it zooms', () => {
    const pointer = { x: 123, y: 456 };
    for (const picture of sizes) {
      const before = fit(picture, stage);
      const after = zoomAt(before, before.scale * 3.7, pointer);
      expect(toPicture(after, pointer).x).toBeCloseTo(toPicture(before, pointer).x);
      expect(toPicture(after, pointer).y).toBeCloseTo(toPicture(before, pointer).y);
    }
  });

  it('never leaves a gap beside a large picture, and settling twice changes nothing', () => {
    const picture = { width: 4000, height: 3000 };
    const far = settled({ scale: 1, x: 500, y: -9999 }, picture, stage);
    expect(far).toEqual({ scale: 1, x: 0, y: -2400 });
    expect(settled(far, picture, stage)).toEqual(far);
  });

  it('maps one picture pixel to one device pixel at 100 %', () => {
    expect(oneToOne(2)).toBe(0.5);
    const bounds = { stage, pixelRatio: 2 };
    expect(allowedScale(1e9, { width: 4000, height: 3000 }, bounds)).toBe(8);
    expect(allowedScale(0, { width: 4000, height: 3000 }, bounds)).toBeCloseTo(552 / 3000);
    expect(allowedScale(0, { width: 96, height: 96 }, bounds)).toBe(0.5);
  });

  it('offers the slider only what is seen of the picture', () => {
    expect(visibleSpan({ scale: 1, x: -50, y: 0 }, { width: 700, height: 10 }, stage)).toEqual({
      left: 0,
      right: 650,
    });
  });

  it('zooms in and out by the same factor', () => {
    expect(wheelFactor(-100, 0) * wheelFactor(100, 0)).toBeCloseTo(1);
    expect(wheelFactor(-3, 1)).toBeGreaterThan(1);
  });
});
