/**
 * The built-in models against what they learned from: the four styles against DCT-Net, the face finder against YuNet,
 * tiles against the whole, and the time on wasm. `BENCH_PORTRAITS=N` takes the first N of the twelve portraits.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppDriver } from '../../src/cli/app-driver';
import type { CartoonSpec } from '../../src/pipelines/cartoon/card';
import { drawPicture } from '../../src/pipelines/cartoon/draw';
import type { OpenModel } from '../../src/pipelines/pipeline';
import { cropImage, type RgbaImage } from '../../src/runtime/image';
import { resizeArea } from '../../src/runtime/resize';
import { savePixels } from '../pixels';
import type { Measurement } from './bench';
import { median, round } from './figures';
import { measureFinder } from './finder';
import { dataFile, heldOutPortraits, imageOf } from './held-out';
import { likeness, type Likeness } from './likeness';
import { builtInCartoonCards, openModel, shippedFile } from './node-models';

const bench = 'builtin';
const runCount = 5;
const sidePx = 720;

export async function* benchBuiltin(): AsyncGenerator<Measurement> {
  heldOutPortraits();
  const driver = await AppDriver.open('wasm');
  try {
    yield* benchFinder(driver);
    yield* benchTiles(driver);
    yield* benchTime(driver);
    yield* benchLikeness(driver);
  } finally {
    await driver.close();
  }
}

async function* benchFinder({ page }: AppDriver): AsyncGenerator<Measurement> {
  const figures = await measureFinder(page);
  const { portraitCount, foundCount, missed, facelessCount, falseCount } = figures;
  const against = `YuNet s, ${portraitCount} portraits`;
  const averaged = `YuNet s averaged over sizes and mirroring, ${foundCount} portraits`;
  const found = round(foundCount / portraitCount);
  yield { bench, metric: 'faces found', value: round(100 * found), unit: '%', against, ratio: found };
  for (const [what, ours, theirs] of [
    ['mean', figures.meanError, figures.yunetMeanError],
    ['median', figures.medianError, figures.yunetMedianError],
  ] as const) {
    const metric = `landmark error, ${what}`;
    const unit = '% of the eye distance';
    yield { bench, metric, value: round(ours), unit, against: averaged, ratio: round(ours / theirs) };
    yield { bench, metric: `${metric}, YuNet s in one look`, value: round(theirs), unit, against: averaged };
  }
  yield {
    bench,
    metric: 'landmark error to one look of YuNet s, mean',
    value: round(figures.meanErrorToOneLook),
    unit: '% of the eye distance',
    against: 'YuNet s in one look',
  };
  yield {
    bench,
    metric: 'false faces',
    value: falseCount,
    unit: 'faces',
    against: `${facelessCount} pictures in which YuNet s sees none`,
    ratio: round(falseCount / facelessCount),
  };
  console.error(
    [
      `Faces: ${foundCount} of ${portraitCount} found${missed.length > 0 ? ` (not ${missed.join(', ')})` : ''};`,
      `landmarks off by ${figures.meanError.toFixed(1)} % of the eye distance (median`,
      `${figures.medianError.toFixed(1)}), YuNet s in one look by ${figures.yunetMeanError.toFixed(1)} (median`,
      `${figures.yunetMedianError.toFixed(1)}); ${falseCount} false in ${facelessCount} pictures without a face.`,
    ].join(' '),
  );
}

async function* benchTiles({ page }: AppDriver): AsyncGenerator<Measurement> {
  const [portrait] = heldOutPortraits();
  if (!portrait) return;
  const photo = await imageOf(page, portrait.file);
  const part = cropImage(photo, { x: 200, y: 200, width: 400, height: 304 });
  for (const { card, spec } of await builtInCartoonCards()) {
    const net = await openModel(shippedFile(card), spec);
    const value = await tileError(net, part);
    await net.session.release();
    yield { bench, metric: `tiles against the whole, ${card.title}`, value, unit: '/255' };
    console.error(`Tiles against the whole, ${card.title}: at most ${value}/255.`);
  }
}

/** The greatest difference of any value, with tiles of 160 pixels. */
async function tileError(net: OpenModel<CartoonSpec>, photo: RgbaImage): Promise<number> {
  const draw = async (tiling: { wholeAreaPx: number; tileSidePx: number }) => {
    const steps = drawPicture(net, photo, { signal: new AbortController().signal, tiling });
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
    }
  };
  const whole = await draw({ wholeAreaPx: Infinity, tileSidePx: 640 });
  const tiled = await draw({ wholeAreaPx: 0, tileSidePx: 160 });
  return whole.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (tiled.data[i] ?? 0))), 0);
}

/** Medians of warm runs, taken in turns so that whatever else the machine does weighs on both. */
async function* benchTime(driver: AppDriver): AsyncGenerator<Measurement> {
  const [portrait] = heldOutPortraits();
  if (!portrait) return;
  const photo = resizeArea(await imageOf(driver.page, portrait.file), sidePx, sidePx);
  const file = join(mkdtempSync(join(tmpdir(), 'obscura-bench-')), 'one-face.png');
  await savePixels(driver.page, { ...photo, data: new Uint8Array(photo.data.buffer) }, file);
  const teacher = await driver.importModel(dataFile('dct-net/anime.onnx'));
  const times: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] };
  for (let run = 0; run < runCount; run++) {
    for (const [whose, model] of [
      ['ours', 'built-in'],
      ['theirs', teacher],
    ] as const) {
      await driver.choose({ style: 'Anime', model, keepSkin: false, format: 'png' });
      await driver.cartoonize(file, 'png');
      const { faces, timings } = await driver.cartoonize(file, 'png');
      if (faces !== 1) throw new Error(`${faces} faces in ${portrait.id}`);
      times[whose].push(whose === 'ours' ? timings.totalMs : timings.runMs);
    }
  }
  const ours = median(times.ours);
  const theirs = median(times.theirs);
  const against = "session.run of DCT-Net's two passes and of the face finder";
  const ratio = round(ours / theirs);
  const metric = `time of ${sidePx} × ${sidePx} with one face, all of it`;
  yield { bench, metric, value: round(ours), unit: 'ms', against, ratio };
  console.error(
    `Time of ${sidePx} × ${sidePx} with one face: ${Math.round(ours)} ms, DCT-Net's two passes ${Math.round(theirs)} ms.`,
  );
}

async function* benchLikeness(driver: AppDriver): AsyncGenerator<Measurement> {
  const rows: Likeness[] = [];
  for await (const row of likeness(driver)) {
    rows.push(row);
    const { style, scale, whole, faceBox, background } = row;
    const where = `${style}, face at ${scale}×`;
    const against = "DCT-Net's composite";
    yield { bench, metric: `${where}, whole picture`, value: round(whole), unit: 'dB', against };
    yield { bench, metric: `${where}, face box`, value: round(faceBox), unit: 'dB', against };
    yield {
      bench,
      metric: `${where}, face box, DCT-Net without its head pass`,
      value: round(background),
      unit: 'dB',
      against,
    };
  }
  console.error(table(rows));
}

function table(rows: readonly Likeness[]): string {
  const heads = ['PSNR in dB', 'face', 'whole', 'face box', 'without head pass'];
  const lines = rows.map(({ style, scale, whole, faceBox, background }) => [
    style,
    `${scale}×`,
    whole.toFixed(1),
    faceBox.toFixed(1),
    background.toFixed(1),
  ]);
  const widths = heads.map((head, i) => Math.max(head.length, ...lines.map((line) => line[i]?.length ?? 0)));
  return [heads, ...lines]
    .map((line) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '))
    .join('\n');
}
