/** What an administrator set in `obscura.config.json` holds on the page, without a line too, and a mistake stops it. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { serve, type RunningServer } from '../../src/cli/serve';
import { expectReady, openBehindWall } from '../built-app';

let dir: string;
let app: RunningServer;

test.beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'obscura-deployment-'));
  cpSync(fileURLToPath(new URL('../../dist', import.meta.url)), dir, { recursive: true });
  app = await serve({ dir, port: 0 });
});
test.afterEach(async () => {
  await app.close();
  rmSync(dir, { recursive: true });
});

const set = (fields: object) =>
  writeFileSync(
    join(dir, 'obscura.config.json'),
    JSON.stringify({ format: 'obscura-config', version: 1, ...fields }),
  );
const open = (page: Page) => openBehindWall(page, `${app.url}?backend=wasm&lang=en`);
const notice = 'Only for the archive, by order of the director.';
const shelf = (page: Page, name: RegExp) => page.getByRole('article', { name });

test('notice and allowed models hold, and go on holding when the host is gone', async ({ page }) => {
  set({
    notice: { en: notice, zh: '仅供档案馆使用。' },
    models: { allowed: ['dct-net-anime'], import: false },
  });
  await open(page);
  await expectReady(page);
  const holds = async () => {
    await expect(page.getByText(notice).first()).toBeVisible();
    await page.goto(`${app.url}?backend=wasm&lang=en#/models`);
    await expect(shelf(page, /Anime/).first()).toBeVisible();
    await expect(shelf(page, /YuNet|Sketch/)).toHaveCount(1);
    await page.getByLabel('Import model').setInputFiles(join(dir, 'models/obscura-faces/obscura-faces.onnx'));
    await expect(page.getByText('does not allow this model here')).toBeVisible();
    await page.goto(`${app.url}?backend=wasm&lang=en#/privacy`);
    await expect(page.getByText('Besides the built-in models only these 1: dct-net-anime')).toBeVisible();
    await page.goto(`${app.url}?backend=wasm&lang=en#/cartoon`);
  };
  await holds();
  await app.close();
  await page.reload();
  await expectReady(page);
  await holds();
});

test('a change on the host holds at the next visit; a mistake stops the page and names the field', async ({
  page,
}) => {
  await open(page);
  await expectReady(page);
  await expect(page.getByText(notice)).toHaveCount(0);
  set({ notice: { en: notice, zh: '仅供档案馆使用。' } });
  await page.reload();
  await expectReady(page);
  await expect(page.getByText(notice).first()).toBeVisible();
  set({ modles: { import: false } });
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('settings of this deployment cannot be read');
  await page.getByText('More', { exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('modles');
  expect(await page.evaluate(() => document.documentElement.dataset['ready'])).toBe('false');
  set({});
  await page.getByRole('button', { name: 'Try again' }).click();
  await expectReady(page);
});
