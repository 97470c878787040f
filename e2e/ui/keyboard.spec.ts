/** Stories told by keyboard alone: the focus is always somewhere, and a key acts on what has it. */
import { expect, test, type Page } from '@playwright/test';
import type { RunningServer } from '../../src/cli/serve';
import { enter, serveBuilt, small } from './room';

let server: RunningServer;
test.beforeAll(async () => {
  server = await serveBuilt();
});
test.afterAll(() => server.close());
test.beforeEach(({ page }) => enter(page, server));

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const stage = (page: Page) => page.locator('#stage');

test('a dialog closed by its own button gives the focus back to what opened it', async ({ page }) => {
  const help = button(page, 'Keyboard map');
  await help.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(help).toBeFocused();

  await page.getByLabel('Choose photos').setInputFiles(small);
  await button(page, 'Clear all').press('Enter');
  await button(page, 'Keep them').press('Enter');
  await expect(button(page, 'Clear all')).toBeFocused();
});

test('with everything cleared the focus is on the empty stage', async ({ page }) => {
  await page.getByLabel('Choose photos').setInputFiles(small);
  await button(page, 'Clear all').press('Enter');
  await button(page, 'Clear').press('Enter');
  await expect(stage(page)).toBeFocused();
});
