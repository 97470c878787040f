/**
 * The page against DCT-Net's own pipeline (goldens by src/pipelines/cartoon/reference/dct_net.py). The real weights
 * and photos lie beside the checkout, not in it; without them this is skipped.
 */
import { expect, test } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppDriver } from '../src/cli/app-driver';
import { pixelsOf, psnr } from './pixels';

const data = resolve(import.meta.dirname, '../../shared/data');
const goldens = resolve(import.meta.dirname, 'fixtures/dct-net');

interface GoldenFace {
  readonly box: readonly [x: number, y: number, width: number, height: number];
}

const faces = JSON.parse(readFileSync(join(goldens, 'faces.json'), 'utf8')) as Record<string, GoldenFace[]>;

test.describe('with the real DCT-Net and YuNet', () => {
  test.skip(!existsSync(data), 'the real weights are not beside this checkout');
  let driver: AppDriver;

  test.beforeAll(async () => {
    driver = await AppDriver.open('wasm');
    const model = await driver.importModel(join(data, 'dct-net/anime.onnx'));
    const finder = await driver.importModel(join(data, 'yunet/yunet_s_dynamic.onnx'));
    await driver.choose({
      style: 'Anime',
      model,
      faces: finder,
      keepSkin: false,
      sharp: false,
      format: 'png',
    });
  });

  test.afterAll(() => driver.close());

  for (const id of ['001', '051']) {
    test(`portrait ${id} agrees with the original pipeline`, async () => {
      const result = await driver.cartoonize(join(data, `photos/portraits/${id}.jpg`), 'png');
      const mine = await pixelsOf(driver.page, result.path);
      const golden = await pixelsOf(driver.page, join(goldens, `${id}.png`));
      expect(result.faces).toBe(1);
      expect(result.bytesSent).toBe(0);
      expect(psnr(mine, golden)).toBeGreaterThan(40);
      const [x, y, width, height] = faces[id]![0]!.box;
      expect(psnr(mine, golden, { x, y, width, height })).toBeGreaterThan(35);
    });
  }
});
