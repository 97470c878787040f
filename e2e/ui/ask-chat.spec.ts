/** A chat that follows its answer, or its reader; one that is full; a part of a picture. */
import { expect, test, type Page } from '@playwright/test';
import type { RunningServer } from '../../src/cli/serve';
import { answer, ask, button, get, question, serveAsking, steady } from './asking';
import { expectNoViolation } from './axe';
import { enter, small } from './room';

let server: RunningServer;
test.beforeAll(async () => {
  server = await serveAsking();
});
test.afterAll(() => server.close());

const chat = (page: Page) => page.getByRole('log', { name: 'Chat' });
/** CSS pixels of the chat that lie below its window. */
const below = (page: Page) =>
  chat(page).evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);
const said = async (page: Page, number: number) =>
  (await answer(page, number).locator('.answer').innerText()).length;

async function moreIsSaid(page: Page, number: number): Promise<void> {
  const before = await said(page, number);
  await expect.poll(() => said(page, number), { timeout: 60_000 }).toBeGreaterThan(before + 100);
}

test('the chat follows an answer until its reader scrolls away, and again from the end; full, it begins anew', async ({
  page,
}) => {
  await enter(page, server, '?backend=wasm&lang=en#/ask');
  await get(page);
  await page.getByRole('spinbutton', { name: 'Longest answer' }).fill('3500');
  // A question longer than the window, so that its answer begins below.
  await question(page).fill('Go on and on.\n'.repeat(60));
  await button(page, 'Ask').click();
  await expect(answer(page, 1).locator('.answer')).not.toHaveText('', { timeout: 60_000 });
  expect(await chat(page).evaluate((log) => log.scrollHeight - log.clientHeight)).toBeGreaterThan(300);
  await moreIsSaid(page, 1);
  expect(await below(page)).toBeLessThan(60);

  await chat(page).hover();
  await page.mouse.wheel(0, -10_000);
  await expect.poll(() => chat(page).evaluate((log) => log.scrollTop)).toBe(0);
  await moreIsSaid(page, 1);
  expect(await chat(page).evaluate((log) => log.scrollTop)).toBe(0);

  // Words come meanwhile, so once may not be enough.
  const toEnd = async () => {
    await page.mouse.wheel(0, 100_000);
    return below(page);
  };
  await expect.poll(toEnd).toBeLessThan(30);
  await moreIsSaid(page, 1);
  await expect.poll(() => below(page)).toBeLessThan(60);
  await button(page, 'Stop').click();
  await expect(answer(page, 1)).toContainText('Stopped. What came so far stays.');

  // So many words that the answer to them takes all the room that is left.
  await button(page, 'New chat').click();
  await steady(page, 60);
  await ask(page, 'a '.repeat(1000), 1);
  const room = page.getByText(/^Room for/);
  const left = async () => Number(/[\d,]+/.exec(await room.innerText())?.[0].replaceAll(',', ''));
  const first = await left();
  await ask(page, 'a '.repeat(first - 60), 2);
  for (let number = 3; (await left()) > 0 && number < 8; number++) await ask(page, 'a', number);
  const full = page.getByRole('alert').filter({ hasText: 'This chat is full' });
  await expect(full).toBeVisible();
  await question(page).fill('And this?');
  await expect(button(page, 'Ask')).toBeDisabled();
  await expect(page.getByText('Begin a new chat first.')).toBeVisible();
  await expectNoViolation(page, 'a full chat');
  await full.getByRole('button', { name: 'New chat' }).press('Enter');
  await expect(question(page)).toBeFocused();
  await expect(question(page)).toHaveValue('And this?');
  await expect(page.getByRole('article')).toHaveCount(0);
  await expect(full).toHaveCount(0);
  await expect(button(page, 'Ask')).toBeEnabled();
});

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
