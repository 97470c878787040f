/** Stories of days on which not everything works: a slow line, a model that did not come, one that is damaged. */
import { expect, test, type Page } from '@playwright/test';
import type { RunningServer } from '../../src/cli/serve';
import { openDetour, type Detour } from './detour';
import { cartoon, draw, drawn, enter, portrait, serveBuilt, small } from './room';

let server: RunningServer;
let detour: Detour;
test.beforeAll(async () => {
  server = await serveBuilt();
});
test.afterAll(() => server.close());
test.beforeEach(async () => {
  detour = await openDetour(server);
});
test.afterEach(() => detour.close());

const cartoonRoom = '?backend=wasm&lang=en#/cartoon';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('on a slow line the wait is told in bytes, and the photo that waits is drawn', async ({ page }) => {
  detour.slow = /\.(bin|onnx)$/;
  await page.goto(detour.url + cartoonRoom);
  await expect(page.locator('html[data-wall="standing"]')).toBeAttached({ timeout: 60_000 });
  await draw(page, small);
  await expect(page.getByText('Fetching the engine')).toBeVisible();
  await expect(page.getByText(/^[\d.]+ [kM]?B of [\d.]+ MB$/)).toBeVisible();
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^[1-9]\d?$/);
  await expect(page.getByText('Fetching the built-in models', { exact: true })).toBeVisible({
    timeout: 60_000,
  });
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
});

test('a face finder that did not come is missed by name, and can be got', async ({ page }) => {
  detour.lost = /obscura-faces\.onnx$/;
  await enter(page, { ...server, url: detour.url });
  await expect(page.getByText(/The face finder is not here/)).toBeVisible();
  await draw(page, small);
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('No face found')).toHaveCount(0);
  await expect(page.getByText('Faces not looked for', { exact: false }).first()).toBeVisible();
  await page.getByRole('link', { name: 'Models' }).first().click();
  const model = page.getByRole('article', { name: 'Obscura Faces' });
  await expect(model.getByRole('alert')).toHaveText(/models you had are unchanged/);
  await page.getByRole('link', { name: 'Cartoon' }).first().click();
  detour.lost = null;
  await button(page, 'Get the face finder').click();
  await expect(page.getByText(/The face finder is not here/)).toHaveCount(0);
  await button(page, 'Cartoonize').click();
  await expect(cartoon(page, 2)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('No face found').first()).toBeVisible();
});

test('an engine that did not come is asked for again by Try again', async ({ page }) => {
  detour.lost = /\/engine\/.*\.bin$/;
  await page.goto(detour.url + cartoonRoom);
  await expect(page.getByRole('alert')).toBeVisible({ timeout: 60_000 });
  detour.lost = null;
  await button(page, 'Try again').click();
  await expect(page.locator('html[data-ready="true"]')).toBeAttached({ timeout: 60_000 });
  await drawn(page);
});

/** One byte of every kept model is another one. */
const damageModels = (page: Page) =>
  page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('IndexedDB', { cause: request.error }));
      });
    const open = await asked(indexedDB.open('obscura-model-chunks'));
    const store = () => open.transaction('entries', 'readwrite').objectStore('entries');
    for (const key of await asked(store().getAllKeys())) {
      const bytes = new Uint8Array(await (await asked(store().get(key) as IDBRequest<Blob>)).arrayBuffer());
      bytes[1000] = (bytes[1000] ?? 0) ^ 1;
      await asked(store().put(new Blob([bytes]), key));
    }
    open.close();
  });

test('a damaged model that comes with the app is got again, and the photo drawn', async ({ page }) => {
  await enter(page, server);
  await damageModels(page);
  await draw(page, small);
  await expect(cartoon(page, 1).or(page.getByRole('alert')).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a model that fails Verify is no longer ready, and Get brings it back', async ({ page }) => {
  await enter(page, server, '?backend=wasm&lang=en#/models');
  await damageModels(page);
  const model = page.getByRole('article', { name: 'Obscura Anime' });
  await model.getByRole('button', { name: 'Verify' }).click();
  await expect(model.getByRole('alert')).toHaveText(/Get or import it again|Get it again/);
  await expect(model).toHaveText(/Not here/);
  await model.getByRole('button', { name: 'Get' }).click();
  await expect(model).toHaveText(/Ready/, { timeout: 30_000 });
  await expect(model.getByRole('alert')).toHaveCount(0);
});

test('with the last photo gone its engine is gone too, and the next photo is drawn by a new one', async ({
  page,
}) => {
  await enter(page, server);
  const engines = () => page.workers().filter((worker) => worker.url().includes('/engine/inference-')).length;
  await draw(page, portrait);
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 90_000 });
  expect(engines()).toBeGreaterThan(0);
  await button(page, 'Clear all').click();
  await button(page, 'Clear').click();
  await expect.poll(engines).toBe(0);
  await drawn(page);
  await button(page, 'Delete item 1').click();
  await expect.poll(engines).toBe(0);
  await button(page, 'Undo').click();
  await expect(cartoon(page, 1)).toBeVisible();
});
