/** Stories told by keyboard alone: the focus is always somewhere, and a key acts on what has it. */
import { expect, test, type Page } from '@playwright/test';
import type { RunningServer } from '../../src/cli/serve';
import { cartoon, draw, enter, portrait, serveBuilt, small, tall } from './room';

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

test('Delete in the strip deletes the item that has the focus, one a press', async ({ page }) => {
  await page.getByLabel('Choose photos').setInputFiles([small, tall, portrait]);
  const pictures = page.locator('.strip li img');
  await expect(pictures).toHaveCount(3);
  const shown = () => pictures.evaluateAll((images) => images.map((image) => image.getAttribute('src')));
  const [first, , third] = await shown();
  await expect(button(page, 'Show photo 1')).toHaveAttribute('aria-current', 'true');

  await button(page, 'Clear all').press('Delete');
  await expect(pictures).toHaveCount(3);
  await button(page, 'Show photo 2').press('Delete');
  await expect(pictures).toHaveCount(2);
  expect(await shown()).toEqual([first, third]);

  await button(page, 'Delete item 1').focus();
  await page.keyboard.down('Delete');
  await expect(button(page, 'Show photo 1')).toBeFocused();
  await page.keyboard.down('Delete');
  await page.keyboard.up('Delete');
  expect(await shown()).toEqual([third]);
  await page.keyboard.press('Delete');
  await expect(stage(page)).toBeFocused();
});

test('a found face is dismissed and brought back without losing the focus', async ({ page }) => {
  await draw(page, portrait);
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 90_000 });
  await button(page, 'Faces').press('Enter');
  await button(page, 'Dismiss face 1').press('Enter');
  await expect(button(page, 'Bring back face 1')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(button(page, 'Dismiss face 1')).toBeFocused();
});
