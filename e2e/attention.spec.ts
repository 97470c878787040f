/** What the vision-language models rest on: the engine's attention is right on the device that the app opens. */
import { expect, test } from '@playwright/test';
import { loadFixture } from './fixture-page';
import type { attentionErrors } from './fixtures/attention';

declare global {
  var attention: { attentionErrors: typeof attentionErrors };
}

test('attention on WebGPU is softmax(q·k)·v, with few rows and with many', async ({ page }) => {
  await loadFixture(page, 'attention.ts', 'attention');
  const errors = await page.evaluate(() => globalThis.attention.attentionErrors([24, 32, 60, 130]));
  for (const error of errors) expect(error).toBeLessThan(1e-5);
});
