/** Stories of people who draw: from the first click to the saved file, by pointer, keyboard and camera. */
import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import type { RunningServer } from '../../src/cli/serve';
import { cartoon, draw, drawn, enter, notAPicture, portrait, serveBuilt, small, tall } from './room';

let server: RunningServer;
test.beforeAll(async () => {
  server = await serveBuilt();
});
test.afterAll(() => server.close());
test.beforeEach(({ page }) => enter(page, server));

const slider = (page: Page) => page.getByRole('slider', { name: 'Before and after' });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('a newcomer has a saved cartoon after choosing, Cartoonize and Save', async ({ page }) => {
  await expect(button(page, 'Cartoonize')).toBeDisabled();
  await expect(page.getByText('Choose a photo first.')).toBeVisible();
  await drawn(page);
  await expect(page.getByText('No face found').first()).toBeVisible();
  expect(await cartoon(page, 1).getAttribute('src')).toMatch(/^blob:/);
  const download = page.waitForEvent('download');
  await button(page, 'Save').click();
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/^obscura_\d{8}_\d{6}_[a-z0-9]{6}\.jpg$/);
  const bytes = readFileSync(await saved.path());
  expect(bytes.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  expect(bytes.includes('Exif')).toBe(false);
  await expect(page.getByText('Saved, without metadata.')).toBeVisible();
});

for (const [format, start] of [
  ['png', '89504e47'],
  ['webp', '52494646'],
] as const) {
  test(`a result is saved as ${format} when asked`, async ({ page }) => {
    await drawn(page);
    await page.getByLabel('Format').selectOption(format);
    const download = page.waitForEvent('download');
    await page.keyboard.press('Control+s');
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(new RegExp(`\\.${format}$`));
    expect(readFileSync(await saved.path()).toString('hex', 0, 4)).toBe(start);
  });
}

test('Save all writes every result', async ({ page }) => {
  await page.getByLabel('Choose photos').setInputFiles([small, tall]);
  await button(page, 'Cartoonize').click();
  await expect(cartoon(page, 2)).toBeVisible({ timeout: 90_000 });
  const names = new Set<string>();
  page.on('download', (download) => names.add(download.suggestedFilename()));
  await button(page, 'Save all').click();
  await expect(page.getByText(/^2 files saved, without metadata\./)).toBeVisible();
  await expect.poll(() => names.size).toBe(2);
});

test('of several photos a broken one fails alone, in plain words', async ({ page }) => {
  await page.getByLabel('Choose photos').setInputFiles(small);
  await page.getByLabel('Choose photos').setInputFiles([notAPicture]);
  await draw(page, tall);
  await expect(cartoon(page, 2)).toBeVisible({ timeout: 60_000 });
  const alert = page.getByRole('alert');
  await expect(alert).toHaveText(/One photo could not be drawn\./);
  await alert.getByRole('button', { name: 'Show' }).click();
  await expect(alert).toHaveText(/not a picture.*untouched/);
  await expect(alert).not.toHaveText(/image\/not-an-image/);
  await alert.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByRole('alert')).toHaveText(/not a picture/);
});

test('Cancel sits where Cartoonize was, and stops within a second', async ({ page }) => {
  await draw(page, [portrait, small]);
  await page.waitForTimeout(300);
  const pressed = Date.now();
  await expect(page).toHaveTitle(/ · Obscura$/);
  await expect(page.getByRole('progressbar')).toBeVisible();
  await expect(button(page, 'Cancel')).toBeFocused();
  await button(page, 'Cancel').click();
  await expect(button(page, 'Cartoonize')).toBeVisible({ timeout: 2000 });
  expect(Date.now() - pressed).toBeLessThan(1500);
  await expect(page.getByText('Cancelled. The photo is still here.')).toBeVisible();
  await expect(page.getByText('Not drawn yet')).toBeVisible();
  await button(page, 'Cartoonize').click();
  await expect(cartoon(page, 2)).toBeVisible({ timeout: 90_000 });
});

test('the same photo in another style is one more result', async ({ page }) => {
  await drawn(page);
  await page.getByRole('radio', { name: 'Sketch', exact: true }).check({ force: true });
  await button(page, 'Cartoonize').click();
  await expect(cartoon(page, 2)).toBeVisible({ timeout: 60_000 });
  await expect(cartoon(page, 1)).toBeVisible();
});

test('the slider is moved by keys, pointer and double click', async ({ page }) => {
  await drawn(page);
  await expect(slider(page)).toHaveAttribute('aria-valuetext', 'Photo 50 %, cartoon 50 %');
  await slider(page).focus();
  await page.keyboard.press('ArrowRight');
  await expect(slider(page)).toHaveAttribute('aria-valuenow', '52');
  await page.keyboard.press('End');
  await expect(slider(page)).toHaveAttribute('aria-valuenow', '100');
  await page.keyboard.press('Home');
  await expect(slider(page)).toHaveAttribute('aria-valuenow', '0');
  const stage = page.getByRole('group', { name: 'Stage' });
  const box = (await stage.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 3];
  await page.mouse.dblclick(x, y);
  await expect(slider(page)).toHaveAttribute('aria-valuenow', '50');
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 40, y, { steps: 4 });
  await page.mouse.up();
  expect(Number(await slider(page).getAttribute('aria-valuenow'))).toBeGreaterThan(50);
});

