import { chromium, type Page } from 'playwright';
import { readFileSync } from 'node:fs';
import { ensureChromium, launchArgs, softwareGpuArg } from './src/cli/browser';
import { serve } from './src/cli/serve';
import { openDetour } from './e2e/ui/detour';
import { firstColourAlone } from './e2e/ui/tiny-model';
const data = '/work/shared/data/';
const server = await serve({ dir: 'dist', port: 0 });
const detour = await openDetour(server as never);
const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...launchArgs, softwareGpuArg] });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'dark' });
const page = await context.newPage();
page.on('console', (m) => m.type() === 'error' && console.log('console', m.text()));
page.on('pageerror', (e) => console.log('pageerror', e.message));
const go = async (where: string) => {
  await page.goto(detour.url + where);
  await page.locator('html[data-ready="true"]').waitFor({ timeout: 120000 });
};
const shot = async (name: string, full = true) => {
  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const [w, h] of [[1280, 900], [390, 844]] as const) {
      await page.setViewportSize({ width: w, height: h });
      await page.waitForTimeout(150);
      if (full) {
        const tall = await page.evaluate(() => (document.querySelector('.shelf') as HTMLElement | null)?.offsetHeight ?? 0);
        if (tall) await page.setViewportSize({ width: w, height: Math.min(6000, tall + 120) });
      }
      await page.screenshot({ path: `/tmp/shelf/${name}-${scheme}-${w}.png` });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
};
await go('?backend=wasm&lang=en#/models');
const which = process.argv[2] ?? 'all';
const imp = async (file: string | { name: string; mimeType: string; buffer: Buffer }) => {
  await page.getByLabel('Import model').setInputFiles(file as string);
  await page.getByRole('status').filter({ hasText: /ready/ }).first().waitFor({ timeout: 60000 });
};
await imp(data + 'dct-net/anime.onnx');
await imp(data + 'dct-net/illustration.onnx');
if (which === 'all') {
  for (const s of ['3d', 'sketch']) await imp(data + `dct-net/${s}.onnx`);
}
const faces = page.getByRole('article', { name: 'Obscura Sketch' });
await faces.getByRole('button', { name: 'Remove' }).click();
detour.slow = /sketch\.onnx$/; detour.pauseMs = 400;
await faces.getByRole('button', { name: 'Get' }).click();
await page.waitForTimeout(1500);
await faces.getByRole('button', { name: 'Pause' }).click();
const yunet = page.getByRole('article', { name: 'YuNet n' });
await yunet.getByRole('button', { name: 'Get' }).click();
await page.waitForTimeout(300);
await page.screenshot({ path: '/tmp/shelf/grant.png' });
await page.getByRole('button', { name: 'Accept licence and get' }).click();
await yunet.getByRole('alert').waitFor({ timeout: 60000 }).catch(() => console.log('no alert'));
await imp({ name: 'Unknown maker.onnx', mimeType: 'application/octet-stream', buffer: Buffer.from(firstColourAlone()) });
await page.waitForFunction(() => document.querySelectorAll('.colours img').length === 3, undefined, { timeout: 30000 }).catch(() => console.log('no preview'));
await page.locator('.colours').screenshot({ path: '/tmp/shelf/colours.png' });
await shot('models-en');
await go('?backend=wasm&lang=zh#/models');
await shot('models-zh');
await browser.close();
await detour.close();
await server.close();
