/**
 * Places in a picture as Qwen3-VL says them: whole thousandths of its width and height (QwenLM/Qwen3-VL@96588727
 * cookbooks/spatial_understanding.ipynb divides by 1000), whatever size it was looked at in.
 */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** In the picture's own pixels: 0 ≤ left ≤ right ≤ width, and so for top and bottom. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const wholeSide = 1000;

/** A schema's place for four of them: left, top, right, bottom. */
export const boxSchema = {
  type: 'array',
  items: { type: 'integer', minimum: 0, maximum: wholeSide },
  minItems: 4,
  maxItems: 4,
} as const;

/** Null for what is no box. Corners in the wrong order are put right; what lies outside is brought to the edge. */
export function pixelBox(said: unknown, { width, height }: Size): PixelBox | null {
  if (!Array.isArray(said) || said.length !== 4) return null;
  if (!said.every((each): each is number => typeof each === 'number' && Number.isFinite(each))) return null;
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = said;
  const across = (value: number) => Math.round((Math.min(wholeSide, Math.max(0, value)) / wholeSide) * width);
  const down = (value: number) => Math.round((Math.min(wholeSide, Math.max(0, value)) / wholeSide) * height);
  return {
    left: across(Math.min(x1, x2)),
    top: down(Math.min(y1, y2)),
    right: across(Math.max(x1, x2)),
    bottom: down(Math.max(y1, y2)),
  };
}