test('keys look closer, fit again and show the photo', async ({ page }) => {
  await drawn(page);
  const percent = page.locator('.zoom');
  await page.keyboard.press('1');
  await expect(percent).toHaveText('100 %');
  await page.keyboard.press('+');
  await expect(percent).toHaveText('150 %');
  await page.keyboard.press('0');
  await expect(button(page, 'Fit')).toHaveAttribute('aria-pressed', 'true');
  await page.mouse.move(700, 300);
  await page.mouse.wheel(0, -240);
  await expect(button(page, 'Fit')).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('\\');
  await expect(slider(page)).toHaveCount(0);
  await page.keyboard.press('\\');
  await expect(slider(page)).toBeVisible();
  await page.locator('main h1').click({ force: true });
  await page.keyboard.down(' ');
  await expect(slider(page)).toHaveCount(0);
  await page.keyboard.up(' ');
  await expect(slider(page)).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard map' })).toBeVisible();
});

for (const kind of ['drop', 'paste'] as const) {
  test(`a photo comes in by ${kind}`, async ({ page }) => {
    await page.evaluate(
      ([how, base64]) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], 'a.png', { type: 'image/png' }));
        const event =
          how === 'drop'
            ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
            : new ClipboardEvent('paste', { clipboardData: data, bubbles: true });
        document.body.dispatchEvent(event);
      },
      [kind, readFileSync(small).toString('base64')] as const,
    );
    await expect(page.getByRole('button', { name: 'Show photo 1' })).toBeVisible();
    await expect(button(page, 'Cartoonize')).toBeEnabled();
  });
}

test('a missed face is marked, moved and resized by keyboard alone', async ({ page }) => {
  await page.getByLabel('Choose photos').setInputFiles(small);
  await button(page, 'Faces').press('Enter');
  await button(page, 'Mark a face').press('Enter');
  const box = button(page, 'Marked face 1');
  await expect(box).toBeFocused();
  const before = (await box.boundingBox())!;
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  const after = (await box.boundingBox())!;
  expect(after.x).toBeGreaterThan(before.x);
  expect(after.height).toBeGreaterThan(before.height);
  await button(page, 'Cartoonize').press('Enter');
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
  await expect(cartoon(page, 1)).toHaveAttribute('data-faces', '1');
  await box.focus();
  await page.keyboard.press('Delete');
  await expect(box).toHaveCount(0);
  await expect(button(page, 'Mark a face')).toBeFocused();
});

test('a face that was dismissed is left alone the next time', async ({ page }) => {
  await draw(page, portrait);
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 90_000 });
  const found = Number(await cartoon(page, 1).getAttribute('data-faces'));
  expect(found).toBeGreaterThan(0);
  await button(page, 'Faces').click();
  await button(page, 'Dismiss face 1').click();
  await expect(button(page, 'Bring back face 1')).toBeVisible();
  await button(page, 'Cartoonize').click();
  await expect(cartoon(page, 2)).toHaveAttribute('data-faces', String(found - 1), { timeout: 90_000 });
});

test('a face dismissed and a mark removed while a job runs do not come back with it', async ({ page }) => {
  await draw(page, portrait);
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 90_000 });
  await button(page, 'Faces').click();
  await button(page, 'Mark a face').press('Enter');
  await button(page, 'Cartoonize').click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await button(page, 'Dismiss face 1').click();
  await button(page, 'Remove marked face 1').click();
  await expect(cartoon(page, 2)).toHaveCount(0);
  await expect(cartoon(page, 2)).toHaveAttribute('data-faces', '2', { timeout: 90_000 });
  await expect(button(page, 'Bring back face 1')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Dismiss face/ })).toHaveCount(0);
});

test('what was deleted can be brought back; clearing everything asks once', async ({ page }) => {
  await drawn(page);
  await button(page, 'Delete item 1').click();
  await expect(cartoon(page, 1)).toHaveCount(0);
  await button(page, 'Undo').click();
  await expect(cartoon(page, 1)).toBeVisible();
  await button(page, 'Clear all').click();
  const dialog = page.getByRole('dialog', { name: 'Clear everything here?' });
  await expect(dialog).toHaveText(/One result is not saved\./);
  await dialog.getByRole('button', { name: 'Keep them' }).click();
  await expect(cartoon(page, 1)).toBeVisible();
  await button(page, 'Clear all').click();
  await dialog.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect(cartoon(page, 1)).toHaveCount(0);
  await expect(page.getByText('Start with a portrait')).toBeVisible();
});

test('leaving with an unsaved result asks, leaving without one does not', async ({ page }) => {
  let asked = 0;
  page.on('dialog', (dialog) => {
    asked += 1;
    void dialog.accept();
  });
  await page.getByText('Start with a portrait').click();
  await page.reload();
  expect(asked).toBe(0);
  await expect(page.locator('html[data-ready="true"]')).toBeAttached({ timeout: 60_000 });
  await drawn(page);
  await page.reload();
  expect(asked).toBe(1);
});

test('the page says what is measured: wall, device, what is kept', async ({ page }) => {
  await page.getByRole('button', { name: 'Sealed' }).click();
  const panel = page.getByRole('dialog', { name: 'What is measured now' });
  await expect(panel).toHaveText(/Closed\./);
  await expect(panel).toHaveText(/Processor, \d+ threads? \(WebAssembly\)/);
  await expect(panel).toHaveText(/5 models \(.* MB\)/);
});

test('language and theme are remembered, and nothing else', async ({ page }) => {
  await button(page, '中文').click();
  await page.getByRole('button', { name: /^主题/ }).click();
  await page.goto(`${server.url}#/cartoon`);
  await page.reload();
  await expect(page.getByRole('button', { name: '卡通化' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  const kept = await page.evaluate(() => Object.keys(localStorage).sort());
  expect(kept).toEqual(['obscura.lang', 'obscura.theme']);
});
