/**
 * "Draw this face": each head is drawn from the photo's own pixels and pasted where it was; every other pixel stays the
 * photo's, to the bit. Heads larger than the net's are brought up to their size in the photo.
 */
import type { RgbaImage } from '../../runtime/image';
import { liftDrawing, type LiftOptions } from '../../runtime/lift/lift';
import { applyAffine, invertAffine, pasteWarped, warpImage, type Affine } from '../../runtime/warp';
import type { OpenModel } from '../pipeline';
import { alignHead } from './align';
import type { CartoonOptions, CartoonSpec, Face } from './card';
import { drawWhole, made } from './draw';
import { headMask, headSidePx } from './mask';
import { levelFor, type Level } from './levels';
import { keepSkin } from './skin';

const white = 255;
/** Beyond this a head is enlarged without the photo's edges, so that its picture stays below six megapixels. */
const mostTimes = 8;

type Wanted = Pick<CartoonOptions, 'keepSkin' | 'lift'>;

/** `faces` in pixels of the photo, which is opaque; yields the share drawn (0…1) after each. */
export async function* drawInPlace(
  net: OpenModel<CartoonSpec>,
  { photo, faces, wanted }: { photo: RgbaImage; faces: readonly Face[]; wanted: Wanted },
  options: LiftOptions,
): AsyncGenerator<number, RgbaImage, void> {
  const drawing = { ...photo, data: photo.data.slice() };
  const levels: RgbaImage[] = [photo];
  for (const [index, face] of faces.entries()) {
    options.signal.throwIfAborted();
    await drawHead(net, { levels, drawing, face, wanted }, options);
    yield (index + 1) / faces.length;
  }
  return drawing;
}

async function drawHead(
  net: OpenModel<CartoonSpec>,
  on: { levels: RgbaImage[]; drawing: RgbaImage; face: Face; wanted: Wanted },
  options: LiftOptions,
): Promise<void> {
  const aligned = alignHead(on.face.landmarks);
  if (!aligned) return;
  const { toPicture, toHead } = aligned;
  const head = seen(levelFor(on.levels, toPicture), headSidePx);
  const drawn = await drawWhole(net, head, options);
  if (on.wanted.keepSkin) keepSkin(drawn, head, [inHead(on.face, toHead)]);
  const larger = Math.hypot(toPicture[0], toPicture[3]);
  const times = on.wanted.lift ? Math.min(Math.max(1, Math.round(larger)), mostTimes) : 1;
  const toLarge = finer(toPicture, times);
  const toPatch = invertAffine(toLarge);
  if (!toPatch) return;
  const patch =
    times === 1
      ? drawn
      : await made(
          liftDrawing(
            { drawing: drawn, small: head, photo: seen(levelFor(on.levels, toLarge), headSidePx * times) },
            options,
          ),
        );
  pasteWarped(on.drawing, patch, { mask: headMask(times), toPatch });
}

function seen({ image, toImage }: Level, sidePx: number): RgbaImage {
  return warpImage(image, toImage, { width: sidePx, height: sidePx, border: white });
}

/** The same map for pixels of which `times` lie where one lay, each way. */
function finer([a, b, c, d, e, f]: Affine, times: number): Affine {
  const shift = (1 / times - 1) / 2;
  return [a / times, b / times, c + (a + b) * shift, d / times, e / times, f + (d + e) * shift];
}

function inHead(face: Face, toHead: Affine): Face {
  const { landmarks } = face;
  const points = [0, 2, 4, 6, 8].flatMap((i) =>
    applyAffine(toHead, landmarks[i] ?? 0, landmarks[i + 1] ?? 0),
  );
  return { ...face, landmarks: points };
}
