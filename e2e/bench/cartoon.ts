/**
 * The cartoon job on wasm: everything from decoded bitmap to finished RGBA over the bare sum of `session.run`.
 * Medians of five warm runs, with the built-in net and, where it lies beside the checkout, with DCT-Net's.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AppDriver, type CartoonFile } from '../../src/cli/app-driver';
import type { Measurement } from './bench';
import { median, round } from './figures';
import { peakMemory } from './memory';

const root = resolve(import.meta.dirname, '../..');
const data = resolve(root, '../shared/data');
const standIn = resolve(root, 'e2e/fixtures/pictures/upright.png');
const warmUpCount = 2;
const runCount = 5;

export async function* benchCartoon(): AsyncGenerator<Measurement> {
  yield* benchModel('built in', null);
  const dctNet = join(data, 'dct-net/anime.onnx');
  if (existsSync(dctNet)) yield* benchModel('DCT-Net', dctNet);
  yield { bench: 'cartoon', metric: 'page script, gzipped', value: pageScriptBytes(), unit: 'bytes' };
}

async function* benchModel(name: string, file: string | null): AsyncGenerator<Measurement> {
  const portrait = join(data, 'photos/portraits/001.jpg');
  const photo = existsSync(portrait) ? portrait : standIn;
  const stopWatching = peakMemory();
  const driver = await AppDriver.open('wasm');
  try {
    if (file !== null) {
      const model = await driver.importModel(file);
      await driver.choose({ style: 'Anime', model, keepSkin: true, format: 'png' });
    }
    const first = await driver.cartoonize(photo, 'png');
    for (let run = 0; run < warmUpCount; run++) await driver.cartoonize(photo, 'png');
    const results: CartoonFile[] = [];
    for (let run = 0; run < runCount; run++) results.push(await driver.cartoonize(photo, 'png'));
    const middle = (read: (timings: CartoonFile['timings']) => number) =>
      round(median(results.map(({ timings }) => read(timings))));
    const bench = 'cartoon';
    const against = `session.run, ${name}`;
    const overhead = middle(({ totalMs, runMs }) => totalMs / runMs);
    yield { bench, metric: 'overhead', value: overhead, unit: '×', against, ratio: overhead };
    const cold = round((first.timings.totalMs - first.timings.openMs) / first.timings.runMs);
    yield { bench, metric: 'overhead of the first job', value: cold, unit: '×', against, ratio: cold };
    const times = ['totalMs', 'runMs', 'decodeMs', 'encodeMs'] as const;
    for (const time of times) {
      yield {
        bench,
        metric: `${time.slice(0, -2)}, ${name}`,
        value: middle((timings) => timings[time]),
        unit: 'ms',
      };
    }
    const readback = middle(({ readbackBytes }) => readbackBytes);
    yield { bench, metric: `readback, ${name}`, value: readback, unit: 'bytes' };
    yield { bench, metric: `peak memory of the tab, ${name}`, value: stopWatching(), unit: 'bytes' };
  } finally {
    stopWatching();
    await driver.close();
  }
}

/** What the page itself loads before the first result; the workers' files and the wasm are the engine's. */
function pageScriptBytes(): number {
  const assets = join(root, 'dist/assets');
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  return scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);
}
