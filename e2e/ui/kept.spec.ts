/** A result kept, found again after a reload, opened, deleted; and everything erased while another tab draws. */
import { readFileSync } from 'node:fs';
import { expect, test, type Locator, type Page } from '@playwright/test';
import type { RunningServer } from '../../src/cli/serve';
import { cartoon, draw, drawn, enter, keep, passphrase, portrait, serveBuilt } from './room';

let server: RunningServer;
test.beforeAll(async () => {
  server = await serveBuilt();
});
test.afterAll(() => server.close());

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const inDialog = (page: Page, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true });
const pictures = (page: Page) => page.getByRole('list', { name: 'Kept results' }).getByRole('article');
const go = (page: Page, hash: string) => page.evaluate((to) => (location.hash = to), hash);

async function unlock(page: Page, typed = passphrase): Promise<void> {
  await page.getByLabel('Passphrase', { exact: true }).fill(typed);
  await button(page, 'Unlock').click();
}

/** The databases with their entries, the caches, and how much lies in local storage. */
const stored = (page: Page) =>
  page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('IndexedDB', { cause: request.error }));
      });
    const found: string[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      const open = await asked(indexedDB.open(name));
      for (const store of open.objectStoreNames) {
        const values = await asked(open.transaction(store).objectStore(store).count());
        found.push(`${name}: ${values}`);
      }
      open.close();
    }
    return { databases: found, caches: await caches.keys(), local: localStorage.length };
  });

