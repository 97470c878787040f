/** `#/ask` with a seeded miniature of Qwen3-VL beside the app. */
import { expect, type Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeAskingMiniature } from '../../build/asking-miniature';
import { besideApp } from '../../src/cli/beside-app';
import { serve, type RunningServer } from '../../src/cli/serve';

export async function serveAsking(): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'obscura-ask-'));
  const [models, app] = [join(folder, 'models'), join(folder, 'app')];
  mkdirSync(app);
  await writeAskingMiniature(models);
  const built = resolve(import.meta.dirname, '../../dist');
  const server = await serve({ dir: besideApp(built, models, app), port: 0 });
  return {
    ...server,
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const answer = (page: Page, number: number) =>
  page.getByRole('article', { name: `Answer ${number}`, exact: true });
export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
export const question = (page: Page) => page.getByRole('textbox', { name: 'Question' });

export async function get(page: Page): Promise<void> {
  await page
    .getByRole('article', { name: /Qwen3-VL/ })
    .getByRole('button', { name: 'Get' })
    .click();
  await expect(page.getByRole('spinbutton', { name: 'Longest answer' })).toBeVisible({ timeout: 30_000 });
}

/** The likeliest words, which do not hang on chance. */
export async function steady(page: Page, most: number): Promise<void> {
  await page.getByRole('radio', { name: 'Steady' }).check({ force: true });
  await page.getByRole('radio', { name: 'Quick' }).check({ force: true });
  await page.getByRole('spinbutton', { name: 'Longest answer' }).fill(String(most));
}

export async function ask(page: Page, words: string, number: number): Promise<void> {
  await question(page).fill(words);
  await button(page, 'Ask').click();
  await expect(answer(page, number)).toHaveAttribute('data-ended', /./, { timeout: 60_000 });
}
