/** A picture halved again and again, made when first asked for: what is shown much smaller is taken from a half. */
import type { RgbaImage } from '../../runtime/image';
import { halved } from '../../runtime/resize';
import type { Affine } from '../../runtime/warp';

/** `warpImage` takes four neighbours: what shrinks more than this is halved first. */
const leastWarpScale = 0.5;

export interface Level {
  readonly image: RgbaImage;
  /** From a pixel of what is shown to the level's. */
  readonly toImage: Affine;
}

/** The smallest of `levels` (each half of the one before) that still has all that a view through `toPicture` shows. */
export function levelFor(levels: RgbaImage[], toPicture: Affine): Level {
  const shrinks = 1 / Math.hypot(toPicture[0], toPicture[3]);
  let image = levels[0] as RgbaImage;
  let scale = 1;
  for (let level = 1; shrinks < leastWarpScale * scale; level++) {
    image = levels[level] ??= halved(image);
    scale /= 2;
  }
  // The middle of a halved picture's pixel is between two of the picture's.
  const [a, b, c, d, e, f] = toPicture.map((value) => value * scale) as unknown as Affine;
  const shift = (scale - 1) / 2;
  return { image, toImage: [a, b, c + shift, d, e, f + shift] };
}
