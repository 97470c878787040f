/** A part of a picture, to ask about what is small. */
import { expect, test } from '@playwright/test';
import type { RunningServer } from '../../src/cli/serve';
import { button, get, serveAsking } from './asking';
import { expectNoViolation } from './axe';
import { enter, small } from './room';

let server: RunningServer;
test.beforeAll(async () => {
  server = await serveAsking();
});
test.afterAll(() => server.close());

test('a part of a picture is a new picture with the same pixels, chosen by keyboard or pointer', async ({
  page,
}) => {
  await enter(page, server, '?backend=wasm&lang=en#/ask');
  await get(page);
  await page.getByLabel('Choose image').setInputFiles(small);
  const pixels = (number: number) =>
    page
      .getByRole('img', { name: `Picture ${number}`, exact: true })
      .evaluate(async (image: HTMLImageElement) => {
        await image.decode();
        const { naturalWidth: width, naturalHeight: height } = image;
        const context = new OffscreenCanvas(width, height).getContext('2d')!;
        context.drawImage(image, 0, 0);
        return { width, height, data: [...context.getImageData(0, 0, width, height).data] };
      });
  const whole = await pixels(1);

  await button(page, 'Ask about a part of picture 1').click();
  const dialog = page.getByRole('dialog', { name: 'A part of the picture' });
  const part = dialog.getByRole('button', { name: 'Part', exact: true });
  await expectNoViolation(page, 'a part of a picture');
  await part.press('ArrowRight');
  await part.press('ArrowDown');
  for (let turn = 0; turn < 3; turn++) await part.press('Shift+ArrowLeft');
  await expect(dialog.locator('[aria-live]')).toContainText(/% from the left, \d+ % from the top/);
  await dialog.getByRole('button', { name: 'Use this part' }).press('Enter');
  await expect(dialog).toHaveCount(0);
  const cut = await pixels(2);
  const step = Math.max(1, Math.round(Math.max(whole.width, whole.height) / 50));
  expect([cut.width, cut.height]).toEqual([whole.width / 2 - 3 * step, whole.height / 2]);
  const [left, top] = [whole.width / 4 + step, whole.height / 4 + step];
  const rows = Array.from({ length: cut.height }, (_, row) => {
    const from = 4 * ((top + row) * whole.width + left);
    return whole.data.slice(from, from + 4 * cut.width);
  });
  expect(Buffer.from(cut.data).equals(Buffer.from(rows.flat()))).toBe(true);

  // By pointer: a new one is drawn, from corner to corner.
  await button(page, 'Ask about a part of picture 1').click();
  const seen = (await dialog.locator('img').boundingBox())!;
  await page.mouse.move(seen.x + 2, seen.y + 2);
  await page.mouse.down();
  await page.mouse.move(seen.x + seen.width / 2, seen.y + seen.height / 2, { steps: 4 });
  await page.mouse.up();
  await button(page, 'Use this part').click();
  await expect(page.getByRole('img', { name: 'Picture 3', exact: true })).toBeVisible();
  const drawn = await pixels(3);
  expect(Math.abs(drawn.width - whole.width / 2)).toBeLessThan(whole.width / 20);
  for (const number of [3, 2]) await button(page, `Remove picture ${number}`).click();
});
