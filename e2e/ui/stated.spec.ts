/**
 * A model whose hash only its host knows: the hub of the tests answers as Hugging Face does. What it states at first
 * use is taken down; another statement later is refused before a byte is fetched.
 */
import { expect, test, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import type { FaultyHost } from '../../src/cli/faulty-host';
import type { RunningServer } from '../../src/cli/serve';
import { openHubApp, type HubApp } from '../hub/hosts';
import { statedFile, statedWeights } from '../hub/models';
import { enter } from './room';

const { repository, commit, path } = statedFile;
const file = `${repository}/resolve/${commit}/${path}`;
const tree = `api/models/${repository}/tree/${commit}/onnx`;
const open = { 'Access-Control-Allow-Origin': '*' };

let hub: FaultyHost;
let far: FaultyHost;
let app: HubApp;
let server: RunningServer;

test.beforeAll(async () => {
  app = await openHubApp();
  ({ hub, far, server } = app);
  hub.fault = ({ path: asked }) =>
    asked === file
      ? { status: 302, headers: { ...open, Location: `${far.url}store` } }
      : { headers: { ...open, 'Content-Type': 'application/json' } };
  far.fault = () => ({ headers: open });
});
test.afterAll(() => app.close());

/** Lays these bytes on the hub, and has it say so. */
function publish(bytes: Uint8Array): void {
  const lfs = { oid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, pointerSize: 134 };
  const rows = [
    { type: 'directory', oid: 'ab'.repeat(20), size: 0, path: 'onnx/more' },
    { type: 'file', oid: 'cd'.repeat(20), size: bytes.length, lfs, path },
  ];
  hub.files.set(tree, new TextEncoder().encode(JSON.stringify(rows)));
  far.files.set('store', bytes);
}

const model = (page: Page) => page.getByRole('article', { name: 'Stated' });

async function get(page: Page): Promise<void> {
  await model(page).getByRole('button', { name: 'Get' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Accept licence and get' }).click();
}

test('its host’s statement at first use is shown, proven, and enforced from then on', async ({ page }) => {
  publish(statedWeights);
  await enter(page, server, '?backend=wasm&lang=en#/models');
  await model(page).getByRole('button', { name: 'Get' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('its host says it when asked');
  await expect(dialog).toContainText('any other file is refused from then on');
  expect(hub.log).toEqual([]);
  await dialog.getByRole('button', { name: 'Accept licence and get' }).click();
  await expect(model(page)).toHaveText(/Ready/, { timeout: 60_000 });
  await expect(model(page)).toContainText('Stated by the host at first use');
  expect(hub.log[0]).toMatchObject({ method: 'GET', path: tree });
  for (const { headers } of [...hub.log, ...far.log]) {
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('referer');
  }
  await model(page).getByRole('button', { name: 'Verify' }).click();
  await expect(model(page).getByRole('status')).toHaveText(/as published|every byte/);

  await model(page).getByRole('button', { name: 'Remove' }).click();
  await expect(model(page)).toHaveText(/Not here/);
  publish(statedWeights.map((byte) => byte ^ 1));
  far.log.length = 0;
  await get(page);
  await expect(model(page).getByRole('alert')).toHaveText(/now states another file/);
  expect(far.log).toEqual([]);

  // The statement of the first time back, and other bytes under it.
  publish(statedWeights);
  far.files.set(
    'store',
    statedWeights.map((byte) => byte ^ 1),
  );
  await get(page);
  await expect(model(page).getByRole('alert')).toHaveText(/not the ones that were published/);
  publish(statedWeights);
  await get(page);
  await expect(model(page)).toHaveText(/Ready/, { timeout: 60_000 });
});
