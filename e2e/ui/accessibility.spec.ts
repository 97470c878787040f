/**
 * axe finds nothing in any state, theme or language (both languages and both themes, each pair of them with LONG=1);
 * the page reflows at 320 px and at 200 % zoom.
 */
import { expect, test } from '@playwright/test';
import type { RunningServer } from '../../src/cli/serve';
import { isLong } from '../long';
import { expectNoViolation } from './axe';
import { cartoon, draw, enter, notAPicture, serveBuilt, small } from './room';
import { firstColourAlone } from './tiny-model';

let server: RunningServer;

test.beforeAll(async () => {
  server = await serveBuilt();
});
test.afterAll(() => server.close());

const english = {
  start: 'Cartoonize',
  choose: 'Choose photos',
  faces: 'Faces',
  mark: 'Mark a face',
  sealed: 'Sealed',
  remove: 'Remove',
  get: 'Get',
  getFinder: 'Get the face finder',
  import: 'Import model',
  colours: 'Colours',
};
const chinese = {
  start: '卡通化',
  choose: '选择照片',
  faces: '人脸',
  mark: '标一张脸',
  sealed: '已密封',
  remove: '移除',
  get: '获取',
  getFinder: '获取人脸检测模型',
  import: '导入模型',
  colours: '颜色',
};

for (const language of ['en', 'zh'] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${language}, ${colorScheme}`, () => {
      test.use({ colorScheme });

      test('every state of the rooms', async ({ page }) => {
        const isOther = (language === 'en') !== (colorScheme === 'light');
        test.skip(isOther && !isLong, 'it runs with npm run test:long');
        const words = language === 'en' ? english : chinese;
        const button = (name: string) => page.getByRole('button', { name, exact: true });
        await enter(page, server, `?backend=wasm&lang=${language}#/cartoon`);
        await expectNoViolation(page, 'empty');
        await page.getByLabel(words.choose).setInputFiles(small);
        await expectNoViolation(page, 'chosen');
        await button(words.start).click();
        await expect(page.locator('.strip img:not([alt=""])')).toBeVisible({ timeout: 60_000 });
        await expectNoViolation(page, 'done');
        await button(words.faces).click();
        await button(words.mark).click();
        await expectNoViolation(page, 'faces');
        await button(words.faces).click();
        await page.getByRole('button', { name: words.sealed }).click();
        await expectNoViolation(page, 'seal');
        await page.keyboard.press('Escape');
        await page.keyboard.press('?');
        await expectNoViolation(page, 'keyboard map');
        await page.keyboard.press('Escape');
        await page.getByLabel(words.choose).setInputFiles([notAPicture]);
        await button(words.start).click();
        await expect(page.getByRole('alert')).toBeVisible();
        await expectNoViolation(page, 'failed');
        await page.evaluate(() => (location.hash = '#/models'));
        await expect(page.getByRole('article').first()).toBeVisible();
        await page.getByLabel(words.import, { exact: true }).setInputFiles({
          ...{ name: 'First colour.onnx', mimeType: 'application/octet-stream' },
          buffer: Buffer.from(firstColourAlone()),
        });
        await expect(page.getByRole('radiogroup', { name: words.colours }).locator('img')).toHaveCount(3);
        await expectNoViolation(page, 'models');
        await page.evaluate(() => (location.hash = '#/privacy'));
        await expect(page.getByRole('table').nth(1)).toBeVisible();
        await expectNoViolation(page, 'privacy');
        await page.evaluate(() => (location.hash = '#/models'));
        const finder = page.getByRole('article', { name: 'Obscura Faces' });
        await finder.getByRole('button', { name: words.remove }).click();
        await expect(finder.getByRole('button', { name: words.get })).toBeVisible();
        await page.evaluate(() => (location.hash = '#/cartoon'));
        await expect(button(words.getFinder)).toBeVisible();
        await expectNoViolation(page, 'no face finder');
      });
    });
  }
}

for (const [width, height] of [
  [320, 640],
  [360, 780],
  [720, 450],
] as const) {
  test(`everything is reachable at ${width} × ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await enter(page, server);
    await draw(page, small);
    await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
    await expectNoViolation(page, 'done');
    const wider = await page.evaluate(() =>
      [...document.querySelectorAll('button, a, select, input, p, h1, h2')]
        .filter((element) => element.checkVisibility() && !element.closest('.strip ul'))
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => element.outerHTML.slice(0, 80)),
    );
    expect(wider).toEqual([]);
    await page.getByRole('button', { name: 'Options', exact: true }).click();
    await expect(page.getByRole('radiogroup', { name: 'Style' })).toBeVisible();
    await expectNoViolation(page, 'options');
  });
}

test('a photo and its cartoon are told apart without motion when none is wanted', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await enter(page, server);
  await draw(page, small);
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
  const longest = await page.evaluate(() =>
    Math.max(
      0,
      ...document
        .getAnimations()
        .map((animation) => Number(animation.effect?.getComputedTiming().activeDuration ?? 0)),
    ),
  );
  expect(longest).toBeLessThanOrEqual(1);
});
