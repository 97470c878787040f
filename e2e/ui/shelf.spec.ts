/** The shelf by job, what it says of this device, a licence that stands on the results, and the face finder offered where it helps. */
import { expect, test } from '@playwright/test';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunningServer } from '../../src/cli/serve';
import { smallestChunkBytes } from '../../src/library/chunks';
import { writeManifest } from '../../src/library/manifest';
import { recognisedCard } from '../../src/library/recognise';
import { cartoon, draw, enter, serveBuilt, small } from './room';
import { firstColourAlone } from './tiny-model';

let server: RunningServer;
test.beforeAll(async () => {
  server = await serveBuilt();
});
test.afterAll(() => server.close());

test('the shelf stands by job, and says of each model whether this device can run it', async ({ page }) => {
  await enter(page, server, '?backend=wasm&lang=en#/models');
  const group = (name: string) => page.getByRole('region', { name });
  await expect(group('Cartoon')).toContainText('4 of 11 ready');
  await expect(group('Face finder')).toContainText('1 of 3 ready');
  await expect(page.getByText(/^This device: Processor, \d+ threads?/)).toBeVisible();
  const article = (name: string) => page.getByRole('article', { name, exact: true });
  await expect(article('Obscura Anime')).toContainText(/Runs on the processor.\s+Suggested for this device/);
  await expect(article('DCT-Net Anime')).toContainText('Obscura Anime, with 36 % of the work');
  await expect(article('DCT-Net Anime')).not.toContainText('Suggested');
  await expect(article('YuNet s')).toContainText('Suggested for this device');
  await expect(article('YuNet s')).toContainText('MIT, Shiqi Yu, commercial use allowed');
});

/** A model whose maker forbids commercial use, as a folder that Export wrote. */
function nonCommercial() {
  const bytes = firstColourAlone();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const card = recognisedCard(bytes, 'Studio look.onnx', sha256);
  const licence = { spdx: 'CC-BY-NC-4.0', holder: 'A studio', commercialUse: false };
  const part = { ...card.part, path: 'look.onnx', chunks: { bytes: smallestChunkBytes, sha256: [sha256] } };
  const file = (name: string, content: Uint8Array | string) => ({
    ...{ name, mimeType: 'application/octet-stream' },
    buffer: Buffer.from(content),
  });
  return [file('manifest.json', writeManifest([{ ...card, licence, part }])), file('look.onnx', bytes)];
}

test('a licence that forbids commercial use stands on the shelf, on the result and beside Save', async ({
  page,
}) => {
  await enter(page, server);
  await draw(page, small);
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
  const save = page.getByRole('group', { name: 'Save' });
  await expect(save).not.toContainText('commercial');
  await page.getByRole('link', { name: 'Models' }).first().click();
  await page.getByLabel('Import model').setInputFiles(nonCommercial());
  const model = page.getByRole('article', { name: 'Studio look' });
  await expect(model).toContainText('CC-BY-NC-4.0, A studio, not for commercial use');
  await page.getByRole('link', { name: 'Cartoon' }).first().click();
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Studio look' });
  await draw(page, small);
  await expect(cartoon(page, 2)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Studio look: not for commercial use (CC-BY-NC-4.0).')).toBeVisible();
  const button = save.getByRole('button', { name: 'Save', exact: true });
  await expect(save.getByText('Not for commercial use', { exact: true })).toBeVisible();
  await expect(button).toHaveAccessibleDescription('Not for commercial use');
  // It is a matter of the result, not of what is chosen by now.
  await page.getByRole('button', { name: 'Show result 1' }).click();
  await expect(page.getByText('Studio look: not for')).toHaveCount(0);
  await expect(save.getByText('Some not for commercial use', { exact: true })).toBeVisible();
});

const yunet = resolve(import.meta.dirname, '../../../shared/data/yunet/yunet_s_dynamic.onnx');

test('where the built-in finder sees nobody, the better one is offered, and fetched only when agreed to', async ({
  page,
  context,
}) => {
  const asked: string[] = [];
  await context.route('https://raw.githubusercontent.com/**', (route) => {
    asked.push(route.request().url());
    if (!existsSync(yunet)) return route.abort();
    return route.fulfill({ path: yunet, headers: { 'Access-Control-Allow-Origin': '*' } });
  });
  await enter(page, server);
  const offer = page.getByText('Fetch the face finder (238 kB)?');
  const fetchIt = page.getByRole('button', { name: 'Fetch', exact: true });
  await draw(page, small);
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.facts').getByText('No face found')).toBeVisible();
  await expect(offer).toBeVisible();
  await fetchIt.click();
  const dialog = page.getByRole('dialog', { name: 'Get YuNet s' });
  await expect(dialog).toContainText('raw.githubusercontent.com');
  await dialog.getByRole('button', { name: 'Not now' }).click();
  expect(asked).toEqual([]);
  await fetchIt.click();
  await dialog.getByRole('button', { name: 'Accept licence and get' }).click();
  await expect.poll(() => asked.length, { timeout: 30_000 }).toBeGreaterThan(0);
  expect(new Set(asked).size).toBe(1);
  if (!existsSync(yunet)) {
    await expect(page.getByRole('alert')).toHaveText(/does not answer/, { timeout: 60_000 });
    return;
  }
  await expect(page.getByText('YuNet s is here. Cartoonize again to look with it.')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Face finder' })).toHaveValue('yunet-s');
  await expect(offer).toHaveCount(0);
});
