/** The camera is asked for only when its window opens, and is off after the shot and on closing. */
import { expect, test } from '@playwright/test';
import { chromium, type Browser, type Page } from 'playwright';
import { ensureChromium, launchArgs } from '../../src/cli/browser';
import type { RunningServer } from '../../src/cli/serve';
import { serveBuilt } from './room';

let server: RunningServer;
let browser: Browser;

test.beforeAll(async () => {
  server = await serveBuilt();
  browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...launchArgs, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });
});

test.afterAll(async () => {
  await browser.close();
  await server.close();
});

/** Tracks handed out so far that still run. */
const running = (page: Page) =>
  page.evaluate(() => {
    const { tracks } = window as unknown as { tracks: MediaStreamTrack[] };
    return { asked: tracks.length, live: tracks.filter(({ readyState }) => readyState === 'live').length };
  });

async function open(permissions: string[]): Promise<Page> {
  const context = await browser.newContext({ permissions, locale: 'en' });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(window, { tracks });
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await ask(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
  await page.goto(server.url);
  await expect(page.locator('html[data-wall="standing"]')).toBeAttached({ timeout: 60_000 });
  return page;
}

test('a shot becomes a photo and the camera goes off', async () => {
  const page = await open(['camera']);
  expect(await running(page)).toEqual({ asked: 0, live: 0 });
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('button', { name: 'Take photo' }).click();
  await expect(page.getByRole('button', { name: 'Show photo 1' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Camera' })).toBeFocused();
  await expect.poll(() => running(page)).toEqual({ asked: 1, live: 0 });
});

test('closing the window turns the camera off', async () => {
  const page = await open(['camera']);
  await page.getByRole('button', { name: 'Camera' }).click();
  await expect(page.getByRole('button', { name: 'Take photo' })).toBeEnabled();
  expect((await running(page)).live).toBe(1);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect.poll(() => running(page)).toEqual({ asked: 1, live: 0 });
});

test('a double click takes one photo', async () => {
  const page = await open(['camera']);
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('button', { name: 'Take photo' }).dblclick();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Show photo 1' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show photo 2' })).toHaveCount(0);
});

test('a shot that cannot be made into a picture says so', async () => {
  const page = await open(['camera']);
  await page.evaluate(() => (HTMLCanvasElement.prototype.toBlob = (done) => done(null)));
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('button', { name: 'Take photo' }).click();
  await expect(page.getByRole('alert')).toHaveText(/could not be taken/);
  expect((await running(page)).live).toBe(0);
});
