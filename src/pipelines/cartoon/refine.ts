/**
 * A second look at each found face: large in the middle of a square, upright by its first landmarks, at two sizes, as
 * it is and mirrored. What the looks say is averaged, and a face that they do not see again was none. `npm run bench
 * -- builtin` measures it: on portraits it never saw our small finder's landmarks are 11.5 % of the eye distance off
 * in one look and 5.2 % in all, against the median of sixteen looks of YuNet; one look of YuNet is 7.7 % off.
 */
import { pixelsOf, type RgbaImage } from '../../runtime/image';
import { applyAffine, warpImage, type Affine } from '../../runtime/warp';
import type { OpenModel } from '../pipeline';
import type { Face, FacesSpec } from './card';
import { bySize, candidatesAt, suppress } from './faces';
import { levelFor } from './levels';

/** How long the face's longer side is in the square that is looked at, and that square's side. Pixels. */
const looks = [
  { facePx: 160, sidePx: 256 },
  { facePx: 256, sidePx: 384 },
] as const;
/** Of 272 crops without a face none reaches this; of the portraits' own faces hardly one stays below. */
const leastScore = 0.6;
const leastVoiceScore = 0.2;
const voices = 4;
/** Mirrored, the image-left eye and mouth corner are the right ones. */
const mirroredPoint = [1, 0, 2, 4, 3] as const;

/** The faces that are seen again, with box, landmarks and score (0…1) by the second look, largest first. */
export async function refineAll(
  finder: OpenModel<FacesSpec>,
  image: RgbaImage,
  faces: readonly Face[],
): Promise<Face[]> {
  const refined: Face[] = [];
  const levels = [image];
  for (const face of faces) {
    const again = await refine(finder, levels, face);
    if (again && again.score >= leastScore) refined.push(again);
  }
  return bySize(suppress(refined));
}

async function refine(finder: OpenModel<FacesSpec>, levels: RgbaImage[], face: Face): Promise<Face | null> {
  const seen: Face[] = [];
  for (const { facePx, sidePx } of looks) {
    const scale = facePx / Math.max(face.width, face.height);
    const toPicture = fromSquare(face, sidePx, scale);
    const { image, toImage } = levelFor(levels, toPicture);
    const square = warpImage(image, toImage, { width: sidePx, height: sidePx, border: 0 });
    for (const isMirrored of [false, true]) {
      const shown = isMirrored ? mirrored(square) : square;
      const again = inTheMiddle(await candidatesAt(finder, shown, leastVoiceScore), { facePx, sidePx });
      if (again) seen.push(inPicture(isMirrored ? unmirrored(again, sidePx) : again, toPicture, scale));
    }
  }
  if (seen.length === 0) return null;
  const score = seen.reduce((sum, each) => sum + each.score, 0) / (2 * looks.length);
  return { ...meanFace(seen), score };
}

/** From a pixel of the square to the picture's: the face in the middle, the line from eyes to mouth upright. */
function fromSquare(face: Face, sidePx: number, scale: number): Affine {
  const lean = leanOf(face.landmarks);
  const cos = Math.cos(lean) / scale;
  const sin = Math.sin(lean) / scale;
  const x = face.x + face.width / 2;
  const y = face.y + face.height / 2;
  const middle = sidePx / 2;
  return [cos, -sin, x - middle * (cos - sin), sin, cos, y - middle * (sin + cos)];
}

/** Radians; 0 where the mouth is right below the eyes, positive where the head leans to the image's right. */
function leanOf(landmarks: readonly number[]): number {
  const at = (k: number) => landmarks[k] ?? 0;
  return Math.atan2(at(0) + at(2) - at(6) - at(8), at(7) + at(9) - at(1) - at(3));
}

/** What the surest cells say of the face in the middle; its score is that of the surest. */
function inTheMiddle(
  candidates: readonly Face[],
  { facePx, sidePx }: { facePx: number; sidePx: number },
): Face | null {
  const near = candidates
    .filter(
      ({ x, y, width, height }) =>
        Math.abs(x + width / 2 - sidePx / 2) < facePx / 2 &&
        Math.abs(y + height / 2 - sidePx / 2) < facePx / 2,
    )
    .toSorted((a, b) => b.score - a.score)
    .slice(0, voices);
  const [surest] = near;
  return surest ? { ...meanFace(near), score: surest.score } : null;
}

/** A face of the square in pixels of the picture; the box stays level, as boxes are. */
function inPicture(face: Face, toPicture: Affine, scale: number): Face {
  const width = face.width / scale;
  const height = face.height / scale;
  const [x, y] = applyAffine(toPicture, face.x + face.width / 2, face.y + face.height / 2);
  const landmarks = mirroredPoint.flatMap((_, point) =>
    applyAffine(toPicture, face.landmarks[point * 2] ?? 0, face.landmarks[point * 2 + 1] ?? 0),
  );
  return { x: x - width / 2, y: y - height / 2, width, height, score: face.score, landmarks };
}

function unmirrored(face: Face, sidePx: number): Face {
  const landmarks = mirroredPoint.flatMap((point) => [
    sidePx - 1 - (face.landmarks[point * 2] ?? 0),
    face.landmarks[point * 2 + 1] ?? 0,
  ]);
  return { ...face, x: sidePx - 1 - face.x - face.width, landmarks };
}

function mirrored(image: RgbaImage): RgbaImage {
  const { width, height } = image;
  const from = pixelsOf(image);
  const to = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) to[y * width + x] = from[y * width + width - 1 - x] ?? 0;
  }
  return { width, height, data: new Uint8ClampedArray(to.buffer) };
}

/** Box and landmarks averaged, weighted by the square of the score. At least one face. */
function meanFace(faces: readonly Face[]): Omit<Face, 'score'> {
  const weight = faces.reduce((sum, { score }) => sum + score ** 2, 0);
  const mean = (read: (face: Face) => number) =>
    faces.reduce((sum, face) => sum + read(face) * face.score ** 2, 0) / weight;
  return {
    x: mean(({ x }) => x),
    y: mean(({ y }) => y),
    width: mean(({ width }) => width),
    height: mean(({ height }) => height),
    landmarks: Array.from({ length: 10 }, (_, k) => mean(({ landmarks }) => landmarks[k] ?? 0)),
  };
}
