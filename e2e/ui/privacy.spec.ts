/** The Privacy room as a visitor uses it: what is on, what went over the line, and an attack on the page itself. */
import { expect, test, type Page } from '@playwright/test';
import type { RunningServer } from '../../src/cli/serve';
import { leakChannels } from '../../src/privacy/leaks';
import { serveApp } from '../built-app';
import { enter } from './room';

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
    'blank-frame-fetch',
    'blank-frame-img',
    'service-worker-fetch',
  ]);
  await expect(region(page, 'Try to leak').getByRole('status')).toContainText('obeys Connection-Allowlist');
  const told = server
    .requests()
    .slice(before)
    .filter(({ url }) => url.includes('leak-') && !url.includes('blank-frame'));
  expect(told.map(({ url }) => url)).toEqual([]);
  const ledger = page.getByRole('table', { name: 'Network ledger' });
  await expect(ledger).toContainText('Refused: has a query');
  await expect(ledger).not.toContainText('leak-test');
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
