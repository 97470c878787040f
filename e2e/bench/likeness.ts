/**
 * How near the built-in styles come to DCT-Net's: composite against composite on the portraits never trained on, in
 * the real app on wasm, both with YuNet's faces so that the heads are aligned alike.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppDriver } from '../../src/cli/app-driver';
import type { Face } from '../../src/pipelines/cartoon/card';
import { pixelsOf, psnr, savePixels } from '../pixels';
import { mean } from './figures';
import { drawnFaces, openYunet } from './finder';
import { atFaceScale, dataFile, faceScales, heldOutPortraits, imageOf, type FaceScale } from './held-out';

/** The page's names of the styles that ship with the app, and DCT-Net's files. */
export const styles = [
  ['Anime', 'anime'],
  ['3D', '3d'],
  ['Hand-drawn', 'handdrawn'],
  ['Sketch', 'sketch'],
] as const;

/** PSNR in dB against DCT-Net's composite, means over the portraits. */
export interface Likeness {
  readonly style: string;
  readonly scale: FaceScale;
  readonly whole: number;
  readonly faceBox: number;
  /** What DCT-Net's drawing without its head pass reaches in the face box. */
  readonly background: number;
}

interface Photo {
  readonly file: string;
  readonly scale: FaceScale;
  readonly face: Face;
}

export async function* likeness(driver: AppDriver): AsyncGenerator<Likeness> {
  const faces = await driver.importModel(dataFile('yunet/yunet_s_dynamic.onnx'));
  const photos = await preparePhotos(driver);
  const settings = { faces, keepSkin: false, sharp: false, format: 'png' } as const;
  for (const [style, file] of styles) {
    const model = await driver.importModel(dataFile(`dct-net/${file}.onnx`));
    await driver.choose({ ...settings, style, model });
    const theirs: string[] = [];
    const backgrounds: string[] = [];
    for (const { file: photo } of photos) {
      theirs.push((await driver.cartoonize(photo, 'png')).path);
      backgrounds.push((await driver.cartoonizeWithoutFaces('png')).path);
    }
    await driver.choose({ ...settings, style, model: 'built-in' });
    const rows: (Omit<Likeness, 'style'> & { scale: FaceScale })[] = [];
    for (const [i, { file: photo, scale, face }] of photos.entries()) {
      const ours = await pixelsOf(driver.page, (await driver.cartoonize(photo, 'png')).path);
      const teacher = await pixelsOf(driver.page, theirs[i]!);
      const background = await pixelsOf(driver.page, backgrounds[i]!);
      rows.push({
        scale,
        whole: psnr(ours, teacher),
        faceBox: psnr(ours, teacher, face),
        background: psnr(background, teacher, face),
      });
    }
    for (const scale of faceScales) {
      const here = rows.filter((row) => row.scale === scale);
      const average = (read: (row: Omit<Likeness, 'style'>) => number) => mean(here.map(read));
      yield {
        style,
        scale,
        whole: average(({ whole }) => whole),
        faceBox: average(({ faceBox }) => faceBox),
        background: average(({ background }) => background),
      };
    }
  }
}

/** Every portrait at every face scale in which YuNet finds its face; the file as it is at scale 1. */
async function preparePhotos({ page }: AppDriver): Promise<Photo[]> {
  const folder = mkdtempSync(join(tmpdir(), 'obscura-bench-'));
  const yunet = await openYunet();
  const photos: Photo[] = [];
  for (const { id, file } of heldOutPortraits()) {
    const portrait = await imageOf(page, file);
    const [face] = await drawnFaces(yunet, portrait);
    if (!face) continue;
    for (const scale of faceScales) {
      if (scale === 1) {
        photos.push({ file, scale, face });
        continue;
      }
      const picture = atFaceScale(portrait, face, scale);
      const [found] = await drawnFaces(yunet, picture);
      if (!found) continue;
      const path = join(folder, `${id}-${scale}.png`);
      await savePixels(page, { ...picture, data: new Uint8Array(picture.data.buffer) }, path);
      photos.push({ file: path, scale, face: found });
    }
  }
  return photos;
}
