/** The ground taken from under a running job: it ends cleanly, and no picture is taken in without the wall. */
import { expect, test, type Page } from '@playwright/test';
import type { RunningServer } from '../src/cli/serve';
import { inferenceWorker, serveApp } from './built-app';
import { cartoon, draw, enter, portrait, small } from './ui/room';

let app: RunningServer;
test.beforeEach(async ({ page }) => {
  app = await serveApp({ headers: false });
  await enter(page, app);
});
test.afterEach(() => app.close());

const working = (page: Page) => expect(page.getByRole('progressbar').first()).toBeVisible();

/** A result, or an error in words; either way nothing hangs. */
const ended = (page: Page) =>
  expect(cartoon(page, 1).or(page.getByRole('alert')).first()).toBeVisible({ timeout: 90_000 });

async function clearSiteData(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(app.url);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
}

test('storage cleared while a picture is drawn: the job ends cleanly and the page locks or goes on guarded', async ({
  page,
}) => {
  await draw(page, portrait);
  await working(page);
  await clearSiteData(page);
  await ended(page);
  const guarded = await page.evaluate(() => navigator.serviceWorker.controller !== null);
  await expect(page.locator(`html[data-wall="${guarded ? 'standing' : 'gone'}"]`)).toBeAttached();
  if (!guarded) await expect(page.getByLabel('Choose photos').first()).toBeDisabled();
  await page.reload();
  await expect(page.locator('html[data-wall="standing"][data-ready="true"]')).toBeAttached({
    timeout: 60_000,
  });
  await draw(page, small);
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
});

test('service worker unregistered while a picture is drawn: the job ends, and a reload closes the wall again', async ({
  page,
}) => {
  await draw(page, portrait);
  await working(page);
  expect(
    await page.evaluate(async () => (await navigator.serviceWorker.ready).unregister()),
    'it was registered',
  ).toBe(true);
  await ended(page);
  const guarded = await page.evaluate(() => navigator.serviceWorker.controller !== null);
  await expect(page.locator(`html[data-wall="${guarded ? 'standing' : 'gone'}"]`)).toBeAttached();
  // As long as the page is in its hands, it answers; nothing goes round it.
  const before = app.requests().length;
  await (
    await inferenceWorker(page)
  ).evaluate((url) => fetch(url).catch(() => undefined), `${app.url}secret`);
  expect(
    app
      .requests()
      .slice(before)
      .filter(({ url }) => url.includes('secret')),
  ).toEqual([]);
  await page.reload();
  await expect(page.locator('html[data-wall="standing"]')).toBeAttached({ timeout: 60_000 });
});

test('the server killed while a picture is drawn: the picture comes', async ({ page }) => {
  await draw(page, portrait);
  await working(page);
  await app.close();
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 90_000 });
  app = await serveApp();
});

test('a hard reload while a picture is drawn: the page comes back through the wall, and without a picture', async ({
  page,
}) => {
  await draw(page, portrait);
  await working(page);
  page.on('dialog', (dialog) => void dialog.accept());
  await page.evaluate(() => Object.assign(window, { before: true }));
  const session = await page.context().newCDPSession(page);
  await session.send('Page.reload', { ignoreCache: true });
  // The page reloads itself once more, through the wall.
  const now = () =>
    page.evaluate(() => {
      if ('before' in window) return 'the page before';
      const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      const way = entry && entry.workerStart > 0 ? 'through the wall' : 'round the wall';
      return `${way}, ${document.documentElement.dataset['wall']}`;
    });
  await expect
    .poll(() => now().catch(() => 'on the way'), { timeout: 60_000 })
    .toBe('through the wall, standing');
  await expect(cartoon(page, 1)).toHaveCount(0);
});
