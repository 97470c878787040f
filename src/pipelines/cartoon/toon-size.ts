/** How large a picture is drawn, and which of its faces are drawn as faces. */

/** A found face with both sides up to this, in the picture that is drawn, is left to the whole picture's drawing. */
export const smallestFacePx = 60;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `resize_size`: the short side to `shortSidePx` where it is longer; a small picture stays as it is. */
export function toonSize({ width, height }: Size, shortSidePx: number): Size {
  if (Math.min(width, height) <= shortSidePx) return { width, height };
  return height > width
    ? { width: shortSidePx, height: Math.trunc((shortSidePx * height) / width) }
    : { width: Math.trunc((shortSidePx * width) / height), height: shortSidePx };
}
