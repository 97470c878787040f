/**
 * Questions about pictures in a real browser: a seeded miniature of Qwen3-VL got from beside the app, then without a
 * network, in both languages. Its words are noise; that they are the right noise is shown in Node (vision-language).
 */
import { expect, test, type Page } from '@playwright/test';
import type { RunningServer } from '../../src/cli/serve';
import { isLong } from '../long';
import { answer, ask, button, get, question, serveAsking, steady } from './asking';
import { expectNoViolation } from './axe';
import { enter, keep, openKept, small } from './room';

let server: RunningServer;
test.beforeAll(async () => {
  server = await serveAsking();
});
test.afterAll(() => server.close());

async function paceOf(page: Page, number: number) {
  const pace = await answer(page, number).getAttribute('data-pace');
  return JSON.parse(pace ?? '{}') as { firstTokenMs: number; msPerToken: number; reusedTokens: number };
}

const tokensOf = async (page: Page, number: number) =>
  JSON.parse((await answer(page, number).getAttribute('data-tokens')) ?? '[]') as number[];

async function ended(page: Page): Promise<void> {
  await expect(answer(page, 1)).toHaveAttribute('data-ended', 'stop', { timeout: 60_000 });
}

test('on WebGPU it says what it says on the processor', async ({ page, context }) => {
  test.skip(!isLong, 'it runs with npm run test:long');
  const other = await context.newPage();
  const said: number[][] = [];
  for (const [on, backend] of [
    [page, 'webgpu'],
    [other, 'wasm'],
  ] as const) {
    await enter(on, server, `?backend=${backend}&lang=en#/ask`);
    if (on === page) await get(on);
    await steady(on, 6);
    await on.getByLabel('Choose image').setInputFiles(small);
    await ask(on, 'What is in this picture?', 1);
    await ask(on, 'And why?', 2);
    expect(await answer(on, 2).getAttribute('data-backend')).toBe(backend);
    expect((await paceOf(on, 2)).reusedTokens).toBeGreaterThan(20);
    said.push(await tokensOf(on, 1), await tokensOf(on, 2));
  }
  expect(said[0]!.length).toBe(6);
  expect(said.slice(0, 2)).toEqual(said.slice(2));
});

test('texts, fields and steps come in their form, whatever the model says', async ({ page }) => {
  await enter(page, server, '?backend=wasm&lang=en#/ask');
  await get(page);
  await page.getByRole('radio', { name: 'Quick' }).check({ force: true });
  await page.getByLabel('Choose image').setInputFiles(small);
  await page.getByRole('spinbutton', { name: 'Longest answer' }).fill('100');

  await page.getByRole('tab', { name: 'Read text' }).click();
  await page.getByRole('radio', { name: 'Lines with places' }).check({ force: true });
  await button(page, 'Read').click();
  await ended(page);
  await expectNoViolation(page, 'text with places');

  await page.getByRole('tab', { name: 'Read text' }).press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Extract fields' })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('combobox', { name: 'Fields of' }).selectOption('Own schema');
  await page.getByRole('textbox', { name: 'JSON Schema' }).fill('{"type": "object", "properties": ');
  await button(page, 'Extract').click();
  await expect(page.getByRole('alert')).toBeVisible();
  const schema = { type: 'object', properties: { total: { type: ['string', 'null'] } }, required: ['total'] };
  await page.getByRole('textbox', { name: 'JSON Schema' }).fill(JSON.stringify(schema));
  await page.getByRole('switch', { name: 'Point at each value' }).check({ force: true });
  await button(page, 'Extract').click();
  await ended(page);
  await expect(answer(page, 1).getByRole('rowheader')).toHaveText('total');
  await expectNoViolation(page, 'fields');

  await keep(page, answer(page, 1));
  const kept = await openKept(page);
  await expect(kept.locator('pre').first()).toHaveText(/^\{\s*"total": (?:null|".*")\s*\}$/s);
  await expect(kept).toContainText('Own schema');
  await expectNoViolation(page, 'a kept answer');
  await page.keyboard.press('Escape');
  await page.evaluate(() => (location.hash = '#/ask'));

  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('tab', { name: '屏幕步骤' }).click();
  await page.getByRole('textbox', { name: '任务' }).fill('点击绿色');
  await page.getByRole('button', { name: '列出步骤', exact: true }).click();
  const steps = page.getByRole('article', { name: '回答 1', exact: true });
  await expect(steps).toHaveAttribute('data-ended', 'stop', { timeout: 60_000 });
  await expect(steps.getByRole('button', { name: '复制工具调用' })).toBeVisible();
  await expectNoViolation(page, 'steps');
});

