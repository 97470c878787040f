/**
 * Careful mode, with a miniature whose decoder gives one portrait whatever it is asked for: what of a prompt could point
 * at a person is pointed at before, a clear face after, and nothing is called safe.
 */
import { expect, test, type Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeDrawingMiniature } from '../../build/drawing-miniature';
import { besideApp } from '../../src/cli/beside-app';
import { serve, type RunningServer } from '../../src/cli/serve';
import { GraphBuilder, writeOnnx } from '../../src/foundry/onnx-writer';
import { onnxType } from '../../src/foundry/onnx-tensor';
import { pixelsOf } from '../pixels';
import { expectNoViolation } from './axe';
import { enter, portrait } from './room';

const built = resolve(import.meta.dirname, '../../dist');
let folder: string;
let server: RunningServer;

test.beforeAll(async ({ browser }) => {
  folder = mkdtempSync(join(tmpdir(), 'obscura-careful-'));
  const [models, app] = [join(folder, 'models'), join(folder, 'app')];
  mkdirSync(app);
  await writeDrawingMiniature(models, {
    graphs: { decoder: await portraitDecoder(await browser.newPage()) },
  });
  server = await serve({ dir: besideApp(built, models, app), port: 0 });
});
test.afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Draws the portrait, 512 × 512, and nothing of the latents. */
async function portraitDecoder(page: Page): Promise<Uint8Array> {
  const { width, height, data } = await pixelsOf(page, portrait);
  await page.close();
  const count = width * height;
  const values = Float32Array.from({ length: 3 * count }, (_, i) => {
    const channel = Math.floor(i / count);
    return (data[4 * (i % count) + channel] ?? 0) / 127.5 - 1;
  });
  const graph = new GraphBuilder();
  const nothing = graph.node('Mul', [
    graph.node('ReduceMax', ['latent_sample'], { keepdims: { i: 0 } }),
    graph.scalar(0),
  ]);
  graph.finish(graph.node('Add', [graph.tensor([1, 3, height, width], values), nothing]), 'sample');
  const value = (name: string, dims: readonly (number | string)[]) => {
    return { name, elementType: onnxType.float32, dims };
  };
  const { nodes, tensors } = graph;
  return writeOnnx('portrait', {
    ...{ opset: 17, nodes, tensors },
    inputs: [value('latent_sample', [1, 16, 'latent_height', 'latent_width'])],
    outputs: [value('sample', [1, 3, 'height', 'width'])],
  });
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const prompt = (page: Page) => page.getByRole('textbox', { name: 'Prompt' });

test('names and numbers are pointed at before, a clear face after, which can be drawn or left out', async ({
  page,
}) => {
  await enter(page, server, '?backend=wasm&lang=en#/create');
  await page.getByRole('article').getByRole('button', { name: 'Get', exact: true }).last().click();
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('switch', { name: 'Careful mode' })).toBeChecked();
  await prompt(page).fill('Emma Johnson by a lake, call +1 202 555 0143');
  const found = page.getByRole('region', { name: /^This could identify a person/ });
  await expect(found.getByRole('button')).toHaveText(['Name? Emma Johnson', 'Phone number? +1 202 555 0143']);
  await expect(found).toContainText('some is missed');
  await found.getByRole('button').last().click();
  await expect(prompt(page)).toBeFocused();
  const selected = await prompt(page).evaluate((box: HTMLTextAreaElement) =>
    box.value.slice(box.selectionStart, box.selectionEnd),
  );
  expect(selected).toBe('+1 202 555 0143');
  await expectNoViolation(page, 'with a name in the prompt');
  await prompt(page).fill('a woman by a lake.');
  await expect(found).toHaveCount(0);

  await button(page, 'Generate').click();
  const note = page.getByText(/^A clear face is in this picture/);
  await expect(note).toBeVisible({ timeout: 60_000 });
  await expectNoViolation(page, 'with a face');
  await button(page, 'Again without realistic faces').click();
  await expect(prompt(page)).toHaveValue('a woman by a lake, a flat illustration, faces as simple drawings');
  await expect(page.getByRole('img', { name: 'Picture 2', exact: true })).toBeVisible({ timeout: 60_000 });
  const seeds = page.locator('img[data-seed]');
  expect(await seeds.first().getAttribute('data-seed')).toBe(await seeds.last().getAttribute('data-seed'));
  await button(page, 'How this was made').click();
  await expect(page.getByRole('dialog')).toContainText('obscura-faces');
  await page.keyboard.press('Escape');

  // Without it nothing is looked for, and nothing is said.
  await page.getByRole('switch', { name: 'Careful mode' }).click({ force: true });
  await button(page, 'Generate').click();
  await expect(page.getByRole('img', { name: 'Picture 3', exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(note).toHaveCount(0);
  await button(page, 'Show picture 1').click();
  await button(page, 'Draw this face').click();
  await expect(page.getByRole('radio', { name: 'Faces only' })).toBeChecked();
  await expect(page.getByRole('button', { name: 'Cartoonize' })).toBeEnabled();
});
