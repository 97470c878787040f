/**
 * Keep skin tone: DCT-Net turns dark skin pale, so the photo's smooth light and colour is carried back into the drawn
 * skin. Each pixel is multiplied by smooth(photo) / smooth(drawing), both smoothed over skin alone: a product keeps
 * drawn lines as dark against the skin as they were. The mask comes from the person's own colour (skin-colour.ts).
 */
import type { RgbaImage } from '../../runtime/image';
import { alignHead, type Alignment } from './align';
import type { Face } from './card';
import { learnSkin, skinDistance, type SkinColour } from './skin-colour';
import { blurPasses, blurPlane, cellMeans, cutPlane, faceGrid, partAbove0, type FaceGrid } from './skin-grid';
import { skinMask } from './skin-mask';
import { calm, paintSkin } from './skin-paint';
import { cellsInside, facePlaces, falling, featureNearness } from './skin-places';

/** Smoothing radius in cells, 24 to the distance between the eyes. */
const smoothCells = 3;
const strongestGain = 1.8;

/** Changes `drawing` in place. `photo` is the picture it was drawn from, `faces` are in its pixels. */
export function keepSkin(drawing: RgbaImage, photo: RgbaImage, faces: readonly Face[]): void {
  for (const { landmarks } of faces) {
    const aligned = alignHead(landmarks);
    const grid = aligned && faceGrid(photo, aligned);
    if (grid) keepFaceSkin(drawing, photo, { landmarks, aligned, grid });
  }
}

function keepFaceSkin(
  drawing: RgbaImage,
  photo: RgbaImage,
  { landmarks, aligned, grid }: { landmarks: readonly number[]; aligned: Alignment; grid: FaceGrid },
): void {
  const inPhoto = cellMeans(photo, grid);
  const inDrawing = cellMeans(drawing, grid);
  const places = facePlaces(landmarks, aligned);
  const [core = [], ...patches] = cellsInside(grid, [places.core, ...places.patches]);
  const learn = (means: Float32Array) => learnSkin(means, { patches, core });
  const colour = learn(inPhoto);
  const drawnColour = learn(inDrawing);
  if (!colour || !drawnColour) return;
  const everywhere = skinMask(
    { means: inPhoto, colour },
    { means: inDrawing, colour: drawnColour },
    { grid, places, core },
  );
  const part = partAbove0(everywhere, grid, blurPasses * smoothCells);
  if (!part) return;
  const mask = cutPlane(everywhere, grid, part);
  const smoothIn = (means: Float32Array, of: SkinColour) => {
    const there = cutPlane(means, grid, part);
    return smoothed(there, skinShares(there, mask, of), part);
  };
  const wanted = smoothIn(inPhoto, colour);
  const drawn = smoothIn(inDrawing, drawnColour);
  paintSkin(drawing, photo, {
    grid: part,
    mask,
    features: featureNearness(part),
    wanted,
    drawn,
    gain: gainOf(wanted, drawn),
  });
}

function gainOf(wanted: Float32Array, drawn: Float32Array): Float32Array {
  const gain = new Float32Array(wanted.length);
  for (let i = 0; i < gain.length; i++) {
    gain[i] = Math.min(((wanted[i] as number) + calm) / ((drawn[i] as number) + calm), strongestGain);
  }
  return gain;
}

/**
 * How much each cell says about the bare skin around it. Lines, hair over the skin and stubble say little: they must
 * stay darker than it. In a shadow all cells are dark, so that the shadow stays.
 */
function skinShares(means: Float32Array, mask: Float32Array, colour: SkinColour): Float32Array {
  const shares = new Float32Array(mask.length);
  for (let cell = 0; cell < mask.length; cell++) {
    const share = mask[cell] as number;
    if (share === 0) continue;
    const o = cell * 3;
    const red = means[o] as number;
    const distance = skinDistance(colour, red, means[o + 1] as number, means[o + 2] as number);
    shares[cell] = share * (0.02 + falling(distance, 2, 4)) * ((red + calm) / 255);
  }
  return shares;
}

/** Normalised convolution: the mean of the colours around, counted by `weights` alone. */
function smoothed(means: Float32Array, weights: Float32Array, grid: FaceGrid): Float32Array {
  const count = weights.length;
  const total = weights.slice();
  blurPlane(total, grid, smoothCells);
  const out = new Float32Array(count * 3);
  const plane = new Float32Array(count);
  for (let channel = 0; channel < 3; channel++) {
    weigh(plane, means, { weights, channel });
    blurPlane(plane, grid, smoothCells);
    divide(out, plane, { total, means, channel });
  }
  return out;
}

function weigh(
  plane: Float32Array,
  means: Float32Array,
  { weights, channel }: { weights: Float32Array; channel: number },
): void {
  for (let i = 0; i < plane.length; i++) {
    plane[i] = (weights[i] as number) * (means[i * 3 + channel] as number);
  }
}

function divide(
  out: Float32Array,
  plane: Float32Array,
  { total, means, channel }: { total: Float32Array; means: Float32Array; channel: number },
): void {
  for (let i = 0, o = channel; i < plane.length; i++, o += 3) {
    const weight = total[i] as number;
    out[o] = weight > 1e-5 ? (plane[i] as number) / weight : (means[o] as number);
  }
}
