/**
 * The sizes a model draws rightly. Z-Image's graph does not pad its picture's tokens (one for 16 × 16 pixels), so their
 * number must be a multiple of 32 or it computes the wrong thing without a word: with one side a multiple of 128 and
 * the other of 64 it always is.
 */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export interface NamedSize extends PictureSize {
  /** As people say it, width first: `3:2`. */
  readonly aspect: string;
}

export const tiers = ['fast', 'quality'] as const;
/** About a quarter of a megapixel, and about one. */
export type Tier = (typeof tiers)[number];

const tokenSidePx = 16;
const tokenMultiple = 32;

/** Whether Z-Image's graph computes this size rightly. */
export function isWholeTokens({ width, height }: PictureSize): boolean {
  const across = width / tokenSidePx;
  const down = height / tokenSidePx;
  return (
    Number.isInteger(across) &&
    Number.isInteger(down) &&
    across > 0 &&
    down > 0 &&
    (across * down) % tokenMultiple === 0
  );
}

/** Of one shape: the picture's sides as multiples of 64 in the fast tier; the quality tier's are twice as long. */
const shapes = [
  { aspect: '1:1', across: 8, down: 8 },
  { aspect: '4:3', across: 8, down: 6 },
  { aspect: '3:2', across: 9, down: 6 },
  { aspect: '5:3', across: 10, down: 6 },
] as const;

const unitPx: Record<Tier, number> = { fast: 64, quality: 128 };

/** Square first, then wide from narrow to wide, then the same standing. */
export function sizesOf(tier: Tier): NamedSize[] {
  const unit = unitPx[tier];
  const wide = shapes.map(({ aspect, across, down }) => ({
    aspect,
    width: across * unit,
    height: down * unit,
  }));
  const tall = wide.slice(1).map(({ aspect, width, height }) => {
    return { aspect: aspect.split(':').toReversed().join(':'), width: height, height: width };
  });
  return [...wide, ...tall];
}
