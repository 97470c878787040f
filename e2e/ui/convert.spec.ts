/** Qwen3-VL as its makers publish it, turned into a model in the tab: a miniature of the same layout, in two shards. */
import { expect, test } from '@playwright/test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildModel } from '../../src/cli/build-model';
import type { RunningServer } from '../../src/cli/serve';
import { miniatureFolder, seededWeights } from '../../src/foundry/miniature';
import { expectNoViolation } from './axe';
import { enter, serveBuilt, small } from './room';

const reference = resolve(import.meta.dirname, '../../src/foundry/reference/qwen3-vl-tied.json');
let folder: string;
let server: RunningServer;

test.beforeAll(async () => {
  server = await serveBuilt();
  folder = mkdtempSync(join(tmpdir(), 'obscura-convert-'));
  const { config } = JSON.parse(readFileSync(reference, 'utf8')) as { config: object };
  mkdirSync(join(folder, 'published'));
  const files = miniatureFolder(JSON.stringify(config), seededWeights('tied'), 2);
  for (const [name, bytes] of files) writeFileSync(join(folder, 'published', name), bytes);
});
test.afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

test('it says what that takes, becomes the very model that the command line writes, and answers', async ({
  page,
  context,
}) => {
  const built = join(folder, 'built');
  await buildModel({ name: 'qwen3-vl', from: join(folder, 'published'), to: built, precision: 'q4' });
  const { models } = JSON.parse(readFileSync(join(built, 'manifest.json'), 'utf8')) as {
    models: { id: string }[];
  };

  await enter(page, server, '?backend=wasm&lang=en#/models');
  const choose = () => page.getByLabel('Import folder').setInputFiles(join(folder, 'published'));
  const offer = page.getByRole('region', { name: 'Bring in Qwen3-VL' });
  await choose();
  await expect(offer).toContainText(/reads [\d.]+ MB, keeps about \d+ kB, and takes about \d+ s/);
  await expectNoViolation(page, 'the offer to convert');
  await offer.getByRole('button', { name: 'Not now' }).click();
  await expect(offer).toHaveCount(0);
  await expect(page.getByRole('article', { name: 'Qwen3-VL Instruct' })).toHaveCount(0);

  await context.setOffline(true);
  await choose();
  await offer.getByRole('button', { name: 'Convert' }).click();
  const model = page.getByRole('article', { name: 'Qwen3-VL Instruct' });
  await expect(model).toContainText('Ready', { timeout: 30_000 });
  const kept = await page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('not read'));
      });
    const keysOf = async (name: string) => {
      const database = await asked(indexedDB.open(name));
      const keys = await asked(database.transaction('entries').objectStore('entries').getAllKeys());
      database.close();
      return keys.map(String);
    };
    const staged = (await keysOf('obscura-model-chunks')).filter((key) => key.startsWith('staged-'));
    const ids = (await keysOf('obscura-models')).filter((key) => key.startsWith('imported-'));
    return { staged, ids };
  });
  expect(kept).toEqual({ staged: [], ids: models.map(({ id }) => id) });

  await page.getByRole('link', { name: 'Ask' }).first().click();
  await page.getByRole('spinbutton', { name: 'Longest answer' }).fill('6');
  await page.getByLabel('Choose image').setInputFiles(small);
  await page.getByRole('textbox', { name: 'Question' }).fill('What is this?');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  const answer = page.getByRole('article', { name: 'Answer 1', exact: true });
  await expect(answer).toHaveAttribute('data-ended', /./, { timeout: 60_000 });
});
