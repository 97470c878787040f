/**
 * A model too large for one copy: its weights go from the store to ONNX Runtime where they lie, in both of its builds,
 * and a chunk that rotted is noticed before. What is drawn is told by one weight near the end of the file.
 */
import { expect, test, type Page } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serve } from '../../src/cli/serve';
import { spoilChunk } from './kept-chunks';
import { cartoon, draw, enter, small } from './room';
import { oneColour } from './tiny-model';

const root = resolve(import.meta.dirname, '../..');
const chunkBytes = 8 * 1024 * 1024;
/** Three floats each: 72 MB. */
const rows = 6_000_000;
let folder: string;
let file: string;

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'obscura-weights-'));
  file = join(folder, 'One colour.onnx');
  writeFileSync(file, oneColour([191, 128, 64], rows));
});
test.afterAll(() => rmSync(folder, { recursive: true }));

function asyncifyBuild(): string {
  const dist = join(folder, 'dist');
  const args = ['--config', 'e2e/fixtures/asyncify-build.ts', '--outDir', dist, '--emptyOutDir'];
  const { status, stderr } = spawnSync('npx', ['vite', 'build', ...args], { cwd: root, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return dist;
}

async function choose(page: Page): Promise<void> {
  await page.evaluate(() => (location.hash = '#/cartoon'));
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'One colour' });
}

const firstPixel = (page: Page) =>
  cartoon(page, 1).evaluate((image: HTMLImageElement) => {
    const context = new OffscreenCanvas(1, 1).getContext('2d')!;
    context.drawImage(image, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  });

for (const [ort, distOf] of [
  ['jspi', () => join(root, 'dist')],
  ['asyncify', asyncifyBuild],
] as const) {
  test(`72 MB of weights are drawn with in the ${ort} build, and refused once they rotted`, async ({
    page,
  }) => {
    test.skip(ort === 'asyncify' && process.env.LONG === undefined, 'a build of its own takes long');
    test.setTimeout(300_000);
    const server = await serve({ dir: distOf(), port: 0, record: true });
    await enter(page, server, '?backend=wasm&lang=en#/models');
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Import model' }).click();
    await (await chooser).setFiles(file);
    const model = page.getByRole('article', { name: 'One colour' });
    await expect(model).toHaveText(/Ready/, { timeout: 60_000 });

    await choose(page);
    await draw(page, small);
    await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
    // Blue first: a graph that scales 0…255 down is taken for one of OpenCV's.
    expect(await firstPixel(page)).toEqual([64, 128, 191]);
    expect(server.requests().some(({ url }) => url.includes(`ort-${ort}-`))).toBe(true);

    // A new inference worker, which has nothing open; and the chunk under the first weights.
    await spoilChunk(page, Math.floor(30e6 / chunkBytes));
    await page.reload();
    await expect(page.locator('html[data-ready="true"]')).toBeAttached({ timeout: 60_000 });
    await choose(page);
    await draw(page, small);
    await expect(page.getByRole('alert').first()).toHaveText(/damaged or incomplete/, { timeout: 60_000 });
    await expect(cartoon(page, 1)).toHaveCount(0);
    await server.close();
  });
}