/** SHA-256 of what an image shows. */
const pixels = (image: Locator) =>
  image.evaluate(async (shown: HTMLImageElement) => {
    await shown.decode();
    const canvas = new OffscreenCanvas(shown.naturalWidth, shown.naturalHeight);
    const context = canvas.getContext('2d')!;
    context.drawImage(shown, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', data))];
  });

test('kept, found after a reload, opened as it was, saved, deleted', async ({ page }) => {
  await enter(page, server);
  expect((await stored(page)).databases.some((name) => name.startsWith('obscura-vault'))).toBe(false);
  await drawn(page);
  const original = await pixels(cartoon(page, 1));
  await keep(page);
  await page.reload();
  await go(page, '#/kept');
  await expect(page.getByText(/^1 result, [\d.]+ [kM]B, encrypted\.$/)).toBeVisible({ timeout: 60_000 });
  await unlock(page, 'quite another one');
  await expect(page.getByRole('alert')).toHaveText(/does not open it/);
  await unlock(page);
  await expect(pictures(page)).toHaveCount(1);
  await pictures(page).getByRole('button', { name: /^Open/ }).click();
  const opened = page.getByRole('dialog').getByRole('img');
  await expect(opened).toBeVisible();
  await expect(page.getByRole('dialog').locator('pre')).toContainText('"data_uploaded"');
  expect(await pixels(opened)).toEqual(original);
  await page.keyboard.press('Escape');
  const saving = page.waitForEvent('download');
  await pictures(page).getByRole('button', { name: 'Save' }).click();
  expect((await saving).suggestedFilename()).toMatch(/^obscura_\d{8}_\d{6}_[a-z0-9]{6}\.jpg$/);

  const exporting = page.waitForEvent('download');
  await button(page, 'Export').click();
  const file = readFileSync(await (await exporting).path());
  expect(file.subarray(0, 13).toString()).toBe('obscura-vault');

  await pictures(page).getByRole('button', { name: 'Delete' }).click();
  await inDialog(page, 'Delete').click();
  await expect(page.getByText('Nothing is kept yet.')).toBeVisible();
  expect((await stored(page)).databases).toContain('obscura-vault: 1');

  await page.getByLabel('Import', { exact: true }).setInputFiles({
    ...{ name: 'kept.obscura', mimeType: 'application/octet-stream', buffer: file },
  });
  await page.getByRole('dialog').getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await inDialog(page, 'Import').click();
  await expect(page.getByText('1 result imported.')).toBeVisible({ timeout: 20_000 });
  await expect(pictures(page)).toHaveCount(1);
  await pictures(page).getByLabel('Keep for').selectOption('24 hours');
  await expect(pictures(page)).toHaveText(/Deleted \d+ \w+ \d{4}/);
  await pictures(page).getByLabel('Keep for').selectOption('This session');
  await expect(pictures(page)).not.toHaveText(/Deleted \d/);
  await button(page, 'Lock').click();
  await expect(page.getByText(/^1 result, .* encrypted\.$/)).toBeVisible();
  await expect(pictures(page)).toHaveCount(0);
  await page.reload();
  await go(page, '#/kept');
  await expect(page.getByText('0 results, 0 B, encrypted.')).toBeVisible({ timeout: 60_000 });
  expect((await stored(page)).databases).toContain('obscura-vault: 1');
});

test('everything is erased while another tab draws: its job ends, its input locks, and the stores are empty', async ({
  page,
}) => {
  await enter(page, server);
  await drawn(page);
  await keep(page);
  const other = await page.context().newPage();
  await enter(other, server);
  await draw(other, portrait);
  await expect(button(other, 'Cancel')).toBeVisible();

  await go(page, '#/privacy');
  await page.getByRole('switch', { name: 'Keep an audit log' }).click();
  await expect(page.getByRole('switch', { name: 'Keep an audit log' })).toBeChecked();
  const stores = page.getByRole('table', { name: 'What lies in this browser' });
  for (const held of ['What you kept, encrypted', 'The bytes of the models']) {
    await expect(stores).toContainText(held);
  }
  await button(page, 'Erase everything').click();
  await button(page, 'Erase').click();
  await expect(other.getByText('Erased from another tab')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Erased. What is left was counted again')).toBeVisible({ timeout: 30_000 });
  await expect(stores).not.toHaveText(/What you kept/);
  await expect(stores).toHaveText(/The bytes of the models/);
  await expect(button(other, 'Cancel')).toHaveCount(0);
  await expect(other.locator('.strip img')).toHaveCount(0);
  await expect(other.getByRole('alert')).toHaveCount(0);
  const log = page.getByRole('table', { name: 'Audit log' });
  await page.getByRole('combobox', { name: 'Show' }).selectOption('Erased everything');
  await expect(log.getByRole('row')).toHaveCount(2);

  const watching = await page.context().newPage();
  await enter(watching, server, '?backend=wasm&lang=en#/privacy');
  // The other tab still draws, and is ended once more, this time for good.
  await draw(other, portrait);
  await expect(button(other, 'Cancel')).toBeVisible();
  await button(page, 'Erase the app too').click();
  await button(page, 'Erase').click();
  await expect(page.getByText('All of them are empty.')).toBeVisible({ timeout: 30_000 });
  // A tab that looks at the stores meanwhile counts them once more, and brings none of them back.
  await expect(watching.getByText('All of them are empty.')).toBeVisible();
  expect(await stored(page)).toEqual({ databases: [], caches: [], local: 0 });
  for (const tab of [page, other, watching])
    await expect(tab.locator('html')).toHaveAttribute('data-wall', 'erased');
  await expect(button(other, 'Cancel')).toHaveCount(0);
  await expect(other.getByLabel('Choose photos')).toBeDisabled();
  await expect(button(page, 'Erase everything')).toBeDisabled();
});

test('a store that another tab does not let go of holds up neither an erase nor a count', async ({
  page,
}) => {
  await enter(page, server, '?backend=wasm&lang=en#/privacy');
  await page.getByRole('switch', { name: 'Keep an audit log' }).click();
  await expect(page.getByRole('switch', { name: 'Keep an audit log' })).toBeChecked();
  const other = await page.context().newPage();
  await enter(other, server);
  await other.evaluate(async () => {
    const request = indexedDB.open('obscura-audit');
    await new Promise((resolve) => (request.onsuccess = resolve));
    Object.assign(window, { held: request.result });
  });
  await button(page, 'Erase the app too').click();
  await button(page, 'Erase').click();
  const stores = page.getByRole('table', { name: 'What lies in this browser' });
  await expect(stores.getByRole('row', { name: /audit/i })).toContainText('unknown', { timeout: 20_000 });
  const rows = await other.evaluate(async () => {
    const { held } = window as unknown as { held: IDBDatabase };
    const count = held.transaction('entries').objectStore('entries').count();
    await new Promise((resolve) => (count.onsuccess = resolve));
    held.close();
    return count.result;
  });
  expect(rows).toBe(0);
  await page.getByRole('button', { name: 'Count again' }).click();
  await expect(page.getByText('All of them are empty.')).toBeVisible({ timeout: 20_000 });
});
