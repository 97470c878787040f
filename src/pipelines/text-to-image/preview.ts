/**
 * A picture of latents at one pixel each, for the eye on the way. The colours are fitted to a model's own finished
 * pictures (least squares of each colour over the channels); before there is one, the channels' main direction is
 * shown in grey.
 */
import { blankImage, type RgbaImage } from '../../runtime/image';
import type { PreviewColours } from './card';
import { latentSidePx, type Latents } from './denoise';

export function previewOf(latents: Latents, colours: PreviewColours | null): RgbaImage {
  const { channels, width, height, values } = latents;
  const count = width * height;
  const rows = colours ?? greys(latents);
  const image = blankImage(width, height);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) {
      const factors = rows[c] ?? [];
      let value = factors[channels] ?? 0;
      for (let k = 0; k < channels; k++) value += (factors[k] ?? 0) * (values[k * count + i] as number);
      image.data[4 * i + c] = value;
    }
    image.data[4 * i + 3] = 255;
  }
  return image;
}

/** The colours that come nearest to `image` from its own latents. */
export function fitColours({ channels, width, height, values }: Latents, image: RgbaImage): PreviewColours {
  const count = width * height;
  const size = channels + 1;
  const normal = Array.from({ length: size }, () => new Float64Array(size + 3));
  const row = new Float64Array(size + 3);
  // A thousand places tell fifty-one numbers as well as all of them.
  const stride = Math.max(1, Math.floor(count / 1024));
  for (let i = 0; i < count; i += stride) {
    for (let k = 0; k < channels; k++) row[k] = values[k * count + i] as number;
    row[channels] = 1;
    row.set(averageUnder(image, (i % width) * latentSidePx, Math.floor(i / width) * latentSidePx), size);
    for (let a = 0; a < size; a++) addScaled(normal[a] as Float64Array, row, row[a] as number);
  }
  // A little of the identity: latents that are all alike have no single answer.
  normal.forEach((sums, a) => (sums[a] = (sums[a] as number) + 1e-6 * count));
  solve(normal);
  return [0, 1, 2].map((c) => normal.map((sums) => sums[size + c] as number));
}

function addScaled(to: Float64Array, row: Float64Array, factor: number): void {
  for (let b = 0; b < to.length; b++) to[b] = (to[b] as number) + factor * (row[b] as number);
}

/** Gauss and Jordan in place: the right-hand sides become the solutions. The matrix is positive, so no row is swapped. */
function solve(rows: readonly Float64Array[]): void {
  for (const [pivot, line] of rows.entries()) {
    const scale = 1 / (line[pivot] as number);
    for (let b = 0; b < line.length; b++) line[b] = (line[b] as number) * scale;
    for (const [a, other] of rows.entries()) {
      if (a === pivot) continue;
      const factor = other[pivot] as number;
      for (let b = 0; b < other.length; b++) other[b] = (other[b] as number) - factor * (line[b] as number);
    }
  }
}

/** The mean colour of the pixels that one latent stands for, from its corner. */
function averageUnder(image: RgbaImage, x: number, y: number): [red: number, green: number, blue: number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let row = y; row < y + latentSidePx; row++) {
    for (let at = 4 * (row * image.width + x); at < 4 * (row * image.width + x + latentSidePx); at += 4) {
      sums[0] += image.data[at] as number;
      sums[1] += image.data[at + 1] as number;
      sums[2] += image.data[at + 2] as number;
    }
  }
  return [sums[0] / latentSidePx ** 2, sums[1] / latentSidePx ** 2, sums[2] / latentSidePx ** 2];
}

/** The direction in which the channels vary most, by a few power iterations, as a grey from black to white. */
function greys({ channels, width, height, values }: Latents): PreviewColours {
  const count = width * height;
  const means = Array.from({ length: channels }, (_, k) => {
    return values.subarray(k * count, (k + 1) * count).reduce((sum, value) => sum + value, 0) / count;
  });
  const covariance = means.map((a, j) =>
    means.map((b, k) => {
      let sum = 0;
      for (let i = 0; i < count; i++)
        sum += (values[j * count + i] as number) * (values[k * count + i] as number);
      return sum / count - a * b;
    }),
  );
  let direction = means.map((_, k) => 1 / (k + 1));
  let spread = 1;
  for (let round = 0; round < 12; round++) {
    const next = covariance.map((row) =>
      row.reduce((sum, value, k) => sum + value * (direction[k] as number), 0),
    );
    const length = Math.hypot(...next) || 1;
    spread = Math.sqrt(length);
    direction = next.map((value) => value / length);
  }
  // Two spreads to each side reach black and white.
  const gain = 64 / spread;
  const offset = 128 - gain * direction.reduce((sum, value, k) => sum + value * (means[k] as number), 0);
  const grey = [...direction.map((value) => value * gain), offset];
  return [grey, grey, grey];
}
