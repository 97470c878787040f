/**
 * A model in 4 bits on the processor: onnxruntime's builds with WebGPU lack one of its operators, so the plain build
 * comes, before the job and only then; from then on it is here without a network.
 */
import { expect, test, type Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeDrawingMiniature } from '../../build/drawing-miniature';
import { miniatureParts } from '../../build/miniature-models';
import { create } from '../../build/miniature-run';
import { besideApp } from '../../src/cli/beside-app';
import { serve, type RunningServer } from '../../src/cli/serve';
import { pixelsOf, psnr } from '../pixels';
import { enter } from './room';

const asked = { prompt: 'a paper lantern', seed: 42, width: 512, height: 512 };
let folder: string;
let server: RunningServer;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'obscura-plain-'));
  const [models, app] = [join(folder, 'models'), join(folder, 'app')];
  mkdirSync(app);
  await writeDrawingMiniature(models, { q4: true });
  const dist = resolve(import.meta.dirname, '../../dist');
  server = await serve({ dir: besideApp(dist, models, app), port: 0, record: true });
});
test.afterAll(() => rmSync(folder, { recursive: true }));

const plainFiles = () => server.requests().filter(({ url }) => url.includes('/engine/ort-plain-'));

async function draw(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt' }).fill(asked.prompt);
  await page.getByRole('spinbutton', { name: 'Seed' }).fill(String(asked.seed));
  await page.getByRole('button', { name: 'Generate', exact: true }).click();
  await expect(page.getByRole('img', { name: 'Picture 1', exact: true })).toBeVisible({ timeout: 60_000 });
}

test('the plain build comes for a model that needs it, before the job, and stays', async ({ page }) => {
  await enter(page, server, '?backend=wasm&lang=en#/create');
  await page.getByRole('article').getByRole('button', { name: 'Get', exact: true }).last().click();
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toBeVisible({ timeout: 30_000 });
  expect(plainFiles()).toEqual([]);
  await draw(page);
  expect(plainFiles().length).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'How this was made' }).click();
  await expect(page.getByRole('dialog')).toContainText('No request reached the network');
  await page.keyboard.press('Escape');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const drawn = await pixelsOf(page, await (await saving).path());
  const [expected] = (await create(miniatureParts('z-image-q4'), asked)).pictures;
  expect(psnr(drawn, { ...expected!.image, data: new Uint8Array(expected!.image.data) })).toBeGreaterThan(50);

  await server.close();
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await expect(page.locator('html[data-ready="true"]')).toBeAttached({ timeout: 60_000 });
  await draw(page);
});
