/** WebGPU on the software adapter: the same pixels as wasm, no buffer left behind, and a lost GPU survived. */
import { expect, test } from '@playwright/test';
import { join, resolve } from 'node:path';
import { AppDriver } from '../src/cli/app-driver';
import { isLong } from './long';
import { largestDifference, pixelsOf, type Pixels } from './pixels';

const picture = join(resolve(import.meta.dirname, 'fixtures/pictures'), 'upright.png');
const sixChannels = resolve(import.meta.dirname, '../src/pipelines/cartoon/reference/tiny-net.onnx');
let expected: Pixels;

test.beforeAll(async () => {
  const driver = await AppDriver.open('wasm');
  const { path } = await driver.cartoonize(picture, 'png');
  expected = await pixelsOf(driver.page, path);
  await driver.close();
});

test('a 96-pixel picture is the same as on wasm, twice, and the second leaves no more on the GPU', async () => {
  const driver = await AppDriver.open('webgpu');
  try {
    const first = await driver.cartoonize(picture, 'png');
    const second = await driver.cartoonize(picture, 'png');
    for (const { backend, path } of [first, second]) {
      expect(backend).toBe('webgpu');
      expect(largestDifference(await pixelsOf(driver.page, path), expected)).toBeLessThanOrEqual(2);
    }
    expect(first.timings.gpuPeakBytes).toBeGreaterThan(0);
    expect(second.timings.gpuLeftBytes).toBeLessThanOrEqual(first.timings.gpuLeftBytes);
    // The drawing comes back as bytes, not as floats.
    expect(second.timings.readbackBytes).toBeGreaterThan(96 * 64 * 3);
    expect(second.timings.readbackBytes).toBeLessThan(96 * 64 * 3 * 4);
  } finally {
    await driver.close();
  }
});

test('another model takes the place of the first on the GPU', async () => {
  test.skip(!isLong, 'it runs with npm run test:long');
  const driver = await AppDriver.open('webgpu');
  try {
    const first = await driver.cartoonize(picture, 'png');
    const left: number[] = [];
    for (const style of ['Sketch', '3D', 'Anime']) {
      await driver.choose({ style, keepSkin: true, format: 'png' });
      const { timings } = await driver.cartoonize(picture, 'png');
      left.push(timings.gpuLeftBytes);
    }
    expect(Math.max(...left)).toBeLessThanOrEqual(first.timings.gpuLeftBytes * 1.01);
  } finally {
    await driver.close();
  }
});

test('a model of unknown making, with layers of six channels, is the same as on wasm', async () => {
  test.skip(!isLong, 'it runs with npm run test:long');
  const drawn: Pixels[] = [];
  for (const backend of ['wasm', 'webgpu'] as const) {
    const driver = await AppDriver.open(backend);
    try {
      const model = await driver.importModel(sixChannels);
      await driver.choose({ style: model, model, keepSkin: false, format: 'png' });
      const { backend: used, path } = await driver.cartoonize(picture, 'png');
      expect(used).toBe(backend);
      drawn.push(await pixelsOf(driver.page, path));
    } finally {
      await driver.close();
    }
  }
  expect(largestDifference(drawn[0]!, drawn[1]!)).toBeLessThanOrEqual(2);
});

test('when the GPU process dies during a job, the job is done again and comes out the same', async () => {
  const driver = await AppDriver.open('webgpu');
  try {
    const session = await driver.page.context().browser()!.newBrowserCDPSession();
    let reopened = 0;
    driver.page.on('worker', (worker) => {
      if (worker.url().includes('/inference-')) reopened += 1;
    });
    const drawing = driver.cartoonize(picture, 'png');
    await driver.page.getByRole('button', { name: 'Cancel' }).waitFor();
    // Its answer never comes: it was to come from the process that is gone.
    void session.send('Browser.crashGpuProcess').catch(() => undefined);
    const { path } = await drawing;
    expect(reopened).toBe(1);
    expect(largestDifference(await pixelsOf(driver.page, path), expected)).toBeLessThanOrEqual(2);
  } finally {
    await driver.close();
  }
});
