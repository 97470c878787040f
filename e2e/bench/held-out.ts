/**
 * The photos the built-in models are measured on. The portraits were never trained on (chosen by seed in
 * src/models/obscura-cartoon/train/portraits.py); they lie beside the checkout, not in it.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { PlainError } from '../../src/cli/plain-error';
import { defaultCartoonOptions, type Face } from '../../src/pipelines/cartoon/card';
import { cropImage, type RgbaImage } from '../../src/runtime/image';
import { resizeArea } from '../../src/runtime/resize';
import { pixelsOf } from '../pixels';

export const data = resolve(import.meta.dirname, '../../../shared/data');
const ids = ['009', '012', '019', '025', '033', '036', '037', '039', '045', '051', '072', '082'];

export interface Portrait {
  readonly id: string;
  readonly file: string;
}

/** All twelve, or the first `BENCH_PORTRAITS` of them. @throws PlainError where any file is missing */
export function heldOutPortraits(): Portrait[] {
  const all = ids.map((id) => ({ id, file: join(data, `photos/portraits/${id}.jpg`) }));
  const missing = all.find(({ file }) => !existsSync(file));
  if (missing) throw new PlainError(`The portrait ${missing.file} is not there; this bench needs it.`);
  return all.slice(0, Number(process.env.BENCH_PORTRAITS ?? all.length));
}

/** A file beside the checkout. @throws PlainError where it is missing */
export function dataFile(path: string): string {
  const file = join(data, path);
  if (!existsSync(file)) throw new PlainError(`The file ${file} is not there; this bench needs it.`);
  return file;
}

export async function imageOf(page: Page, file: string): Promise<RgbaImage> {
  const { width, height, data: bytes } = await pixelsOf(page, file);
  return { width, height, data: new Uint8ClampedArray(bytes.buffer) };
}

/** How large the face is where the net draws it, relative to the portrait as it is. */
export const faceScales = [0.5, 1, 2] as const;
export type FaceScale = (typeof faceScales)[number];

/**
 * The portrait so that its face is drawn at `scale` times the size. Photos are drawn at a short side of 720 or less:
 * half the size is a photo of 360; twice the size is the half around the face, as high as it may be, at 720.
 * `face` and the result are in pixels of their pictures.
 */
export function atFaceScale(portrait: RgbaImage, face: Face, scale: FaceScale): RgbaImage {
  const short = Math.min(portrait.width, portrait.height);
  const toonScale = (defaultCartoonOptions.lineSizePx / short) * scale;
  const side = Math.min(short, short / scale);
  const region = {
    x: scale > 1 ? within(face.x + face.width / 2 - side / 2, portrait.width - side) : 0,
    y: scale > 1 ? within(face.y + face.height / 2 - (side * tall) / 2, portrait.height - side * tall) : 0,
    width: scale > 1 ? side : portrait.width,
    height: scale > 1 ? side * tall : portrait.height,
  };
  const part = cropImage(portrait, region);
  return resizeArea(part, Math.round(part.width * toonScale), Math.round(part.height * toonScale));
}

/** A face at twice the size is higher than 720 pixels: the crop is this much higher than wide. */
const tall = 1.5;

function within(at: number, most: number): number {
  return Math.round(Math.min(Math.max(at, 0), most));
}