test('a picture is asked about, again, and offline; nothing of it is read twice', async ({ page }) => {
  await enter(page, server, '?backend=wasm&lang=en#/ask');
  await expect(button(page, 'Ask')).toBeDisabled();
  await expectNoViolation(page, 'before a model is here');
  await get(page);
  await expectNoViolation(page, 'with a model');
  await steady(page, 24);

  // From here on there is nobody to ask.
  await server.close();
  await page.getByLabel('Choose image').setInputFiles([small, small]);
  await button(page, 'Remove picture 1').press('Enter');
  await expect(button(page, 'Remove picture 1')).toBeFocused();
  await button(page, 'Remove picture 1').press('Enter');
  await expect(question(page)).toBeFocused();
  await page.getByLabel('Choose image').setInputFiles(small);
  await ask(page, 'What is in this picture?', 1);
  await expect(button(page, 'Ask')).toBeDisabled();
  await expect(button(page, 'Ask')).toBeFocused();
  const words = await answer(page, 1).locator('.answer').innerText();
  expect(words.length).toBeGreaterThan(3);
  await expect(page.getByText(/^first word after/)).toBeVisible();
  await expect(page.getByText(/^Room for .* of 4,096 tokens$/)).toBeVisible();

  await ask(page, 'And why?', 2);
  const [first, second] = [await paceOf(page, 1), await paceOf(page, 2)];
  expect(first.reusedTokens).toBe(0);
  expect(second.reusedTokens).toBeGreaterThan(20);
  expect(second.firstTokenMs).toBeLessThan(first.firstTokenMs);
  await expectNoViolation(page, 'with answers');

  await answer(page, 2).getByRole('button', { name: 'How this was made' }).click();
  const record = page.getByRole('dialog');
  await expect(record).toContainText('imported-');
  await expect(record).toContainText('Answered on this device');
  await record.getByRole('button', { name: 'Close' }).click();

  // The same question in a new chat reads everything, and says the same: nothing was mixed up.
  await button(page, 'New chat').press('Enter');
  await expect(question(page)).toBeFocused();
  await page.getByLabel('Choose image').setInputFiles(small);
  await ask(page, 'What is in this picture?', 1);
  expect(await answer(page, 1).locator('.answer').innerText()).toBe(words);
  expect((await paceOf(page, 1)).reusedTokens).toBe(0);

  // Stopped in the middle, what came so far stays, and the chat goes on.
  await page.getByRole('spinbutton', { name: 'Longest answer' }).fill('3000');
  await page.getByRole('radio', { name: 'Varied' }).check({ force: true });
  await question(page).fill('Go on.');
  // As Safari says that an input method's word is confirmed.
  await question(page).dispatchEvent('keydown', { key: 'Enter', keyCode: 229 });
  await expect(question(page)).toHaveValue('Go on.');
  await question(page).press('Enter');
  await expect(answer(page, 2).locator('.answer')).not.toHaveText('');
  await button(page, 'Stop').click();
  await expect(answer(page, 2)).toContainText('Stopped. What came so far stays.');
  const live = page.locator('#ask-panel ~ .composer [aria-live=polite]');
  await expect(live).toHaveText(/^Answer 2, .*Stopped\. What came so far stays\.$/s);

  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('spinbutton', { name: '最长回答' }).fill('8');
  await page.getByRole('textbox', { name: '问题' }).fill('为什么？');
  await page.getByRole('button', { name: '提问', exact: true }).click();
  await expect(page.getByRole('article', { name: '回答 3', exact: true })).toHaveAttribute(
    'data-ended',
    /./,
    {
      timeout: 60_000,
    },
  );
  await expectNoViolation(page, 'in Chinese');
});
