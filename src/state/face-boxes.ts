/** Maths of face boxes in pixels of the original picture. */
import type { FaceBox } from '../pipelines/cartoon/card';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The least side of a box marked by hand, in pixels of the picture. */
export const leastSidePx = 16;

/** Intersection over union, 0…1. */
export function overlap(a: FaceBox, b: FaceBox): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** Above this overlap a found face and a marked box are the same face. */
const sameFace = 0.7;

/** Of the faces a job drew those that were found: no box marked by hand, and not in a dismissed one. */
export function newlyFound(
  drawn: readonly FaceBox[],
  marked: readonly FaceBox[],
  dismissed: readonly FaceBox[],
): FaceBox[] {
  return drawn
    .filter((face) => !marked.some((box) => overlap(face, box) > sameFace))
    .filter((face) => !dismissed.some((box) => middleIn(box, face)))
    .map(({ x, y, width, height }) => ({ x, y, width, height }));
}

/** As the job decides what is dismissed. */
function middleIn(box: FaceBox, face: FaceBox): boolean {
  const x = face.x + face.width / 2 - box.x;
  const y = face.y + face.height / 2 - box.y;
  return x >= 0 && y >= 0 && x < box.width && y < box.height;
}

/** The same box inside the picture: no smaller than the least side, no larger than the picture. */
export function inside(box: FaceBox, picture: Size): FaceBox {
  const width = Math.min(Math.max(box.width, leastSidePx), picture.width);
  const height = Math.min(Math.max(box.height, leastSidePx), picture.height);
  return {
    x: Math.min(Math.max(box.x, 0), picture.width - width),
    y: Math.min(Math.max(box.y, 0), picture.height - height),
    width,
    height,
  };
}

export function boxBetween(a: { x: number; y: number }, b: { x: number; y: number }): FaceBox {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

/** Where a new box appears when it is asked for by keyboard: the middle, a third of the short side. */
export function boxInMiddle(picture: Size): FaceBox {
  const side = Math.min(picture.width, picture.height) / 3;
  return inside(
    { x: (picture.width - side) / 2, y: (picture.height - side) / 2, width: side, height: side },
    picture,
  );
}

/** Whole pixels, as the engine wants them. */
export function rounded(box: FaceBox): FaceBox {
  return {
    x: Math.round(box.x),
    y: Math.round(box.y),
    width: Math.round(box.width),
    height: Math.round(box.height),
  };
}
