/**
 * YuNet's raw outputs -> faces: a prior-free decode over strides 8, 16, 32, then non-maximum suppression.
 * After opencv/opencv@4.x modules/objdetect/src/face_detect.cpp; score = sqrt(cls · obj).
 */
import { pictureTensor } from '../../runtime/picture-tensor';
import { float32Output } from '../../runtime/tensor';
import { roundUp } from '../../runtime/tiles';
import type { RgbaImage } from '../../runtime/image';
import type { OpenModel } from '../pipeline';
import type { Face, FaceBox, FacesSpec } from './card';
import { fitted, fixedSize } from './fitted';

const strides = [8, 16, 32] as const;
const overlapLimit = 0.3;
/** DCT-Net keeps its ten largest faces (source/facelib/config.py, DETECT.topk). */
const mostFaces = 10;

export interface YunetLevel {
  readonly stride: number;
  readonly cls: Float32Array; // [cells, 1]
  readonly obj: Float32Array; // [cells, 1]
  readonly bbox: Float32Array; // [cells, 4]
  readonly kps: Float32Array; // [cells, 10]
}

/** Faces in one picture, in its own pixels, largest first. @throws StudioError model/wrong-shape */
export async function findFacesAt(
  finder: OpenModel<FacesSpec>,
  image: RgbaImage,
  minScore: number,
): Promise<Face[]> {
  return bySize(suppress(await candidatesAt(finder, image, minScore))).slice(0, mostFaces);
}

/** Every cell's face above `minScore`, many for one person. @throws StudioError model/wrong-shape */
export async function candidatesAt(
  finder: OpenModel<FacesSpec>,
  image: RgbaImage,
  minScore: number,
): Promise<Face[]> {
  const [input] = finder.session.inputs;
  const layout = finder.spec.layout ?? 'nchw';
  const size = fixedSize(input, layout);
  const shown = size ? fitted(image, size) : image;
  const { width, height } = size ?? { width: roundUp(image.width, 32), height: roundUp(image.height, 32) };
  const tensor = pictureTensor(
    shown,
    { x: 0, y: 0, width, height },
    { layout, order: 'bgr', range: [0, 255], beyond: 0 },
  );
  const outputs = await finder.session.run({ [input?.name ?? 'input']: tensor });
  const levels = strides.map((stride) => ({
    stride,
    cls: float32Output(outputs, `cls_${stride}`),
    obj: float32Output(outputs, `obj_${stride}`),
    bbox: float32Output(outputs, `bbox_${stride}`),
    kps: float32Output(outputs, `kps_${stride}`),
  }));
  const back = { x: 0, y: 0, scaleX: image.width / shown.width, scaleY: image.height / shown.height };
  return levels.flatMap((level) => decodeLevel(level, width, minScore)).map((face) => mapFace(face, back));
}

/** One stride's faces above `minScore`; `width` is that of the padded picture. Cells are row-major. */
export function decodeLevel(level: YunetLevel, width: number, minScore: number): Face[] {
  const { stride, cls, obj, bbox, kps } = level;
  const columns = width / stride;
  const faces: Face[] = [];
  for (let i = 0; i < cls.length; i++) {
    const score = Math.sqrt(unit(cls[i]) * unit(obj[i]));
    if (score < minScore) continue;
    const gx = i % columns;
    const gy = Math.floor(i / columns);
    const at = (values: Float32Array, k: number) => values[k] ?? 0;
    const boxWidth = Math.exp(at(bbox, i * 4 + 2)) * stride;
    const boxHeight = Math.exp(at(bbox, i * 4 + 3)) * stride;
    faces.push({
      x: (gx + at(bbox, i * 4)) * stride - boxWidth / 2,
      y: (gy + at(bbox, i * 4 + 1)) * stride - boxHeight / 2,
      width: boxWidth,
      height: boxHeight,
      score,
      landmarks: Array.from({ length: 10 }, (_, k) => ((k % 2 ? gy : gx) + at(kps, i * 10 + k)) * stride),
    });
  }
  return faces;
}

/** The best of each heap of overlapping faces. */
export function suppress(faces: readonly Face[]): Face[] {
  const kept: Face[] = [];
  for (const face of faces.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(face, other) <= overlapLimit)) kept.push(face);
  }
  return kept;
}

export function bySize(faces: readonly Face[]): Face[] {
  return faces.toSorted((a, b) => b.width * b.height - a.width * a.height);
}

/** Intersection over union. */
export function overlap(a: FaceBox, b: FaceBox): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** The same face in pixels of another picture: moved to its origin, then scaled. */
export function mapFace(face: Face, to: { x: number; y: number; scaleX: number; scaleY: number }): Face {
  return {
    x: (face.x + to.x) * to.scaleX,
    y: (face.y + to.y) * to.scaleY,
    width: face.width * to.scaleX,
    height: face.height * to.scaleY,
    score: face.score,
    landmarks: face.landmarks.map((value, k) =>
      k % 2 ? (value + to.y) * to.scaleY : (value + to.x) * to.scaleX,
    ),
  };
}

function unit(value: number | undefined): number {
  return Math.min(Math.max(value ?? 0, 0), 1);
}
