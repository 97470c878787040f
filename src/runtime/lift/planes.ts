/**
 * What the lift knows about each pixel of the drawing: ten numbers, found in windows of 5 × 5. Two local linear models
 * after He and Sun, "Fast Guided Filter" (arXiv 1505.00996, equations 3 to 5): the drawn colours as lines over the
 * drawing's own lightness, and that lightness as a line over the photo's.
 */
import type { RgbaImage } from '../image';
import { boxMax, boxMean, boxMin, type PlaneSize } from './windows';

/** Red, green, blue and photo lightness are read with a cubic B-spline, the six after them linearly. */
export const planeCount = 10;
export const splineCount = 4;

/** Rec. 601 lightness, 0…255. */
export const lumaWeights = [0.299, 0.587, 0.114] as const;

const windowRadius = 2;
/** Window, and one more row for the caution below: rows nearer to a cut than this are not the whole picture's. */
const haloRows = windowRadius + 1;
/** Variances (levels²) below which a window counts as flat. */
const flatDrawing = 10;
const flatPhoto = 30;
const steepestColour = 2;
const steepestFollow = 1.5;
/** Share of the drawn variance the photo explains: below the first the photo is not followed, above the second fully. */
const agreement = [0.3, 0.8] as const;

/**
 * `[to - from, width, planeCount]`: red, green, blue, photo lightness, least and most lightness of the window, slope of
 * red, green and blue over lightness, and how far the lightness follows the photo's. `small` is the photo at the
 * drawing's size. Strips agree with the whole to the last bit.
 */
export function liftPlanes(
  { drawing, small }: { readonly drawing: RgbaImage; readonly small: RgbaImage },
  { from, to }: { readonly from: number; readonly to: number },
): Float32Array {
  const { width } = drawing;
  const top = Math.max(0, from - haloRows);
  const size = { width, height: Math.min(drawing.height, to + haloRows) - top };
  const colours = [0, 1, 2].map((channel) => channelRows(drawing, channel, { top, size }));
  const drawn = lumaOf(colours);
  const photo = lumaOf([0, 1, 2].map((channel) => channelRows(small, channel, { top, size })));
  const drawnMean = boxMean(drawn, size, windowRadius);
  const drawnVariance = covariance([drawn, drawn], [drawnMean, drawnMean], size);
  const slopes = colours.map((colour) => {
    const mean = boxMean(colour, size, windowRadius);
    return slopeOver(covariance([drawn, colour], [drawnMean, mean], size), drawnVariance);
  });
  const planes = [
    ...colours,
    photo,
    boxMin(drawn, size, windowRadius),
    boxMax(drawn, size, windowRadius),
    ...slopes,
    followPhoto({ photo, drawn, drawnMean, drawnVariance }, size),
  ];
  return interleave(planes, { skip: (from - top) * width, count: (to - from) * width });
}

/** In a flat window a colour changes as much as the lightness does. */
function slopeOver(shared: Float32Array, variance: Float32Array): Float32Array {
  return shared.map((value, i) => {
    const slope = (value + flatDrawing) / ((variance[i] as number) + flatDrawing);
    return Math.min(Math.max(slope, -steepestColour), steepestColour);
  });
}

/** Slope over the photo's lightness where the two agree in the whole neighbourhood, else 0. */
function followPhoto(
  {
    photo,
    drawn,
    drawnMean,
    drawnVariance,
  }: { photo: Float32Array; drawn: Float32Array; drawnMean: Float32Array; drawnVariance: Float32Array },
  size: PlaneSize,
): Float32Array {
  const mean = boxMean(photo, size, windowRadius);
  const variance = covariance([photo, photo], [mean, mean], size);
  const shared = covariance([photo, drawn], [mean, drawnMean], size);
  const agree = shared.map((value, i) => {
    const both = ((variance[i] as number) + flatPhoto) * ((drawnVariance[i] as number) + flatDrawing);
    return smoothStep((value * value) / both, ...agreement);
  });
  return boxMin(agree, size, 1).map((share, i) => {
    const slope = (shared[i] as number) / ((variance[i] as number) + flatPhoto);
    return share * Math.min(Math.max(slope, -steepestFollow), steepestFollow);
  });
}

function covariance(
  [a, b]: readonly [Float32Array, Float32Array],
  [meanA, meanB]: readonly [Float32Array, Float32Array],
  size: PlaneSize,
): Float32Array {
  const product = a.map((value, i) => value * (b[i] as number));
  return boxMean(product, size, windowRadius).map(
    (mean, i) => mean - (meanA[i] as number) * (meanB[i] as number),
  );
}

function channelRows(
  { data }: RgbaImage,
  channel: number,
  { top, size }: { top: number; size: PlaneSize },
): Float32Array {
  const plane = new Float32Array(size.width * size.height);
  for (let i = 0, o = top * size.width * 4 + channel; i < plane.length; i++, o += 4) {
    plane[i] = data[o] as number;
  }
  return plane;
}

function lumaOf(colours: readonly Float32Array[]): Float32Array {
  const luma = new Float32Array(colours[0]?.length ?? 0);
  colours.forEach((colour, channel) => {
    const weight = lumaWeights[channel] as number;
    for (let i = 0; i < luma.length; i++) luma[i] = (luma[i] as number) + weight * (colour[i] as number);
  });
  return luma;
}

function interleave(
  planes: readonly Float32Array[],
  { skip, count }: { skip: number; count: number },
): Float32Array {
  const out = new Float32Array(count * planeCount);
  planes.forEach((plane, k) => {
    for (let i = 0, o = k; i < count; i++, o += planeCount) out[o] = plane[skip + i] as number;
  });
  return out;
}

/** 0 up to `low`, 1 from `high` on, smooth between. */
export function smoothStep(value: number, low: number, high: number): number {
  const t = Math.min(Math.max((value - low) / (high - low), 0), 1);
  return t * t * (3 - 2 * t);
}
