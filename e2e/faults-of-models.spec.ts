/** The ground taken from under a picture from a prompt and under an answer, on the miniatures: as faults.spec for Cartoon. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { serve, type RunningServer } from '../src/cli/serve';
import { packMiniatures } from './canary/rooms';
import { isLong } from './long';
import { publishNextBuild, take, update } from './next-build';
import { enter, small } from './ui/room';

let folder: string;
let app: RunningServer;
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'obscura-faults-'));
  const dir = join(folder, 'app');
  mkdirSync(dir);
  cpSync(resolve(import.meta.dirname, '../dist'), dir, { recursive: true });
  cpSync(await packMiniatures(folder), join(dir, 'models'), { recursive: true });
  app = await serve({ dir, port: 0, headers: false });
});
test.afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const answer = (page: Page) => page.getByRole('article', { name: 'Answer 1', exact: true });

const jobs = [
  {
    room: 'create',
    verb: 'Generate',
    stop: 'Cancel',
    ready: (page: Page) => page.getByRole('spinbutton', { name: 'Seed' }),
    result: (page: Page) => page.getByRole('img', { name: /^Picture \d/ }),
    async begin(page: Page) {
      await page.getByRole('textbox', { name: 'Prompt' }).fill('a paper lantern');
      await page.getByRole('radio', { name: '4', exact: true }).check({ force: true });
    },
  },
  {
    room: 'ask',
    verb: 'Ask',
    stop: 'Stop',
    ready: (page: Page) => page.getByRole('spinbutton', { name: 'Longest answer' }),
    result: (page: Page) => answer(page).and(page.locator('[data-ended]:not([data-ended=""])')),
    async begin(page: Page) {
      await page.getByRole('spinbutton', { name: 'Longest answer' }).fill('400');
      await page.getByLabel('Choose image').setInputFiles([small, small, small]);
      await page.getByRole('textbox', { name: 'Question' }).fill('What is in these pictures?');
    },
  },
] as const;
type Job = (typeof jobs)[number];

async function open(page: Page, { room, ready }: Job): Promise<void> {
  await enter(page, app, `?backend=wasm&lang=en#/${room}`);
  await page
    .getByRole('article')
    .filter({ hasNotText: '/resolve/' })
    .getByRole('button', { name: 'Get', exact: true })
    .click();
  await expect(ready(page)).toBeVisible({ timeout: 30_000 });
}

async function begin(page: Page, job: Job): Promise<void> {
  await expect(page.locator('html[data-ready="true"]')).toBeAttached({ timeout: 60_000 });
  await expect(job.ready(page)).toBeVisible({ timeout: 30_000 });
  await job.begin(page);
  await button(page, job.verb).click();
  await expect(button(page, job.stop)).toBeVisible();
}

/** With a result or an error in words; and where the wall is gone nothing more is taken in. */
async function endsCleanly(page: Page, { verb, stop, result }: Job): Promise<void> {
  await expect(result(page).or(page.getByRole('alert')).first()).toBeVisible({ timeout: 60_000 });
  await expect(button(page, stop)).toHaveCount(0, { timeout: 60_000 });
  const guarded = await page.evaluate(() => navigator.serviceWorker.controller !== null);
  await expect(page.locator(`html[data-wall="${guarded ? 'standing' : 'gone'}"]`)).toBeAttached();
  if (!guarded) await expect(button(page, verb)).toBeDisabled();
}

async function reload(page: Page): Promise<void> {
  await page.reload();
  await expect(page.locator('html[data-wall="standing"][data-ready="true"]')).toBeAttached({
    timeout: 60_000,
  });
}

for (const job of jobs)
  test(`${job.room}: service worker unregistered, a hard reload, storage cleared while it runs`, async ({
    page,
  }) => {
    page.on('dialog', (dialog) => void dialog.accept());
    const session = await page.context().newCDPSession(page);
    await open(page, job);

    await begin(page, job);
    const isGone = () => navigator.serviceWorker.ready.then((registration) => registration.unregister());
    expect(await page.evaluate(isGone), 'it was registered').toBe(true);
    await endsCleanly(page, job);
    await reload(page);

    await begin(page, job);
    await page.evaluate(() => Object.assign(window, { before: true }));
    await session.send('Page.reload', { ignoreCache: true });
    const isNew = () => page.evaluate(() => !('before' in window)).catch(() => false);
    await expect.poll(isNew, { timeout: 30_000 }).toBe(true);
    await expect(page.locator('html[data-wall="standing"]')).toBeAttached({ timeout: 60_000 });
    await expect(job.ready(page)).toBeVisible({ timeout: 30_000 });
    await expect(job.result(page), 'nothing of it is kept').toHaveCount(0);

    await begin(page, job);
    const { origin } = new URL(app.url);
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    await endsCleanly(page, job);
    await reload(page);
    await expect(page.getByRole('button', { name: 'Get', exact: true }).first()).toBeVisible();
  });

for (const job of jobs)
  test(`${job.room}: an update that another tab takes while it runs reloads nothing`, async ({ page }) => {
    test.skip(!isLong, 'it runs with npm run test:long');
    await open(page, job);
    const other = await page.context().newPage();
    await enter(other, app);
    let loads = 0;
    page.on('domcontentloaded', () => (loads += 1));
    await begin(page, job);
    publishNextBuild(join(folder, 'app'));
    await update(other);
    await take(other);
    await endsCleanly(page, job);
    await expect(page.getByRole('alert')).toHaveCount(0);
    expect(loads).toBe(0);
  });
