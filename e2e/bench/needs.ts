/**
 * What each model asks of a GPU, for `needs` of its card: buffers are counted where they are made, so the adapter's
 * speed does not matter and the software adapter tells as much as another. The picture is a 3:4 photo at the default
 * line size.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Rolldown } from 'vite';
import { chromium } from 'playwright';
import { ensureChromium, launchArgs, softwareGpuArg } from '../../src/cli/browser';
import { card as builtIn } from '../../src/models/obscura-cartoon-anime/card';
import { card as builtInFaces } from '../../src/models/obscura-faces/card';
import { card as dctNet } from '../../src/models/dct-net-anime/card';
import { card as yunetN } from '../../src/models/yunet-n/card';
import { card as yunetS } from '../../src/models/yunet-s/card';
import type { ModelCard } from '../../src/models/model';
import type { gpuNeeds } from '../fixtures/gpu-needs';
import type { Measurement } from './bench';
import { round } from './figures';
import { dataFile } from './held-out';
import { shippedFile } from './node-models';

const bench = 'needs';
const root = resolve(import.meta.dirname, '../..');
const ortFolder = join(root, 'node_modules/onnxruntime-web/dist');
/** Both sides as the finder wants them; the nets draw 960 × 720. */
const cartoonDims = [1, 3, 960, 720];
const facesDims = [1, 3, 960, 736];

declare global {
  var needs: { gpuNeeds: typeof gpuNeeds };
}

export async function* benchNeeds(): AsyncGenerator<Measurement> {
  const script = await bundle();
  const models: [ModelCard, string][] = [
    [builtIn, shippedFile(builtIn)],
    [dctNet, dataFile('dct-net/anime.onnx')],
    [builtInFaces, shippedFile(builtInFaces)],
    [yunetS, dataFile('yunet/yunet_s_dynamic.onnx')],
    [yunetN, dataFile('yunet/yunet_n_dynamic.onnx')],
  ];
  for (const [card, file] of models) {
    const { peakBytes, largestBytes } = await measure(script, card, file);
    const against = 'what its card says';
    for (const [metric, value, said] of [
      ['GPU bytes at the peak', peakBytes, card.needs?.gpuPeakBytes],
      ['bytes of the largest GPU buffer', largestBytes, card.needs?.gpuBufferBytes],
    ] as const) {
      const ratio = said === undefined ? {} : { against, ratio: round(value / said) };
      yield { bench, metric: `${metric}, ${card.title}`, value, unit: 'bytes', ...ratio };
    }
  }
}

/** A browser for each: a device gives memory back only when its last session goes. */
async function measure(script: string, card: ModelCard, file: string) {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...launchArgs, softwareGpuArg],
  });
  try {
    const page = await browser.newPage();
    await page.route('http://localhost/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/model') await route.fulfill({ body: readFileSync(file) });
      else if (pathname.startsWith('/ort/'))
        await route.fulfill({ path: join(ortFolder, pathname.slice(5)) });
      else await route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>needs</title>' });
    });
    await page.goto('http://localhost/');
    await page.addScriptTag({ content: script });
    const isFaces = card.use.role === 'faces';
    const input = card.use.role === 'cartoon' ? card.use.spec.input : 'input';
    return await page.evaluate(([name, dims]) => globalThis.needs.gpuNeeds(name, dims), [
      input,
      isFaces ? facesDims : cartoonDims,
    ] as const);
  } finally {
    await browser.close();
  }
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm'] },
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      lib: { entry: join(root, 'e2e/fixtures/gpu-needs.ts'), formats: ['iife'], name: 'needs' },
    },
  });
  const [{ output }] = built as Rolldown.RolldownOutput[] as [Rolldown.RolldownOutput];
  return output[0].code;
}
