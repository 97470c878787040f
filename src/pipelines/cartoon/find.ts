/** Which faces of a photo are drawn: found, marked by hand, less the dismissed ones. */
import { cropImage, type RgbaImage } from '../../runtime/image';
import { resizeArea } from '../../runtime/resize';
import type { OpenModel } from '../pipeline';
import type { CartoonOptions, Face, FaceBox, FacesSpec } from './card';
import { bySize, findFacesAt, mapFace, overlap } from './faces';
import { refineAll } from './refine';

/**
 * The finder was trained on faces of 10…300 px: a face that fills a big picture is found at half or quarter size.
 * There only faces count that were too large for the scale before.
 */
const findScales = [1, 0.5, 0.25];
const largestFacePx = 300;
/** With a face of this size found, a second one that fills the picture is not to be expected. */
const portraitFacePx = 150;
/** A panorama is searched smaller, so that the finder's memory stays small. */
const searchedAreaPx = 2 * 2 ** 20;
/** A marked box is shown to the finder with room around it, the box about 150 px wide. */
const markRoom = 2;
const markSidePx = 320;
const markMinScore = 0.2;
/** Landmarks as shares of YuNet's box, the mean over the 44 CC0 portraits of cjdowner/interfaces@2166b22. */
const meanLandmarks = [0.29, 0.39, 0.71, 0.39, 0.5, 0.59, 0.32, 0.74, 0.68, 0.74];

/** Faces in pixels of `image`, largest first; empty without a finder. */
export async function findFaces(finder: OpenModel<FacesSpec> | null, image: RgbaImage): Promise<Face[]> {
  if (!finder) return [];
  const fit = Math.min(1, Math.sqrt(searchedAreaPx / (image.width * image.height)));
  const faces: Face[] = [];
  for (const each of findScales) {
    if (faces.some((face) => Math.max(face.width, face.height) > portraitFacePx)) break;
    const scale = fit * each;
    const width = Math.max(1, Math.round(image.width * scale));
    const height = Math.max(1, Math.round(image.height * scale));
    const seen = await findFacesAt(finder, resizeArea(image, width, height), finder.spec.minScore);
    const back = { x: 0, y: 0, scaleX: image.width / width, scaleY: image.height / height };
    const tooLargeBeforePx = each === 1 ? 0 : largestFacePx / (2 * scale);
    const mapped = seen.map((found) => mapFace(found, back));
    for (const face of finder.spec.refine ? await refineAll(finder, image, mapped) : mapped) {
      const known = faces.some((other) => contains(other, face) || contains(face, other));
      if (!known && Math.max(face.width, face.height) > tooLargeBeforePx) faces.push(face);
    }
  }
  return bySize(faces);
}

/** A box drawn by hand becomes a face: landmarks by a patient look around it, else where they usually are. */
export async function markFace(
  finder: OpenModel<FacesSpec> | null,
  photo: RgbaImage,
  box: FaceBox,
): Promise<Face> {
  const side = Math.max(box.width, box.height) * markRoom;
  const crop = cropImage(photo, {
    x: box.x + (box.width - side) / 2,
    y: box.y + (box.height - side) / 2,
    width: side,
    height: side,
  });
  const scale = markSidePx / Math.max(crop.width, crop.height);
  const width = Math.max(1, Math.round(crop.width * scale));
  const height = Math.max(1, Math.round(crop.height * scale));
  const seen = finder ? await findFacesAt(finder, resizeArea(crop, width, height), markMinScore) : [];
  const [best] = seen
    .map((face) => mapFace(face, { x: 0, y: 0, scaleX: crop.width / width, scaleY: crop.height / height }))
    .map((face) => mapFace(face, { x: crop.x, y: crop.y, scaleX: 1, scaleY: 1 }))
    .filter((face) => contains(box, face))
    .toSorted((a, b) => overlap(b, box) - overlap(a, box));
  const { x, y } = box;
  const usual = meanLandmarks.map((share, k) => (k % 2 ? y + share * box.height : x + share * box.width));
  return { x, y, width: box.width, height: box.height, score: 1, landmarks: best?.landmarks ?? usual };
}

/** Found faces that a hand neither dismissed nor marked itself. */
export function withoutHandled(faces: readonly Face[], options: CartoonOptions): Face[] {
  return faces.filter(
    (face) =>
      !options.dismissedFaces.some((box) => contains(box, face)) &&
      !options.markedFaces.some((box) => contains(box, face) || contains(face, box)),
  );
}

/** Whether the middle of `inner` lies in `box`. */
function contains(box: FaceBox, inner: FaceBox): boolean {
  const x = inner.x + inner.width / 2 - box.x;
  const y = inner.y + inner.height / 2 - box.y;
  return x >= 0 && y >= 0 && x < box.width && y < box.height;
}
