/** Pages of a PDF as pictures of a question, without a network; and PDFs that were made to harm. */
import { expect, test, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import type { RunningServer } from '../../src/cli/serve';
import { openStranger, serveApp } from '../built-app';
import { chinesePage, hostilePdf, maskedPdf, pdfOf, textPage } from '../fixtures/pdfs';
import { expectNoViolation } from './axe';
import { enter } from './room';

let server: RunningServer;
test.beforeEach(async () => {
  server = await serveApp();
});
test.afterEach(() => server.close());

const file = (buffer: Buffer, name = 'scan.pdf') => ({ name, mimeType: 'application/pdf', buffer });
const bring = (page: Page, ...files: readonly ReturnType<typeof file>[]) =>
  page.getByLabel('Choose image').setInputFiles([...files]);
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Pages of the PDF' });
const picture = (page: Page, number: number) =>
  page.getByRole('img', { name: `Picture ${number}`, exact: true });

/** Size, some pixels by place in points from the lower left, and how much of the lower half is not white. */
function seen(page: Page, number: number, places: readonly (readonly [number, number])[]) {
  return picture(page, number).evaluate(async (image: HTMLImageElement, points) => {
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d')!;
    context.drawImage(image, 0, 0);
    const at = points.map(([x, y]) => [
      ...context.getImageData((x * width) / 612, height - (y * height) / 792, 1, 1).data.slice(0, 3),
    ]);
    const { data } = context.getImageData(0, height / 2, width, height / 2);
    return { width, height, at, ink: data.filter((value, index) => index % 4 === 0 && value < 128).length };
  }, places);
}

test('pages are chosen by keyboard and come in as pictures, with the network off, in both languages', async ({
  page,
}) => {
  const hasChinese = execFileSync('sh', ['-c', 'fc-list :lang=zh | head -1']).length > 0;
  await enter(page, server, '?backend=wasm&lang=en#/ask');
  // The engine's files are kept after the first paint, those of PDFs with them.
  const pdfIsKept = () =>
    page.evaluate(async () => {
      const paths = await Promise.all(
        (await caches.keys()).map(async (name) =>
          (await (await caches.open(name)).keys()).map(({ url }) => url),
        ),
      );
      return paths.flat().filter((url) => /engine\/pdf-/.test(url)).length;
    });
  await expect.poll(pdfIsKept, { timeout: 60_000 }).toBe(2);
  await server.close();

  await bring(
    page,
    file(pdfOf([textPage('One', '1 0 0'), textPage('Two', '0 0 1'), chinesePage('发票号码')])),
  );
  await expect(dialog(page)).toBeVisible();
  await expect(dialog(page).locator('img')).toHaveCount(3, { timeout: 60_000 });
  await expectNoViolation(page, 'pages of a PDF');
  const pages = dialog(page).getByRole('textbox', { name: 'Pages' });
  await expect(pages).toHaveValue('1');
  await pages.fill('4');
  await expect(dialog(page).getByText('Pages 1 to 3, 50 at once at most')).toBeVisible();
  await expect(dialog(page).getByRole('button', { name: /^Add/ })).toBeDisabled();
  await pages.fill('3');
  await dialog(page).getByRole('checkbox', { name: 'Page 2' }).press('Space');
  await expect(pages).toHaveValue('2-3');
  await dialog(page).getByRole('button', { name: 'Add 2 pages' }).press('Enter');
  await expect(dialog(page)).toHaveCount(0);
  await expect(picture(page, 3)).toHaveCount(0);
  const two = await seen(page, 1, [
    [100, 620],
    [300, 700],
  ]);
  expect(two).toMatchObject({
    width: 1700,
    height: 2200,
    at: [
      [0, 0, 255],
      [255, 255, 255],
    ],
  });
  // The font of these words is not in the file; it comes with the app.
  expect(two.ink).toBeGreaterThan(2000);
  if (hasChinese) expect((await seen(page, 2, [])).ink).toBeGreaterThan(8000);

  // One page only: nothing to choose. What filters paint elsewhere is painted in the worker.
  await bring(page, file(maskedPdf()));
  await expect(picture(page, 3)).toBeVisible();
  const masked = await seen(page, 3, [
    [100, 400],
    [300, 400],
    [500, 400],
  ]);
  expect(masked.at[0]).toEqual([255, 255, 255]);
  expect(Math.abs(masked.at[1]![0]! - 128)).toBeLessThanOrEqual(2);
  expect(masked.at[2]).toEqual([0, 0, 0]);

  await page.getByRole('button', { name: '中文' }).click();
  await page.getByLabel('选择图片').setInputFiles(file(pdfOf([textPage('A'), textPage('B')])));
  await page.getByRole('dialog').getByRole('button', { name: '全选' }).click();
  await expectNoViolation(page, 'pages of a PDF, in Chinese');
  await page.getByRole('dialog').getByRole('button', { name: '加入 2 页' }).click();
  await expect(page.getByRole('img', { name: '图片 5', exact: true })).toBeVisible();
});

test('a PDF that is locked opens with its password; one that is none, or broken, says so and nothing is lost', async ({
  page,
}) => {
  await enter(page, server, '?backend=wasm&lang=en#/ask');
  const sound = pdfOf([textPage('One', '1 0 0'), textPage('Two')]);
  await bring(page, file(pdfOf([textPage('Secret', '0 1 0')], { password: 'red lamp' })));
  const password = dialog(page).getByLabel('Password');
  await password.fill('blue lamp');
  await password.press('Enter');
  await expect(dialog(page).getByRole('alert')).toContainText('does not open with this password');
  await expectNoViolation(page, 'a locked PDF');
  await password.fill('red lamp');
  await dialog(page).getByRole('button', { name: 'Open' }).click();
  await expect(picture(page, 1)).toBeVisible();
  expect((await seen(page, 1, [[100, 620]])).at).toEqual([[0, 255, 0]]);

  const broken: readonly (readonly [string, Buffer])[] = [
    ['words', Buffer.from('These are words.')],
    ['nothing', Buffer.alloc(0)],
    ['its beginning alone', sound.subarray(0, 150)],
    ['noise', gzipSync(sound)],
    ['no page', pdfOf([])],
  ];
  for (const [what, buffer] of broken) {
    await bring(page, file(buffer));
    await expect(dialog(page).getByRole('alert'), what).toContainText('is no PDF, or too much of it', {
      timeout: 20_000,
    });
    await dialog(page).getByRole('button', { name: 'Close' }).click();
  }
  const endless = Buffer.from(
    sound.toString('latin1').replace('[10 0 R 12 0 R]', '[2 0 R   2 0 R ]'),
    'latin1',
  );
  expect(endless.equals(sound)).toBe(false);
  await bring(page, file(endless));
  await expect(dialog(page).getByRole('alert').or(dialog(page).getByRole('checkbox').first())).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Close' }).click();
  // A table that is not where the file says is made anew.
  const mended = Buffer.from(sound.toString('latin1').replace(/startxref\n\d+/, 'startxref\n7'), 'latin1');
  await bring(page, file(mended), file(maskedPdf()));
  await dialog(page).getByRole('button', { name: 'Add one page' }).click();
  await expect(picture(page, 3)).toBeVisible();
  expect((await seen(page, 2, [[100, 620]])).at).toEqual([[255, 0, 0]]);
});

test('what a PDF asks for is not done: no program, no address, while the wall counts nothing', async ({
  page,
}) => {
  const stranger = await openStranger();
  const said: string[] = [];
  page.on('dialog', (box) => {
    said.push(box.message());
    void box.dismiss();
  });
  page.on('console', (message) => said.push(message.text()));
  try {
    await enter(page, server, '?backend=wasm&lang=en#/ask');
    await page.evaluate(() => {
      document.addEventListener('securitypolicyviolation', ({ blockedURI }) => console.warn(blockedURI));
    });
    await expect(page.getByText('Sealed').first()).toBeVisible();
    await bring(page, file(hostilePdf(`http://127.0.0.1:${stranger.port}`), 'CANARY.pdf'));
    await expect(dialog(page).locator('img')).toHaveCount(2, { timeout: 60_000 });
    const before = server.requests().length;
    const worker = page.workers().find((each) => each.url().includes('/engine/pdf-'));
    // Its policy lets it reach no address, not even the app's own.
    const reached = await worker!.evaluate(async (address) => {
      const ask = (url: string) =>
        fetch(url).then(
          () => true,
          () => false,
        );
      // Apart from this call, which a debugger's own powers cover.
      const evil = new Promise<boolean>((done) =>
        setTimeout(() => {
          try {
            // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- that it fails is shown
            done(new Function('return true')() as boolean);
          } catch {
            done(false);
          }
        }),
      );
      return { own: await ask('./'), other: await ask(address), evil: await evil };
    }, `http://127.0.0.1:${stranger.port}/`);
    expect(reached).toEqual({ own: false, other: false, evil: false });
    await dialog(page).getByRole('button', { name: 'Add one page' }).click();
    await expect(picture(page, 1)).toBeVisible();
    await expect.poll(() => page.workers().some((each) => each.url().includes('/engine/pdf-'))).toBe(false);
    expect(stranger.visits()).toBe(0);
    expect(
      server
        .requests()
        .slice(before)
        .filter(({ updateCheck }) => !updateCheck),
    ).toEqual([]);
    expect(said).toEqual([]);
  } finally {
    await stranger.close();
  }
});
