/**
 * A model from a foreign host that the visitor agreed to: fetched by a worker made for it, while the page and every
 * other worker stay sealed. The hub is at another origin, exposes no header, and redirects to a third origin.
 */
import { expect, test, type Page, type Worker } from '@playwright/test';
import type { Fault, FaultyHost, HostRequest } from '../../src/cli/faulty-host';
import type { RunningServer } from '../../src/cli/serve';
import { inferenceWorker, openStranger } from '../built-app';
import { openHubApp, type HubApp } from '../hub/hosts';
import { closedWeights, duoFiles, weights } from '../hub/models';
import { keptChunks } from './kept-chunks';
import { cartoon, draw, enter, portrait, small } from './room';

const chunkBytes = 256 * 1024;
const chunkCount = Math.ceil(weights.length / chunkBytes);
const open = { 'Access-Control-Allow-Origin': '*' };
const slow = { headers: open, slow: { pieceBytes: 16 * 1024, pauseMs: 100 } };

let hub: FaultyHost;
let far: FaultyHost;
let app: HubApp;
let server: RunningServer;

test.beforeAll(async () => {
  app = await openHubApp();
  ({ hub, far, server } = app);
});
test.afterAll(() => app.close());

test.beforeEach(async ({ page }) => {
  hub.files.set('closed.onnx', closedWeights);
  far.files.set('moved.onnx', weights);
  hub.fault = ({ path }) =>
    path === 'open.onnx' ? { status: 302, headers: { ...open, Location: `${far.url}moved.onnx` } } : null;
  far.fault = () => ({ headers: open });
  hub.log.length = 0;
  far.log.length = 0;
  await enter(page, server, '?backend=wasm&lang=en#/models');
  // Ports share their cookies, so this one would go along if any did.
  await page.evaluate(() => (document.cookie = 'canary=1'));
});

const model = (page: Page, title = 'YuNet n') => page.getByRole('article', { name: title });
const seal = (page: Page, name: RegExp | string) => page.getByRole('banner').getByRole('button', { name });
const grantWorker = (page: Page) => page.workers().find((worker) => worker.url().includes('/engine/grant-'));

