/**
 * Text to picture in a real browser: miniatures got from a hub of another origin under a grant, then without a network, in
 * both languages. The pictures are those that the official code drew (src/pipelines/text-to-image/reference).
 */
import { expect, test, type Download, type Page } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { openFaultyHost, type FaultyHost } from '../../src/cli/faulty-host';
import { serve, type RunningServer } from '../../src/cli/serve';
import cases from '../../src/pipelines/text-to-image/reference/pictures.json' with { type: 'json' };
import { parametersKeyword, writeParameters } from '../../src/pipelines/text-to-image/parameters';
import { withPngText } from '../../src/runtime/png-text';
import { miniatureFiles } from '../hub/miniatures';
import { pixelsOf } from '../pixels';
import { expectNoViolation } from './axe';
import { enter, keep, openKept } from './room';

const root = resolve(import.meta.dirname, '../..');
const open = { 'Access-Control-Allow-Origin': '*' };
const asked = cases[0]!;

let hub: FaultyHost;
let dist: string;
let server: RunningServer;

test.beforeAll(async () => {
  hub = await openFaultyHost();
  hub.fault = () => ({ headers: open });
  for (const [path, bytes] of miniatureFiles()) hub.files.set(path, bytes);
  dist = mkdtempSync(join(tmpdir(), 'obscura-create-'));
  const origin = new URL(hub.url).origin;
  const { status, stderr } = spawnSync(
    'npx',
    ['vite', 'build', '--config', 'e2e/hub/build.ts', '--outDir', dist, '--emptyOutDir'],
    { cwd: root, env: { ...process.env, HUB: origin, FAR: origin }, encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  server = await serve({ dir: dist, port: 0, headers: false });
});
test.afterAll(async () => {
  await hub.close();
  rmSync(dist, { recursive: true });
});

const picture = (page: Page, number: number) =>
  page.getByRole('img', { name: `Picture ${number}`, exact: true });
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });

