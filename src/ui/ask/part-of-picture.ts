/** The part of a picture that is to be looked at by itself: always inside it, in whole pixels, and not too small to be seen. */
import type { PixelBox, Size } from '../../pipelines/vision-language/tasks/grounding';

/** The least that a model can look at is one of its patches, 32 pixels wide. */
export const leastSidePx = 32;

const sideOf = (whole: number): number => Math.min(leastSidePx, whole);
const between = (value: number, least: number, most: number): number =>
  Math.round(Math.min(most, Math.max(least, value)));

/** Half of each side, in the middle. */
export function middleOf({ width, height }: Size): PixelBox {
  return within(
    { left: width / 4, top: height / 4, right: (3 * width) / 4, bottom: (3 * height) / 4 },
    { width, height },
  );
}

/** A box with as much again around it, since words beside it tell what it is. */
export function around({ left, top, right, bottom }: PixelBox, size: Size): PixelBox {
  const [x, y] = [(right - left) / 2, Math.max(bottom - top, 0) / 2];
  return within({ left: left - x, top: top - y, right: right + x, bottom: bottom + y }, size);
}

/** Corners in any order, anywhere. */
export function within(box: PixelBox, { width, height }: Size): PixelBox {
  const [leastWidth, leastHeight] = [sideOf(width), sideOf(height)];
  const left = between(Math.min(box.left, box.right), 0, width - leastWidth);
  const top = between(Math.min(box.top, box.bottom), 0, height - leastHeight);
  return {
    left,
    top,
    right: between(Math.max(box.left, box.right), left + leastWidth, width),
    bottom: between(Math.max(box.top, box.bottom), top + leastHeight, height),
  };
}

/** Moved as a whole, as far as the picture goes. */
export function moved({ left, top, right, bottom }: PixelBox, [x, y]: readonly [number, number], size: Size) {
  const [width, height] = [right - left, bottom - top];
  const [toLeft, toTop] = [
    between(left + x, 0, size.width - width),
    between(top + y, 0, size.height - height),
  ];
  return { left: toLeft, top: toTop, right: toLeft + width, bottom: toTop + height } satisfies PixelBox;
}

/** Its lower right corner moved. */
export function resized(box: PixelBox, [x, y]: readonly [number, number], { width, height }: Size): PixelBox {
  return {
    ...box,
    right: between(box.right + x, Math.min(width, box.left + leastSidePx), width),
    bottom: between(box.bottom + y, Math.min(height, box.top + leastSidePx), height),
  };
}