async function agree(page: Page, button: 'Get' | 'Resume' = 'Get', title = 'YuNet n'): Promise<void> {
  await model(page, title).getByRole('button', { name: button }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Accept licence and get' }).click();
}

/** Begins so slowly that the worker of the grant is there to be looked at. */
async function beginSlowly(page: Page, fault = slow): Promise<Worker> {
  far.fault = () => fault;
  await agree(page);
  await expect.poll(() => far.open).toBeGreaterThan(0);
  await expect.poll(() => grantWorker(page)).toBeDefined();
  return grantWorker(page)!;
}

const tryAll = async (urls: readonly string[]) => {
  const tried = urls.flatMap((url) => [fetch(url), fetch(url, { mode: 'no-cors' })]);
  return (await Promise.allSettled(tried)).filter(({ status }) => status === 'fulfilled').length;
};

/** How many of these addresses a thread reaches, in either mode. */
const reached = (thread: Page | Worker, addresses: readonly string[]): Promise<number> =>
  'url' in thread && 'goto' in thread
    ? thread.evaluate(tryAll, addresses)
    : thread.evaluate(tryAll, addresses);

test('says who will see what, asks nobody before it is agreed to, and keeps the proven model', async ({
  page,
}) => {
  await model(page).getByRole('button', { name: 'Get' }).click();
  const dialog = page.getByRole('dialog', { name: 'Get YuNet n' });
  await expect(dialog).toContainText('MIT, Shiqi Yu');
  await expect(dialog).toContainText('1.3 MB');
  for (const { url } of [hub, far]) await expect(dialog).toContainText(new URL(url).host);
  await expect(dialog).toContainText('IP address');
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await expect(dialog).toHaveCount(0);
  expect(hub.log).toEqual([]);

  far.fault = () => slow;
  await agree(page);
  await expect(seal(page, /^Fetching localhost:\d+/)).toBeVisible();
  far.fault = () => ({ headers: open });
  await expect(model(page)).toHaveText(/Ready/, { timeout: 60_000 });
  await expect(seal(page, 'Sealed')).toBeVisible();
  expect(grantWorker(page)).toBeUndefined();
  await model(page).getByRole('button', { name: 'Verify' }).click();
  await expect(model(page).getByRole('status')).toHaveText(/every byte/);

  await page.getByRole('link', { name: 'Privacy' }).first().click();
  const ledger = page.getByRole('table', { name: 'Network ledger' });
  await page.getByRole('button', { name: /^Show all/ }).click();
  const counted = ledger.getByRole('row').filter({ hasText: 'Worker of a download' });
  await expect(counted.filter({ hasText: '262 kB' })).toHaveCount(chunkCount - 1);
  await expect(counted.first()).toContainText(new URL(hub.url).host);

  const rows = [...hub.log, ...far.log];
  expect(rows.length).toBeGreaterThanOrEqual(2 * chunkCount);
  for (const { method, headers } of rows) {
    expect(method).toBe('GET');
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('referer');
  }
});

test('a model of two parts on two hosts comes under one grant, and after a reload nothing of it twice', async ({
  page,
}) => {
  for (const [name, bytes] of Object.entries(duoFiles)) {
    hub.files.set(name, bytes);
    far.files.set(name, bytes);
  }
  hub.fault = ({ range }) => ({ headers: open, ...(range![0] >= 3 * chunkBytes && { hang: true }) });
  const duo = model(page, 'Duo');
  await duo.getByRole('button', { name: 'Get' }).click();
  const dialog = page.getByRole('dialog', { name: 'Get Duo' });
  for (const { url } of [hub, far]) await expect(dialog).toContainText(new URL(url).host);
  await dialog.getByRole('button', { name: 'Accept licence and get' }).click();
  await expect.poll(() => keptChunks(page)).toHaveLength(3);
  const worker = grantWorker(page)!;
  expect(await reached(worker, [`${hub.url}open.onnx`, `${far.url}moved.onnx`])).toBe(0);
  expect(far.log).toEqual([]);
  await page.reload();
  await expect(duo).toHaveText(/786 kB of 1\.3 MB/);
  hub.fault = () => ({ headers: open });
  hub.log.length = 0;
  await agree(page, 'Resume', 'Duo');
  await expect(duo).toHaveText(/Ready/, { timeout: 60_000 });
  expect(hub.log.map(({ range }) => range![0] / chunkBytes).sort()).toEqual([3, 4, 5]);
  expect(far.log.map(({ path }) => path)).toEqual(['tokenizer.json']);
  await duo.getByRole('button', { name: 'Verify' }).click();
  await expect(duo.getByRole('status')).toHaveText(/every byte/);
  await duo.getByRole('button', { name: 'Remove' }).click();
  await expect(duo).toHaveText(/Not here/);
  expect(await keptChunks(page)).toEqual([]);
});

test('a line cut half-way keeps what came, and Resume fetches no chunk twice', async ({ page }) => {
  const half = chunkCount / 2;
  const cut = (request: HostRequest): Fault => ({
    headers: open,
    ...(far.log.filter(({ whole }) => whole).length < half && request.number < half ? {} : { cutAt: 0 }),
  });
  far.fault = cut;
  await agree(page);
  await expect(model(page).getByRole('alert')).toHaveText(/download stopped.*What has arrived is kept/s, {
    timeout: 60_000,
  });
  await expect(seal(page, 'Sealed')).toBeVisible();
  expect(await keptChunks(page)).toHaveLength(half);
  far.fault = () => ({ headers: open });
  await agree(page, 'Resume');
  await expect(model(page)).toHaveText(/Ready/, { timeout: 60_000 });
  const sent = far.log.filter(({ sentBytes }) => sentBytes > 0).map(({ sentFrom }) => sentFrom / chunkBytes);
  expect(sent.sort()).toEqual([...Array(chunkCount).keys()]);
});

test('a host that does not let pages read from it is told as that, and nothing is left', async ({ page }) => {
  await agree(page, 'Get', 'YuNet s');
  await expect(model(page, 'YuNet s').getByRole('alert')).toHaveText(
    /does not let pages read from it.*download the file yourself/s,
  );
  await expect(model(page, 'YuNet s')).toHaveText(/Not here/);
  await expect(seal(page, 'Sealed')).toBeVisible();
  expect(await keptChunks(page)).toEqual([]);
});

test('the grant is of one worker and one file: nobody else reaches its hosts, and it reaches nothing else there', async ({
  page,
}) => {
  const stranger = await openStranger();
  const granted = [`${hub.url}attack`, `${far.url}attack`];
  const others = [`http://localhost:${stranger.port}/`, `http://127.0.0.1:${stranger.port}/`];
  const inference = await inferenceWorker(page);
  const library = page.workers().find((worker) => worker.url().includes('/engine/library-'))!;
  const grant = await beginSlowly(page);
  for (const thread of [page, inference, library]) expect(await reached(thread, granted)).toBe(0);
  // What it was made for, where the host lets pages read it: the isolation refuses the other mode.
  expect(await reached(grant, [`${hub.url}open.onnx`])).toBe(1);
  expect(await reached(grant, [...granted, `${hub.url}open.onnx?canary`, `${far.url}moved.onnx`])).toBe(0);
  expect(await reached(grant, others)).toBe(0);
  const upload = (url: string) =>
    fetch(url, { method: 'POST', body: 'canary' }).then(
      () => 1,
      () => 0,
    );
  expect(await grant.evaluate(upload, `${hub.url}open.onnx`)).toBe(0);
  far.fault = () => ({ headers: open });
  await expect(model(page)).toHaveText(/Ready/, { timeout: 60_000 });
  for (const thread of [page, inference, library]) expect(await reached(thread, granted)).toBe(0);
  const strange = ({ method, path }: HostRequest) => method !== 'GET' || /attack|canary/.test(path);
  expect([...hub.log, ...far.log].filter(strange)).toEqual([]);
  expect(stranger.visits()).toBe(0);
  await stranger.close();
});

test('a hub that redirects to a host nobody agreed to ends the download there', async ({ page }) => {
  const stranger = await openStranger();
  const Location = `http://localhost:${stranger.port}/moved.onnx`;
  hub.fault = () => ({ status: 302, headers: { ...open, Location } });
  await agree(page);
  await expect(model(page).getByRole('alert')).toHaveText(/does not answer/);
  expect([hub.log.length, stranger.visits()]).toEqual([1, 0]);
  await stranger.close();
});

test('a page finds no script for another grant', async ({ page }) => {
  const grant = await beginSlowly(page);
  const { pathname } = new URL(grant.url());
  const made = (path: string) =>
    fetch(path).then(
      ({ headers }) => headers.get('Content-Security-Policy'),
      () => null,
    );
  // The page itself fetches nothing; a worker of it sees what it would be given.
  const worker = await inferenceWorker(page);
  expect(await worker.evaluate(made, pathname)).toContain(new URL(far.url).origin);
  const forged = pathname.replace('yunet-n', 'evil');
  for (const path of [forged, `${pathname}?evil`, pathname.replace('grant-', 'grant-x-')])
    expect(await worker.evaluate(made, path)).toBeNull();
  // Even what was put into the wall's own cache by force is served without a grant.
  await page.evaluate(async (path) => {
    const name = (await caches.keys()).find((key) => key.endsWith('engine'))!;
    const answer = new Response('', { headers: { 'Obscura-SHA256': '0' } });
    await (await caches.open(name)).put(path, answer);
  }, forged);
  expect(await worker.evaluate(made, forged)).toContain(`connect-src ${server.url};`);
});

test('a job ends the worker of the grant, and the download goes on by itself after', async ({ page }) => {
  await beginSlowly(page);
  await expect.poll(() => keptChunks(page), { timeout: 30_000 }).not.toEqual([]);
  await page.getByRole('link', { name: 'Cartoon' }).first().click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await draw(page, small);
  await expect(seal(page, 'Sealed')).toBeVisible();
  await expect.poll(() => [hub.open, far.open]).toEqual([0, 0]);
  expect(grantWorker(page)).toBeUndefined();
  far.fault = () => ({ headers: open });
  await expect(cartoon(page, 1)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('link', { name: 'Models' }).first().click();
  await expect(model(page)).toHaveText(/Ready/, { timeout: 60_000 });
  await expect(seal(page, 'Sealed')).toBeVisible();
});

test('another tab shows what this one fetches; a job there pauses it, and with this tab it ends', async ({
  page,
  context,
}) => {
  // Long enough for another tab to open.
  await beginSlowly(page, { headers: open, slow: { pieceBytes: 4 * 1024, pauseMs: 100 } });
  const other = await context.newPage();
  await enter(other, server);
  await expect(seal(other, /^Fetching localhost:\d+/)).toBeVisible();
  await seal(other, /^Fetching/).click();
  await expect(other.getByText(/Another tab of this app .* This tab reaches no other host/)).toBeVisible();
  await other.keyboard.press('Escape');
  await draw(other, portrait);
  await expect(seal(page, 'Sealed')).toBeVisible();
  await expect(seal(other, 'Sealed')).toBeVisible();
  await expect(model(page)).toHaveText(/Goes on when the picture is drawn/);
  await expect.poll(() => [hub.open, far.open]).toEqual([0, 0]);
  expect(grantWorker(page)).toBeUndefined();
  await expect(cartoon(other, 1)).toHaveCount(0);
  await expect(cartoon(other, 1)).toBeVisible({ timeout: 60_000 });
  await expect(seal(page, /^Fetching/)).toBeVisible();
  await expect(seal(other, /^Fetching/)).toBeVisible();
  await page.close();
  await expect(seal(other, 'Sealed')).toBeVisible();
});

test('paused and reloaded it stays sealed until it is agreed to again', async ({ page }) => {
  await beginSlowly(page);
  await model(page).getByRole('button', { name: 'Pause' }).click();
  await expect(model(page).getByRole('button', { name: 'Resume' })).toBeVisible();
  await expect(seal(page, 'Sealed')).toBeVisible();
  await expect.poll(() => far.open).toBe(0);
  const before = hub.log.length;
  await page.reload();
  await expect(page.locator('html[data-ready="true"]')).toBeAttached({ timeout: 60_000 });
  await expect(seal(page, 'Sealed')).toBeVisible();
  expect(hub.log).toHaveLength(before);
  far.fault = () => ({ headers: open });
  await model(page)
    .getByRole('button', { name: /Get|Resume/ })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Accept licence and get' }).click();
  await expect(model(page)).toHaveText(/Ready/, { timeout: 60_000 });
});
