/** A folder of models beside the app: got from there, used, and kept when the host is gone. */
import { expect, test, type Page } from '@playwright/test';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pack } from '../../src/cli/pack';
import { serve, type RunningServer } from '../../src/cli/serve';
import { inferenceWorker } from '../built-app';
import { cartoon, draw, enter, portrait, small } from './room';

const data = resolve(import.meta.dirname, '../../../shared/data');
const files = ['dct-net/anime.onnx', 'yunet/yunet_n_dynamic.onnx'].map((name) => join(data, name));

let folder: string;
let server: RunningServer;
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'obscura-mirror-'));
  cpSync(resolve(import.meta.dirname, '../../dist'), folder, { recursive: true });
  server = await serve({ dir: folder, port: 0, record: true });
});
test.afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const model = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
const go = (page: Page, hash: string) => page.evaluate((to) => (location.hash = to), hash);

async function drawWithThem(page: Page, photo: string): Promise<void> {
  await go(page, '#/cartoon');
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'DCT-Net' });
  await draw(page, photo);
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 120_000 });
}

/** True where a worker that is not the library's gets an answer; the page itself fetches nothing. */
const reaches = async (page: Page, path: string) =>
  (await inferenceWorker(page)).evaluate(
    (to) =>
      fetch(to).then(
        (answer) => answer.ok,
        () => false,
      ),
    server.url + path,
  );

test('models packed beside the app are got from its own folder, draw, and draw offline', async ({ page }) => {
  test.skip(!files.every((file) => existsSync(file)), 'DCT-Net and YuNet are not beside this checkout');
  test.setTimeout(300_000);
  await pack(files, join(folder, 'models'));
  await enter(page, server, '?backend=wasm&lang=en#/cartoon');
  expect(server.requests().some(({ url }) => url.endsWith('manifest.json'))).toBe(false);
  await go(page, '#/models');
  for (const name of ['DCT-Net Anime', 'YuNet n']) {
    await model(page, name).getByRole('button', { name: 'Get' }).click();
    await expect(model(page, name)).toHaveText(/Ready/, { timeout: 60_000 });
  }
  await model(page, 'DCT-Net Anime').getByRole('button', { name: 'Verify' }).click();
  await expect(model(page, 'DCT-Net Anime').getByRole('status')).toHaveText(/as published/);
  const before = server.requests().length;
  for (const path of ['models/manifest.json', 'models/dct-net-anime/anime.onnx'])
    expect(await reaches(page, path), path).toBe(false);
  expect(server.requests()).toHaveLength(before);
  await drawWithThem(page, portrait);
  await server.close();
  await page.reload();
  await expect(page.locator('html[data-ready="true"]')).toBeAttached({ timeout: 60_000 });
  await go(page, '#/models');
  await expect(model(page, 'DCT-Net Anime')).toHaveText(/Ready/);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await drawWithThem(page, small);
});

test('a manifest that lies is told, and the shelf is as without it', async ({ page }) => {
  writeFileSync(join(folder, 'models/manifest.json'), '{"format":"obscura-models","version":1,"models":[7]}');
  await enter(page, server, '?backend=wasm&lang=en#/models');
  await expect(page.getByRole('alert')).toHaveText(/does not describe a model/);
  await expect(model(page, 'Obscura Anime')).toHaveText(/Ready/);
  // Not from here, then, but from where its makers publish it, which must be agreed to first.
  await model(page, 'DCT-Net Anime').getByRole('button', { name: 'Get' }).click();
  await expect(page.getByRole('dialog')).toContainText('www.modelscope.cn');
});
