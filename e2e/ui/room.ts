/** The built app open and usable, for the stories told here. */
import { expect, type Locator, type Page } from '@playwright/test';
import { resolve } from 'node:path';
import { serve, type RunningServer } from '../../src/cli/serve';

const fixtures = resolve(import.meta.dirname, '../fixtures');

export const small = resolve(fixtures, 'pictures/upright.png');
export const tall = resolve(fixtures, 'pictures/orientation-6.jpg');
export const portrait = resolve(fixtures, 'dct-net/skimage_astronaut.png');
export const notAPicture = {
  name: 'holiday.jpg',
  mimeType: 'image/jpeg',
  buffer: Buffer.from('These are words, not a picture.'),
};

export const serveBuilt = (): Promise<RunningServer> =>
  serve({ dir: resolve(import.meta.dirname, '../../dist'), port: 0 });

export async function enter(page: Page, server: RunningServer, where = '?backend=wasm&lang=en#/cartoon') {
  await page.goto(server.url + where);
  await expect(page.locator('html[data-ready="true"]')).toBeAttached({ timeout: 90_000 });
}

export const cartoon = (page: Page, number: number) =>
  page.getByRole('img', { name: `Cartoon ${number}`, exact: true });

export async function draw(page: Page, photos: Parameters<ReturnType<Page['locator']>['setInputFiles']>[0]) {
  await page.getByLabel('Choose photos').setInputFiles(photos);
  await page.getByRole('button', { name: 'Cartoonize' }).click();
}

export async function drawn(page: Page, number = 1): Promise<void> {
  await draw(page, small);
  await expect(cartoon(page, number)).toBeVisible({ timeout: 60_000 });
}

export const passphrase = 'lamp gravel violet';

/** The result in sight, or the one that `beside` belongs to, in a vault that is made for it. */
export async function keep(page: Page, beside: Page | Locator = page): Promise<void> {
  await beside.getByRole('button', { name: 'Keep', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await dialog.getByLabel('The same passphrase again').fill(passphrase);
  await dialog.getByRole('button', { name: 'Set passphrase and keep' }).click();
  const kept = beside.getByRole('button', { name: 'Kept', exact: true });
  await expect(kept).toBeDisabled({ timeout: 60_000 });
}

/** What `#/kept` shows of one result that was kept. */
export async function openKept(page: Page): Promise<Locator> {
  await page.evaluate(() => (location.hash = '#/kept'));
  const kept = page.getByRole('list', { name: 'Kept results' }).getByRole('article');
  await kept.getByRole('button', { name: /^Open/ }).click();
  return page.getByRole('dialog');
}
