/** A model on its way: paused, resumed, interrupted by a reload or a job, and mended where a part of it was lost. */
import { expect, test, type Page } from '@playwright/test';
import type { RunningServer } from '../../src/cli/serve';
import { card } from '../../src/models/obscura-faces/card';
import { openDetour, type Detour } from './detour';
import { keptChunks } from './kept-chunks';
import { cartoon, draw, enter, serveBuilt, small } from './room';

/** Two chunks: the first of 256 KiB, which the slow way takes long for, and the short rest. */
const { path: file, bytes } = card.part;
const [first, rest] = ['bytes=0-262143', `bytes=262144-${bytes - 1}`];

let server: RunningServer;
let detour: Detour;
test.beforeAll(async () => {
  server = await serveBuilt();
});
test.afterAll(() => server.close());
test.beforeEach(async ({ page }) => {
  detour = await openDetour(server);
  await enter(page, { ...server, url: detour.url }, '?backend=wasm&lang=en#/models');
  detour.answers.length = 0;
});
test.afterEach(() => detour.close());

const model = (page: Page) => page.getByRole('article', { name: 'Obscura Faces' });
const button = (page: Page, name: string) => model(page).getByRole('button', { name });
const asked = (range: string) => detour.answers.filter((row) => row.path === file && row.range === range);
const arrived = (range: string) => asked(range).some(({ whole }) => whole);

/** Removes the model and begins to get it again, until only its first chunk is still on the way. */
async function beginSlowly(page: Page): Promise<void> {
  await button(page, 'Remove').click();
  await expect(model(page)).toHaveText(/Not here/);
  detour.slow = /faces\.onnx$/;
  await button(page, 'Get').click();
  await expect(model(page).getByRole('progressbar')).toBeVisible();
  await expect.poll(() => arrived(rest)).toBe(true);
  expect(arrived(first)).toBe(false);
}

test('paused it stays as it is, through a reload too; Resume fetches the rest alone', async ({ page }) => {
  detour.pauseMs = 500;
  await beginSlowly(page);
  await expect(model(page)).toHaveText(/[\d.]+ kB of 287 kB/);
  await button(page, 'Pause').click();
  await expect(model(page)).toHaveText(/Partly here/);
  await expect.poll(() => detour.open).toBe(0);
  await page.reload();
  await expect(page.locator('html[data-ready="true"]')).toBeAttached({ timeout: 60_000 });
  await expect(model(page)).toHaveText(/25 kB of 287 kB have arrived/);
  expect(asked(first)).toHaveLength(1);
  detour.slow = null;
  await button(page, 'Resume').click();
  await expect(model(page)).toHaveText(/Ready/);
  expect([asked(first).length, asked(rest).length]).toEqual([2, 1]);
  await button(page, 'Verify').click();
  await expect(model(page).getByRole('status')).toHaveText(/every byte/);
});

test('cancelled, nothing of it is left', async ({ page }) => {
  await beginSlowly(page);
  await button(page, 'Cancel').click();
  await expect(model(page)).toHaveText(/Not here/);
  await expect(button(page, 'Get')).toBeVisible();
  await expect(model(page).getByRole('alert')).toHaveCount(0);
});

test('a tab that was reloaded on the way goes on by itself, and fetches no chunk twice', async ({ page }) => {
  detour.pauseMs = 500;
  await beginSlowly(page);
  // Kept, and not only sent.
  await expect.poll(() => keptChunks(page)).toContain(1);
  detour.slow = null;
  await page.reload();
  await expect(model(page)).toHaveText(/Ready/, { timeout: 60_000 });
  expect(asked(first).filter(({ whole }) => whole)).toHaveLength(1);
  expect(asked(rest)).toHaveLength(1);
});

test('a chunk that was lost from the disk is noticed, and that chunk alone is fetched', async ({ page }) => {
  await page.evaluate(async (faces) => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('IndexedDB', { cause: request.error }));
      });
    const records = await asked(indexedDB.open('obscura-models'));
    const record = await asked(
      records.transaction('entries').objectStore('entries').get(faces) as IDBRequest<{
        card: { part: { sha256: string } };
      }>,
    );
    const chunks = await asked(indexedDB.open('obscura-model-chunks'));
    const store = chunks.transaction('entries', 'readwrite').objectStore('entries');
    await asked(store.delete(`${record.card.part.sha256}/1`));
    chunks.close();
    records.close();
  }, 'obscura-faces');
  await button(page, 'Verify').click();
  await expect(model(page).getByRole('alert')).toHaveText(/damaged or incomplete/);
  await expect(model(page)).toHaveText(/Not here in full/);
  await button(page, 'Get').click();
  await expect(model(page)).toHaveText(/Ready/);
  expect([asked(first).length, asked(rest).length]).toEqual([0, 1]);
});

test('a job takes the download off the line, and it goes on by itself after', async ({ page }) => {
  detour.pauseMs = 1000;
  await beginSlowly(page);
  await page.getByRole('link', { name: 'Cartoon' }).first().click();
  await draw(page, small);
  await expect.poll(() => detour.open).toBe(0);
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
  expect(arrived(first)).toBe(false);
  detour.pauseMs = 0;
  await page.getByRole('link', { name: 'Models' }).first().click();
  await expect(model(page)).toHaveText(/Ready/, { timeout: 30_000 });
});

test('on a full disk it ends in plain words, nothing half-written is left, and it comes once there is room', async ({
  browser,
}) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const origin = new URL(detour.url).origin;
  const cdp = await context.newCDPSession(page);
  // Before the first byte: the browser trusts for a while what it once found free.
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 });
  await page.goto(`${detour.url}?backend=wasm&lang=en#/models`);
  const full = page.getByRole('article').filter({ has: page.getByRole('alert') });
  await expect(full.first().getByRole('alert')).toHaveText(/no room left.*Nothing of it was left behind/s, {
    timeout: 60_000,
  });
  await expect(full.first()).toHaveText(/Not here/);
  expect(await keptChunks(page)).toEqual([]);
  const title = await full.first().getByRole('heading').innerText();
  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  const model = page.getByRole('article', { name: title });
  await model.getByRole('button', { name: 'Get' }).click();
  await expect(model).toHaveText(/Ready/);
  await context.close();
});

test('a second tab sees how far the first is, and fetches nothing itself', async ({ page, context }) => {
  detour.pauseMs = 500;
  await beginSlowly(page);
  const other = await context.newPage();
  await other.goto(`${detour.url}?backend=wasm&lang=en#/models`);
  await expect(model(other)).toHaveText(/Fetching/, { timeout: 30_000 });
  await expect(model(page)).toHaveText(/Ready/, { timeout: 30_000 });
  await expect(model(other)).toHaveText(/Ready/);
  expect([asked(first).length, asked(rest).length]).toEqual([1, 1]);
});
