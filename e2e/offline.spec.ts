/** After one visit the host may vanish. The server is closed, not simulated away. */
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { expectReady, inferenceWorker, openBehindWall, serveApp } from './built-app';

const photo = fileURLToPath(new URL('fixtures/pictures/upright.png', import.meta.url));

for (const headers of [true, false]) {
  test(`after one visit the app opens and draws with the server gone (host headers: ${headers})`, async ({
    page,
  }) => {
    const app = await serveApp({ headers, basePath: '/app/' });
    await openBehindWall(page, `${app.url}?backend=wasm&lang=en`);
    await expectReady(page);
    await inferenceWorker(page);
    const backend = page.locator('html[data-backend]');
    await expect(backend).toBeAttached({ timeout: 60_000 });
    const asked = app.requests().map(({ url }) => url);
    expect(asked.some((url) => url.includes('/engine/ort-jspi-'))).toBe(true);
    expect(asked.some((url) => url.includes('/engine/ort-asyncify-'))).toBe(false);
    await app.close();
    await page.reload();
    await expectReady(page);
    await inferenceWorker(page);
    await expect(backend).toBeAttached({ timeout: 60_000 });
    await page.getByLabel('Choose photos').setInputFiles(photo);
    await page.getByRole('button', { name: 'Cartoonize' }).click();
    await expect(page.getByRole('img', { name: 'Cartoon 1', exact: true })).toBeVisible({ timeout: 60_000 });
    const second = await page.context().newPage();
    await second.goto(`${app.url}?lang=zh`);
    await expectReady(second);
  });
}
