/** The Privacy room as a visitor uses it: what is on, what went over the line, and an attack on the page itself. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { RunningServer } from '../../src/cli/serve';
import { leakChannels } from '../../src/privacy/leaks';
import type { PrivacyReport } from '../../src/privacy/report';
import { serveApp } from '../built-app';
import { enter } from './room';

const dist = resolve(import.meta.dirname, '../../dist');
let server: RunningServer;
test.afterEach(() => server.close());

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('the page says what is on and who supplied each header, and attacks itself without a leak', async ({
  page,
}) => {
  server = await serveApp({ headers: false });
  await enter(page, server, '?backend=wasm&lang=en#/privacy');
  const airlock = page.getByRole('switch', { name: 'Airlock' });
  await expect(airlock).toBeChecked();
  await expect(region(page, 'Airlock').first()).toContainText('Sealed.');
  const layers = page.getByRole('table', { name: 'Where the headers come from' });
  const csp = layers.getByRole('row', { name: /^Content-Security-Policy/ }).getByRole('cell');
  await expect(csp).toHaveText([
    'Service worker, Page’s own tag',
    'Service worker',
    'Service worker',
    'Service worker',
    'None',
  ]);
  const before = server.requests().length;
  await page.getByRole('button', { name: 'Try to leak' }).click();
  const result = page.getByRole('table', { name: 'What came of each way out' });
  await expect(result).toBeVisible({ timeout: 110_000 });
  await expect(result.getByRole('row')).toHaveCount(leakChannels.length + 1);
  await expect(page).toHaveURL(/#\/privacy$/);
  await expect(result.getByRole('row', { name: /Not blocked/ }).getByRole('rowheader')).toHaveText([
    'service-worker-fetch',
  ]);
  await expect(region(page, 'Try to leak').getByRole('status')).toContainText('obeys Connection-Allowlist');
  const told = server
    .requests()
    .slice(before)
    .filter(({ url }) => url.includes('leak-'));
  expect(told.map(({ url }) => url)).toEqual([]);
  const ledger = page.getByRole('table', { name: 'Network ledger' });
  await expect(ledger).toContainText('Refused: has a query');
  await expect(ledger).not.toContainText('leak-test');

  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as JSON' }).click();
  const report = JSON.parse(readFileSync(await (await saving).path(), 'utf8')) as PrivacyReport;
  expect(report.leakTest?.results.length).toBe(leakChannels.length);
  const open = report.leakTest?.results.filter(({ leaked }) => leaked === true);
  expect(open?.map(({ channel }) => channel)).toEqual(['service-worker-fetch:foreign']);
  const release = JSON.parse(readFileSync(join(dist, 'release.json'), 'utf8')) as {
    files: Record<string, string>;
  };
  const files = report.build.files === 'unknown' ? [] : report.build.files;
  expect(files.length).toBeGreaterThan(20);
  for (const { path, sha256 } of files) expect(sha256, path).toBe(release.files[path]);
  expect(report.build.serviceWorker).toBe(release.files['service-worker.js']);
  expect(report.headers).toContainEqual({
    ...{ client: 'wall', header: 'Content-Security-Policy', from: [] },
  });
  expect(report.stores).toMatchObject({
    stores: expect.arrayContaining([{ kind: 'service-worker', name: '', entries: 1, bytes: null }]),
  });
  const asPage = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a page' }).click();
  const sheet = await page.context().newPage();
  await sheet.setContent(readFileSync(await (await asPage).path(), 'utf8'));
  await expect(sheet.getByRole('heading', { name: 'Privacy report of Obscura' })).toBeVisible();
  await expect(sheet.getByRole('row', { name: /^service-worker-fetch:foreign/ })).toContainText(
    'Not blocked',
  );
  await expect(sheet.getByRole('row', { name: /^service-worker.js|Service worker as served/ })).toContainText(
    release.files['service-worker.js']!,
  );
  await sheet.close();
});

test('a host with headers is named for each of them', async ({ page }) => {
  server = await serveApp();
  await enter(page, server, '?backend=wasm&lang=en#/privacy');
  const layers = page.getByRole('table', { name: 'Where the headers come from' });
  const rows = layers.getByRole('row');
  await expect(rows).toHaveCount(9);
  for (const row of (await rows.all()).slice(1))
    await expect(row.getByRole('cell').last()).toHaveText('Host');
});

test('the switch begins nothing by itself: it asks what to fetch, and from where', async ({ page }) => {
  server = await serveApp();
  await enter(page, server, '?backend=wasm&lang=en#/privacy');
  await page.getByRole('switch', { name: 'Airlock' }).click();
  await expect(page.getByRole('switch', { name: 'Airlock' })).toBeChecked();
  await page
    .getByRole('button', { name: /^YuNet/ })
    .first()
    .click();
  await expect(page.getByRole('dialog')).toContainText('raw.githubusercontent.com');
  await page.getByRole('dialog').getByRole('button', { name: 'Not now' }).click();
  await expect(page.getByRole('switch', { name: 'Airlock' })).toBeChecked();
});
