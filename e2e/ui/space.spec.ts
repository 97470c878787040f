/** The room that models take: told, asked for, and given back where a download was not finished. */
import { expect, test } from '@playwright/test';
import type { RunningServer } from '../../src/cli/serve';
import { openDetour } from './detour';
import { enter, serveBuilt } from './room';
import { firstColourAlone } from './tiny-model';

let server: RunningServer;
test.beforeAll(async () => {
  server = await serveBuilt();
});
test.afterAll(() => server.close());

for (const [promise, answer] of [
  [true, /It promised to keep them/],
  [false, /did not promise: it may delete them/],
] as const) {
  test(`the first import asks the browser to keep the models, and its answer is shown (${promise})`, async ({
    page,
  }) => {
    await page.addInitScript((granted) => {
      let promised = false;
      Object.assign(navigator.storage, {
        persist: () => Promise.resolve((promised = granted)),
        persisted: () => Promise.resolve(promised),
      });
    }, promise);
    await enter(page, server, '?backend=wasm&lang=en#/models');
    const line = page.getByText(/Models take [\d.]+ MB here/);
    await expect(line).toHaveText(/The browser estimates [\d.,]+ [MG]B free.*first Get or import asks/);
    await page.getByLabel('Import model').setInputFiles({
      ...{ name: 'First colour.onnx', mimeType: 'application/octet-stream' },
      buffer: Buffer.from(firstColourAlone()),
    });
    await expect(page.getByRole('article', { name: 'First colour' })).toContainText('Ready');
    await expect(line).toHaveText(answer);
  });
}

test('an unfinished download is listed with its bytes and can be removed', async ({ page }) => {
  const detour = await openDetour(server);
  await enter(page, { ...server, url: detour.url }, '?backend=wasm&lang=en#/models');
  const faces = page.getByRole('article', { name: 'Obscura Faces' });
  const unfinished = page.getByRole('list', { name: 'Unfinished downloads' });
  await faces.getByRole('button', { name: 'Remove' }).click();
  await expect(faces).toHaveText(/Not here/);
  await expect(unfinished).toHaveCount(0);
  detour.slow = /faces\.onnx$/;
  detour.pauseMs = 500;
  await faces.getByRole('button', { name: 'Get' }).click();
  await expect(faces).toHaveText(/[\d.]+ kB of 287 kB/);
  await faces.getByRole('button', { name: 'Pause' }).click();
  await expect(unfinished).toHaveText(/Obscura Faces: \d+ k?B of 287 kB/);
  await unfinished.getByRole('button', { name: 'Remove what has arrived of Obscura Faces' }).click();
  await expect(unfinished).toHaveCount(0);
  await expect(faces).toHaveText(/Not here/);
  await detour.close();
});
