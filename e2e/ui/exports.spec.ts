/** A model leaves as files and comes back the same; a manifest that lies is refused and changes nothing. */
import { expect, test, type Page } from '@playwright/test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningServer } from '../../src/cli/serve';
import { enter, serveBuilt } from './room';
import { firstColourAlone } from './tiny-model';

let server: RunningServer;
test.beforeAll(async () => {
  server = await serveBuilt();
});
test.afterAll(() => server.close());

const model = (page: Page) => page.getByRole('article', { name: 'First colour' });
const button = (page: Page, name: string) => model(page).getByRole('button', { name });

/** One imported model with something said of its colours. */
async function importOne(page: Page): Promise<void> {
  await enter(page, server, '?backend=wasm&lang=en#/models');
  await page.getByLabel('Import model').setInputFiles({
    ...{ name: 'First colour.onnx', mimeType: 'application/octet-stream' },
    buffer: Buffer.from(firstColourAlone()),
  });
  await page.getByRole('radio', { name: 'Blue first' }).check();
  await expect(page.getByRole('radio', { name: 'Blue first' })).toBeChecked();
}

async function removeIt(page: Page): Promise<void> {
  await button(page, 'Remove').click();
  await expect(model(page)).toHaveCount(0);
}

test('a folder is written, and restores the model with what was said of it', async ({ page }) => {
  // A headless browser has no window to choose a folder in; its own private one is of the same kind.
  await page.addInitScript(() => {
    Object.assign(window, { showDirectoryPicker: () => navigator.storage.getDirectory() });
  });
  await importOne(page);
  await button(page, 'Export').click();
  await expect(model(page).getByRole('status')).toHaveText(/Exported to the folder/);
  await removeIt(page);
  const names = await page.evaluate(async () => {
    const files: File[] = [];
    for await (const folder of (await navigator.storage.getDirectory()).values())
      for await (const file of (folder as FileSystemDirectoryHandle).values())
        files.push(await (file as FileSystemFileHandle).getFile());
    const data = new DataTransfer();
    for (const file of files) data.items.add(file);
    document.body.dispatchEvent(
      new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
    );
    return files.map(({ name }) => name).sort();
  });
  expect(names).toEqual(['manifest.json', 'model.onnx']);
  await expect(model(page)).toContainText('Ready');
  await expect(page.getByRole('radio', { name: 'Blue first' })).toBeChecked();
});

test('without a folder to choose two files are saved; what was changed in them is refused', async ({
  page,
}, info) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showDirectoryPicker'));
  await importOne(page);
  const folder = info.outputPath('exported');
  mkdirSync(folder);
  const saved: Promise<void>[] = [];
  page.on('download', (download) => saved.push(download.saveAs(join(folder, download.suggestedFilename()))));
  await button(page, 'Export').click();
  await expect(model(page).getByRole('status')).toHaveText(/two files/);
  await expect.poll(() => saved.length).toBe(2);
  await Promise.all(saved);
  await removeIt(page);
  const before = await page.getByRole('article').allInnerTexts();
  const manifest = join(folder, 'manifest.json');
  const written = readFileSync(manifest, 'utf8');
  const take = () => page.getByLabel('Import folder').setInputFiles(folder);
  for (const [lie, alert] of [
    [written.replace('"version": 1', '"version": 9'), /another version of Obscura/],
    [written.replace(/"path": "[^"]+"/, '"path": "../../secret.onnx"'), /does not describe a model/],
    [written.replaceAll(/"sha256": "[0-9a-f]{16}/g, '"sha256": "0123456789abcdef'), /does not describe/],
    ['{', /does not describe/],
  ] as const) {
    writeFileSync(manifest, lie);
    await take();
    await expect(page.getByRole('alert')).toHaveText(alert);
    await expect(page.getByRole('alert')).toHaveText(/models you had are unchanged/);
    expect(await page.getByRole('article').allInnerTexts()).toEqual(before);
  }
  writeFileSync(manifest, written);
  const file = join(folder, 'model.onnx');
  const bytes = readFileSync(file);
  writeFileSync(file, Buffer.from(bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))));
  await take();
  await expect(page.getByRole('alert')).toHaveText(/not the ones that were published/);
  expect(await page.getByRole('article').allInnerTexts()).toEqual(before);
  writeFileSync(file, bytes);
  await take();
  await expect(model(page)).toContainText('Ready');
  await expect(page.getByRole('radio', { name: 'Blue first' })).toBeChecked();
});