async function get(page: Page, title: string): Promise<void> {
  const card = page.getByRole('article', { name: title });
  await card.getByRole('button', { name: 'Get' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Accept licence and get' }).click();
}

/** In dB, of a saved PNG and bytes that lie channel by channel. */
async function likeness(page: Page, saved: Download, packed: string): Promise<number> {
  const { data } = await pixelsOf(page, await saved.path());
  const wanted = inflateSync(Buffer.from(packed, 'base64'));
  const count = data.length / 4;
  expect(wanted.length).toBe(3 * count);
  let square = 0;
  for (const [i, value] of wanted.entries()) {
    square += (value - data[4 * (i % count) + Math.floor(i / count)]!) ** 2;
  }
  return 10 * Math.log10(255 ** 2 / (square / wanted.length));
}

async function save(page: Page): Promise<Download> {
  const download = page.waitForEvent('download');
  await button(page, 'Save').click();
  return download;
}

test('SD-Turbo on WebGPU draws what diffusers draws, says its licence, and leaves nothing on the GPU', async ({
  page,
}) => {
  await enter(page, server, '?backend=webgpu&lang=en#/create');
  await get(page, 'SD-Turbo');
  await expect(page.getByText(/SD-Turbo: not for commercial use/)).toBeVisible({ timeout: 30_000 });
  await page.getByRole('textbox', { name: 'Prompt' }).fill(asked.prompt);
  await page.getByRole('radio', { name: '2:1' }).check({ force: true });
  await page.getByRole('spinbutton', { name: 'Seed' }).fill(String(asked.seed));
  await button(page, 'Generate').click();
  await expect(picture(page, 1)).toBeVisible({ timeout: 60_000 });
  const timings = await picture(page, 1).evaluate(
    (image: HTMLElement) => JSON.parse(image.dataset.timings!) as Record<string, number>,
  );
  expect(await picture(page, 1).getAttribute('data-backend')).toBe('webgpu');
  expect(timings['gpuPeakBytes']).toBeGreaterThan(0);
  expect(timings['gpuLeftBytes']).toBe(0);
  await expect(page.getByText(/SD-Turbo: not for commercial use/)).toHaveCount(2);
  expect(await likeness(page, await save(page), asked.sdTurbo.f32.picture)).toBeGreaterThan(50);
});

test('a prompt becomes the picture of the official code, offline, again by its seed and from its own file', async ({
  page,
}) => {
  await enter(page, server, '?backend=wasm&lang=en#/create');
  await expect(button(page, 'Generate')).toBeDisabled();
  await expect(page.getByRole('article', { name: 'SD-Turbo' })).toContainText('not for commercial use');
  await expectNoViolation(page, 'before a model is here');
  await get(page, 'Z-Image-Turbo');
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toBeVisible({ timeout: 30_000 });

  // From here on there is nobody to ask.
  await server.close();
  await page.getByRole('textbox', { name: 'Prompt' }).fill(asked.prompt);
  await page.getByRole('radio', { name: '2:1' }).check({ force: true });
  await page.getByRole('spinbutton', { name: 'Seed' }).fill(String(asked.seed));
  await button(page, 'Generate').click();
  await expect(picture(page, 1)).toBeVisible({ timeout: 60_000 });
  expect(
    await picture(page, 1).evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]),
  ).toEqual([asked.width, asked.height]);
  await expect(page.getByText('No clear face found.')).toBeVisible();
  await expectNoViolation(page, 'with a picture');

  await page.getByText('Format: PNG').click();
  await page.getByRole('switch', { name: 'Write prompt and seed into the file' }).check({ force: true });
  const saved = await save(page);
  expect(saved.suggestedFilename()).toMatch(/^obscura_\d{8}_\d{6}_[a-z0-9]{6}\.png$/);
  expect(await likeness(page, saved, asked.zImage.f32.picture)).toBeGreaterThan(40);
  const bytes = readFileSync(await saved.path());
  expect(bytes.includes('trainedAlgorithmicMedia')).toBe(true);

  // Two more of other seeds, which read the prompt no more; a cancel leaves nothing.
  await button(page, 'New seed').click();
  await page.getByRole('radio', { name: '2', exact: true }).check({ force: true });
  await button(page, 'Generate').click();
  await expect(picture(page, 3)).toBeVisible({ timeout: 60_000 });
  const seeds = await page
    .locator('img[data-seed]')
    .evaluateAll((all) => all.map((each) => Number((each as HTMLElement).dataset.seed)));
  expect(seeds[0]).toBe(seeds[1]! + 1);
  expect(seeds[2]).toBe(asked.seed);
  await expect(page.getByText('prompt not read again')).toBeVisible();
  await button(page, 'How this was made').click();
  await expect(page.getByRole('dialog')).toContainText('The prompt, as it was read for an earlier picture.');
  await page.keyboard.press('Escape');

  // Fewer steps, which the picture says.
  await page.getByRole('combobox', { name: 'Steps' }).selectOption('4 steps');
  await page.getByRole('radio', { name: '1', exact: true }).check({ force: true });
  await button(page, 'Generate').click();
  await expect(picture(page, 4)).toHaveAttribute('data-steps', '4', { timeout: 60_000 });
  await button(page, 'Delete picture 4').press('Enter');

  // The file brings its settings back.
  await page.getByRole('textbox', { name: 'Prompt' }).fill('something else');
  const transfer = await page.evaluateHandle((base64) => {
    const data = new DataTransfer();
    const file = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    data.items.add(new File([file], 'x.png', { type: 'image/png' }));
    return data;
  }, bytes.toString('base64'));
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await expect(page.getByRole('textbox', { name: 'Prompt' })).toHaveValue(asked.prompt);
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue(String(asked.seed));
  await expect(page.getByRole('combobox', { name: 'Steps' })).toHaveValue('8');
  // Of a file from elsewhere it is said what of it is not here.
  const elsewhere = { prompt: 'a lamp', seed: 7, width: 333, height: 333, model: 'Elsewhere 3' };
  const settings = { ...elsewhere, stepCount: 8, sampler: 'Euler', modelHash: '00', app: 'Another' };
  const told = withPngText(new Blob([bytes]), parametersKeyword, writeParameters(settings));
  await page.getByLabel('Settings of a PNG').setInputFiles({
    ...{ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from(await told.arrayBuffer()) },
  });
  await expect(page.getByText('Its model, Elsewhere 3, is not here')).toBeVisible();
  await expect(page.getByText('does not draw 333 × 333 pixels')).toBeVisible();
  await page.getByRole('textbox', { name: 'Prompt' }).fill(asked.prompt);
  await page.getByRole('spinbutton', { name: 'Seed' }).fill(String(asked.seed));
  await button(page, 'Generate').click();
  await expect(picture(page, 5)).toBeVisible({ timeout: 60_000 });
  expect(await likeness(page, await save(page), asked.zImage.f32.picture)).toBeGreaterThan(40);

  await button(page, 'How this was made').click();
  const record = page.getByRole('dialog');
  await expect(record).toContainText('z-image-turbo@');
  await record.getByRole('button', { name: 'Close' }).click();

  // Kept with what was asked for, and opened again, all of it without a network.
  await keep(page);
  const kept = await openKept(page);
  await expect(kept.getByRole('img')).toHaveJSProperty('naturalWidth', asked.width);
  await expect(kept.getByRole('region', { name: 'What was asked for' })).toContainText(
    `${asked.prompt}\nSteps: 8, Sampler: Euler, CFG scale: 1, Seed: ${asked.seed}, `,
  );
  await page.keyboard.press('Escape');
  const savedAgain = await save(page);
  expect(readFileSync(await savedAgain.path()).includes('/trainedAlgorithmicMedia<')).toBe(true);
  await page.evaluate(() => (location.hash = '#/create'));

  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByRole('img', { name: '图片 5', exact: true })).toBeVisible();
  await expectNoViolation(page, 'in Chinese');
  await page.getByRole('button', { name: '全部清除' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '清除', exact: true }).click();
  await page.getByRole('textbox', { name: '提示词' }).fill(asked.prompt);
  await page.getByRole('button', { name: '生成', exact: true }).click();
  await expect(page.getByRole('img', { name: '图片 1', exact: true })).toBeVisible({ timeout: 60_000 });
});
