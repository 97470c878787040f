/** The shelf: what is here can be checked, removed and got again; what is no model is refused in plain words. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { resolve } from 'node:path';
import type { RunningServer } from '../../src/cli/serve';
import { GraphBuilder, writeOnnx } from '../../src/foundry/onnx-writer';
import { onnxType } from '../../src/foundry/onnx-tensor';
import { cartoon, draw, enter, serveBuilt, small } from './room';
import { firstColourAlone } from './tiny-model';

let server: RunningServer;
test.beforeAll(async () => {
  server = await serveBuilt();
});
test.afterAll(() => server.close());
test.beforeEach(({ page }) => enter(page, server, '?backend=wasm&lang=en#/models'));

test('a built-in model is verified, removed and got again', async ({ page }) => {
  const model = page.getByRole('article', { name: 'Obscura Anime' });
  await expect(model).toHaveText(/Ready/);
  await expect(model).toHaveText(/commercial use/);
  await model.getByRole('button', { name: 'Verify' }).click();
  await expect(model.getByRole('status')).toHaveText(/every byte/);
  await model.getByRole('button', { name: 'Remove' }).click();
  await expect(model).toHaveText(/Not here/);
  await model.getByRole('button', { name: 'Get' }).click();
  await expect(model).toHaveText(/Ready/, { timeout: 30_000 });
});

test('a file that is no model is refused, and the shelf stays as it was', async ({ page }) => {
  const count = await page.getByRole('article').count();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import model' }).click();
  await (
    await chooser
  ).setFiles({ name: 'a.onnx', mimeType: 'application/octet-stream', buffer: Buffer.from('not a graph') });
  await expect(page.getByRole('alert')).toHaveText(/damaged or incomplete.*other models are untouched/);
  await expect(page.getByRole('article')).toHaveCount(count);
});

const pb = resolve(import.meta.dirname, '../../src/foundry/reference/dct-net-maximum.pb');

/** Puts files on the page as a drop from the desktop does. */
async function dropFiles(page: Page, ...files: { name: string; bytes: Uint8Array }[]): Promise<void> {
  const plain = files.map(({ name, bytes }) => ({ name, bytes: [...bytes] }));
  await page.evaluate((dropped) => {
    const data = new DataTransfer();
    for (const { name, bytes } of dropped) data.items.add(new File([Uint8Array.from(bytes)], name));
    document.body.dispatchEvent(
      new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
    );
  }, plain);
}

/** Mean red, green and blue of a drawn cartoon, 0…255. */
const meanOf = (page: Page, number: number) => meanOfImage(cartoon(page, number));

const meanOfImage = (image: Locator) =>
  image.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  });

const go = (page: Page, hash: string) => page.evaluate((to) => (location.hash = to), hash);

for (const [kind, elementType] of [
  ['float32', onnxType.float32],
  ['float16', onnxType.float16],
] as const) {
  test(`a ${kind} model of unknown making is dropped, draws, and its colours are chosen by eye`, async ({
    page,
  }) => {
    await dropFiles(page, { name: 'First colour.onnx', bytes: firstColourAlone(elementType) });
    const model = page.getByRole('article', { name: 'First colour' });
    await expect(model).toContainText('Ready');
    // Both ways are drawn at once, to be chosen by eye: after the sample the red one, then the blue one.
    const drawn = page.getByRole('radiogroup', { name: 'Colours' }).locator('img');
    await expect(drawn).toHaveCount(3, { timeout: 60_000 });
    const [, red, blue] = await Promise.all([0, 1, 2].map((at) => meanOfImage(drawn.nth(at))));
    expect(red!.slice(1)).toEqual([0, 0]);
    expect(blue!.slice(0, 2)).toEqual([0, 0]);
    expect(Math.min(red![0]!, blue![2]!)).toBeGreaterThan(20);
    await go(page, '#/cartoon');
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'First colour' });
    await draw(page, small);
    await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
    const [first = 0, ...others] = await meanOf(page, 1);
    expect(first).toBeGreaterThan(20);
    expect(others).toEqual([0, 0]);

    await go(page, '#/models');
    const blueFirst = model.getByRole('radio', { name: 'Blue first' });
    await model.getByText('Colours', { exact: true }).click();
    await blueFirst.check();
    await expect(blueFirst).toBeChecked();
    await page.reload();
    await model.getByText('Colours', { exact: true }).click();
    await expect(blueFirst).toBeChecked({ timeout: 60_000 });
    await go(page, '#/cartoon');
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'First colour' });
    await draw(page, small);
    await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
    const swapped = await meanOf(page, 1);
    expect(swapped.slice(0, 2)).toEqual([0, 0]);
    expect(swapped[2]).toBeGreaterThan(20);
  });
}

test("DCT-Net's TensorFlow file is converted here and draws", async ({ page }) => {
  await page.getByLabel('Import model').setInputFiles(pb);
  const model = page.getByRole('article', { name: 'dct-net-maximum' });
  await expect(model).toContainText('Ready');
  await expect(model).toContainText('converted on this device');
  await expect(model.getByText('Colours', { exact: true })).toHaveCount(0);
  await go(page, '#/cartoon');
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'dct-net-maximum' });
  await draw(page, small);
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
});

test('a pickle is not opened, and the page says why', async ({ page }) => {
  await dropFiles(page, { name: 'net.ckpt', bytes: Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0x2e) });
  await expect(page.getByRole('alert')).toHaveText(/pickle.*run any program.*not opened.*ONNX/);
});

test('a model whose operators are foreign is refused by their name', async ({ page }) => {
  const graph = new GraphBuilder();
  graph.nodes.push({ op: 'Evil', domain: 'com.example', inputs: ['x'], outputs: ['y'], attributes: {} });
  const picture = (name: string) => ({ name, elementType: onnxType.float32, dims: [1, 3, 'h', 'w'] });
  const { nodes, tensors } = graph;
  const bytes = writeOnnx('evil', {
    opset: 17,
    inputs: [picture('x')],
    outputs: [picture('y')],
    nodes,
    tensors,
  });
  await dropFiles(page, { name: 'evil.onnx', bytes });
  const alert = page.getByRole('alert');
  await expect(alert).toHaveText(/operators that Obscura does not have/);
  await alert.getByText('More', { exact: true }).click();
  await expect(alert.getByText('com.example.Evil')).toBeVisible();
});
