/** The built-in face finder against YuNet s: faces found, where their landmarks are, and false faces. */
import type { Page } from 'playwright';
import { card as builtInCard } from '../../src/models/obscura-faces/card';
import { defaultCartoonOptions, type Face, type FacesSpec } from '../../src/pipelines/cartoon/card';
import { findFacesAt, mapFace, overlap } from '../../src/pipelines/cartoon/faces';
import { findFaces } from '../../src/pipelines/cartoon/find';
import { smallestFacePx, toonSize } from '../../src/pipelines/cartoon/toon-size';
import type { OpenModel } from '../../src/pipelines/pipeline';
import { cropImage, type RgbaImage } from '../../src/runtime/image';
import { resizeArea } from '../../src/runtime/resize';
import { warpImage } from '../../src/runtime/warp';
import { mean, median } from './figures';
import { dataFile, heldOutPortraits, imageOf } from './held-out';
import { openModel, shippedFile } from './node-models';

type Finder = OpenModel<FacesSpec>;

export const openYunet = () =>
  openModel<FacesSpec>(dataFile('yunet/yunet_s_dynamic.onnx'), { decode: 'yunet', minScore: 0.6 });

/** The faces that are drawn as faces, in pixels of the photo, largest first. */
export async function drawnFaces(finder: Finder, photo: RgbaImage): Promise<Face[]> {
  const { width, height } = toonSize(photo, defaultCartoonOptions.lineSizePx);
  const faces = await findFaces(finder, resizeArea(photo, width, height));
  return faces
    .filter((face) => Math.max(face.width, face.height) > smallestFacePx)
    .map((face) => mapFace(face, { x: 0, y: 0, scaleX: photo.width / width, scaleY: photo.height / height }));
}

/** Landmark errors: mean of the five points over the eye distance, in percent, against YuNet averaged over looks. */
export interface FinderFigures {
  readonly portraitCount: number;
  readonly foundCount: number;
  readonly missed: readonly string[];
  readonly meanError: number;
  readonly medianError: number;
  /** The same of one look by YuNet, and ours against that one look. */
  readonly yunetMeanError: number;
  readonly yunetMedianError: number;
  readonly meanErrorToOneLook: number;
  readonly medianErrorToOneLook: number;
  readonly facelessCount: number;
  readonly falseCount: number;
}

const sameFace = 0.4;

export async function measureFinder(page: Page): Promise<FinderFigures> {
  const yunet = await openYunet();
  const ours = await openModel<FacesSpec>(shippedFile(builtInCard), builtInCard.use.spec);
  const errors = { ours: [] as number[], yunet: [] as number[], toOneLook: [] as number[] };
  const missed: string[] = [];
  const faceless: RgbaImage[] = [];
  let portraitCount = 0;
  for (const { id, file } of heldOutPortraits()) {
    const photo = await imageOf(page, file);
    const theirs = await drawnFaces(yunet, photo);
    faceless.push(...cropsBeside(photo, theirs));
    const [face] = theirs;
    if (!face) continue;
    portraitCount += 1;
    const [found] = (await drawnFaces(ours, photo)).toSorted((a, b) => overlap(b, face) - overlap(a, face));
    if (!found || overlap(found, face) <= sameFace) {
      missed.push(id);
      continue;
    }
    const reference = await averagedLandmarks(yunet, photo, face);
    errors.ours.push(landmarkError(found.landmarks, reference));
    errors.yunet.push(landmarkError(face.landmarks, reference));
    errors.toOneLook.push(landmarkError(found.landmarks, face.landmarks));
  }
  faceless.push(...(await picturesWithoutPeople(page)));
  let facelessCount = 0;
  let falseCount = 0;
  for (const picture of faceless) {
    if ((await drawnFaces(yunet, picture)).length > 0) continue;
    facelessCount += 1;
    falseCount += (await drawnFaces(ours, picture)).length;
  }
  return {
    portraitCount,
    foundCount: portraitCount - missed.length,
    missed,
    meanError: mean(errors.ours),
    medianError: median(errors.ours),
    yunetMeanError: mean(errors.yunet),
    yunetMedianError: median(errors.yunet),
    meanErrorToOneLook: mean(errors.toOneLook),
    medianErrorToOneLook: median(errors.toOneLook),
    facelessCount,
    falseCount,
  };
}

