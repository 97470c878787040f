/** A newer build waits until it is asked for; nothing reloads by itself, and no open tab loses its own build. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { serve, type RunningServer } from '../src/cli/serve';
import { expectReady, inferenceWorker, openBehindWall } from './built-app';
import { publishNextBuild, take, update } from './next-build';
import { cartoon, draw, portrait } from './ui/room';

let dir: string;
let app: RunningServer;

test.beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'obscura-update-'));
  cpSync(fileURLToPath(new URL('../dist', import.meta.url)), dir, { recursive: true });
  app = await serve({ dir, port: 0 });
});
test.afterEach(async () => {
  await app.close();
  rmSync(dir, { recursive: true });
});

/** By a worker of the page, which itself fetches nothing. */
const gets = async (page: Page, path: string) =>
  (await inferenceWorker(page)).evaluate(
    (url) =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    app.url + path,
  );

test('a newer service worker waits while the page goes on', async ({ page }) => {
  await openBehindWall(page, app.url);
  let loads = 0;
  page.on('domcontentloaded', () => (loads += 1));
  publishNextBuild(dir);
  await update(page);
  await page.waitForTimeout(1000);
  expect(loads).toBe(0);
  await take(page);
  await page.reload();
  await expect(page.locator('html[data-wall="standing"]')).toBeAttached();
});

test('a tab keeps the files of its build when another takes the update, until it is closed', async ({
  page,
}) => {
  await openBehindWall(page, `${app.url}?backend=wasm`);
  await expectReady(page);
  const other = await page.context().newPage();
  await openBehindWall(other, `${app.url}?backend=wasm`);
  const { old, next } = publishNextBuild(dir);
  await update(other);
  await take(other);
  await other.reload();
  await expectReady(other);
  expect([await gets(other, next), await gets(page, old)]).toEqual([true, true]);
  expect((await fetch(app.url + old)).status, 'the host has it no more').toBe(404);
  await other.close();
  const blank = await page.context().newPage();
  await page.close();
  await openBehindWall(blank, `${app.url}?backend=wasm`);
  await expectReady(blank);
  expect([await gets(blank, next), await gets(blank, old)]).toEqual([true, false]);
});

test('an update that another tab takes while pictures are drawn: they come, and nothing is reloaded', async ({
  page,
}) => {
  await openBehindWall(page, `${app.url}?backend=wasm&lang=en`);
  await expectReady(page);
  const other = await page.context().newPage();
  await openBehindWall(other, `${app.url}?backend=wasm&lang=en`);
  let loads = 0;
  page.on('domcontentloaded', () => (loads += 1));
  await draw(page, [portrait, portrait, portrait]);
  await expect(page.getByRole('progressbar').first()).toBeVisible();
  publishNextBuild(dir);
  await update(other);
  await take(other);
  await expect(cartoon(page, 3), 'they were still drawn when the update was taken').toHaveCount(0);
  await app.close();
  await expect(cartoon(page, 3)).toBeVisible({ timeout: 90_000 });
  expect(loads).toBe(0);
  await expect(page.locator('html[data-wall="standing"]')).toBeAttached();
});
