/** What an administrator set in `obscura.config.json` holds on the page, without a line too, and a mistake stops it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { serve, type RunningServer } from '../../src/cli/serve';
import { readMetadata } from '../../src/privacy/metadata';
import { expectReady, openBehindWall } from '../built-app';
import { openDetour } from './detour';
import { small } from './room';

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

test('audit log, how long results are kept and the AI mark are as the deployment set them', async ({
  page,
}) => {
  set({ audit: 'on', retention: '24-hours', aiMark: 'always' });
  await open(page);
  await expectReady(page);
  await page.getByLabel('Choose photos').setInputFiles(small);
  await page.getByRole('button', { name: 'Cartoonize' }).click();
  await page.getByRole('button', { name: 'Keep', exact: true }).click({ timeout: 60_000 });
  await expect(page.getByLabel('Keep for').getByRole('option')).toHaveText(['24 hours', 'This session']);
  await page.keyboard.press('Escape');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const { marks } = await readMetadata(new Uint8Array(readFileSync(await (await saving).path())));
  expect(marks.map(({ source }) => source)).toEqual(['compositeWithTrainedAlgorithmicMedia']);
  await page.evaluate(() => (location.hash = '#/privacy'));
  const audit = page.getByRole('switch', { name: 'Keep an audit log' });
  await expect(audit).toBeChecked();
  await expect(audit).toBeDisabled();
  await expect(page.getByRole('table', { name: 'Audit log' })).toContainText('Saved');
  await expect(page.getByText('Results are kept for 24 hours at most.')).toBeVisible();
  set({ retention: 'nothing', audit: 'off' });
  await page.reload();
  await expectReady(page);
  await expect(audit).not.toBeChecked();
  await page.evaluate(() => (location.hash = '#/kept'));
  await expect(page.getByText(/lets nothing be kept here/)).toBeVisible();
  await expect(page.getByLabel('Passphrase', { exact: true })).toHaveCount(0);
});

test('as long as it is not known what the deployment allows, nothing can be brought into the vault', async ({
  page,
}) => {
  set({ retention: 'nothing' });
  const detour = await openDetour(app);
  detour.slow = /obscura\.config\.json/;
  detour.pauseMs = 4000;
  await openBehindWall(page, `${detour.url}?backend=wasm&lang=en#/kept`);
  await expect(page.getByRole('heading', { name: 'Kept', exact: true })).toBeVisible();
  expect(await page.locator('html').getAttribute('data-ready'), 'it is not known yet').toBe('false');
  await page.waitForTimeout(1000);
  await expect(page.getByLabel(/^Import|^Passphrase/)).toHaveCount(0);
  await expect(page.getByText(/lets nothing be kept here/)).toBeVisible({ timeout: 20_000 });
  await expect(page.getByLabel(/^Import|^Passphrase/)).toHaveCount(0);
  await detour.close();
});