function landmarkError(found: readonly number[], reference: readonly number[]): number {
  const distance = (a: readonly number[], i: number, b: readonly number[], j: number) =>
    Math.hypot((a[i * 2] ?? 0) - (b[j * 2] ?? 0), (a[i * 2 + 1] ?? 0) - (b[j * 2 + 1] ?? 0));
  const eyes = distance(reference, 0, reference, 1);
  return (100 * mean([0, 1, 2, 3, 4].map((k) => distance(found, k, reference, k)))) / eyes;
}

/** One look of YuNet is off by as much as what is measured here, so the median of sixteen is the reference. */
const lookSides = [240, 288, 336, 384, 448, 512, 640, 720];
const lookMinScore = 0.3;
const mirroredPoint = [1, 0, 2, 4, 3];

async function averagedLandmarks(yunet: Finder, photo: RgbaImage, face: Face): Promise<number[]> {
  const { width, height } = photo;
  const looks: (readonly number[])[] = [];
  const mirrored = warpImage(photo, [-1, 0, width - 1, 0, 1, 0], { width, height, border: 0 });
  for (const side of lookSides) {
    const scale = side / Math.min(width, height);
    const small = { width: Math.round(width * scale), height: Math.round(height * scale) };
    const back = { x: 0, y: 0, scaleX: width / small.width, scaleY: height / small.height };
    for (const [picture, turn] of [
      [photo, (found: Face) => found],
      [mirrored, (found: Face) => unmirrored(found, width)],
    ] as const) {
      const seen = await findFacesAt(yunet, resizeArea(picture, small.width, small.height), lookMinScore);
      const faces = seen.map((found) => turn(mapFace(found, back)));
      const [best] = faces.toSorted((a, b) => overlap(b, face) - overlap(a, face));
      if (best && overlap(best, face) > sameFace) looks.push(best.landmarks);
    }
  }
  return face.landmarks.map((_, k) => median(looks.map((landmarks) => landmarks[k] ?? 0)));
}

function unmirrored(face: Face, width: number): Face {
  const landmarks = mirroredPoint.flatMap((point) => [
    width - 1 - (face.landmarks[point * 2] ?? 0),
    face.landmarks[point * 2 + 1] ?? 0,
  ]);
  return { ...face, x: width - 1 - face.x - face.width, landmarks };
}

/** Of a portrait's four corners those that hold nothing of a face. */
function cropsBeside(photo: RgbaImage, faces: readonly Face[]): RgbaImage[] {
  const side = Math.round(Math.min(photo.width, photo.height) * 0.3);
  return [0, photo.width - side].flatMap((x) =>
    [0, photo.height - side]
      .map((y) => ({ x, y, width: side, height: side }))
      .filter((corner) => faces.every((face) => overlap(corner, face) === 0))
      .map((corner) => cropImage(photo, corner)),
  );
}

/** Photos of a cat, a cup, a rocket and a landscape: whole, and in quarters and ninths. */
async function picturesWithoutPeople(page: Page): Promise<RgbaImage[]> {
  const pictures: RgbaImage[] = [];
  for (const [path, cuts] of [
    ['photos/other/skimage_chelsea.png', 2],
    ['photos/other/skimage_coffee.png', 2],
    ['photos/other/skimage_rocket.jpg', 2],
    ['photos/large/DSC07978.JPG', 3],
  ] as const) {
    const photo = await imageOf(page, dataFile(path));
    const width = photo.width / cuts;
    const height = photo.height / cuts;
    pictures.push(photo);
    for (let row = 0; row < cuts; row++) {
      for (let column = 0; column < cuts; column++) {
        pictures.push(cropImage(photo, { x: column * width, y: row * height, width, height }));
      }
    }
  }
  return pictures;
}
