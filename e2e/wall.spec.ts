/** The wall as a stranger meets it: which headers arrive, what gets through, what the page says without it. */
import { expect, test } from '@playwright/test';
import type { RunningServer } from '../src/cli/serve';
import { headersFor, withinFolder, type FileKind } from '../src/privacy/policy';
import { expectReady, inferenceWorker, openBehindWall, openStranger, serveApp } from './built-app';

let app: RunningServer;
test.afterEach(() => app.close());

/** As the wall answers: with the app's folder in place of 'self', and of the page with every address that it asks for. */
const lowerCase = (kind: FileKind) => {
  const headers = Object.entries(withinFolder(headersFor(kind), app.url));
  const lower = Object.fromEntries(
    headers.map(([name, value]): [string, unknown] => [name.toLowerCase(), value]),
  );
  const exact = new RegExp(`^\\((?:"${app.url}[\\w./-]*\\?" ?)+\\);webrtc=block$`);
  return kind === 'page'
    ? { ...lower, 'connection-allowlist': expect.stringMatching(exact) as unknown }
    : lower;
};

test('page and workers have every header though the host sends none, under a sub-path', async ({ page }) => {
  app = await serveApp({ headers: false, basePath: '/some/where/' });
  expect((await fetch(app.url)).headers.get('content-security-policy')).toBeNull();
  await openBehindWall(page, app.url);
  await expectReady(page);
  const answer = await page.reload();
  expect(answer?.fromServiceWorker()).toBe(true);
  expect(answer?.headers()).toMatchObject(lowerCase('page'));
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const worker = await inferenceWorker(page);
  expect(worker.url()).toContain('/some/where/engine/');
  expect(await worker.evaluate(() => crossOriginIsolated)).toBe(true);
  const headers = await worker.evaluate(async (url) => [...(await fetch(url)).headers], worker.url());
  expect(Object.fromEntries(headers)).toMatchObject(lowerCase('inference'));
});

test('one reload brings the list that no host can write, whatever address the page was opened with', async ({
  page,
}) => {
  app = await serveApp();
  const documents: boolean[] = [];
  page.on('response', (response) => {
    if (response.request().isNavigationRequest()) documents.push(response.fromServiceWorker());
  });
  await openBehindWall(page, app.url);
  expect(documents).toEqual([false, true]);
  for (const path of ['?backend=wasm&lang=en', "?a=*(b)+:{c}?/%22'|^~`,;&lang=zh#/models", 'index.html?x']) {
    await openBehindWall(page, app.url + path);
    // By itself, as it does to take an update: the browser would refuse an address that is not on the list.
    await Promise.all([page.waitForEvent('load'), page.evaluate(() => location.reload())]);
    await expect(page.locator('html[data-wall="standing"]')).toBeAttached();
  }
  expect(documents).toEqual([false, ...Array<boolean>(7).fill(true)]);
});

test('nothing of the app breaks its own policy', async ({ page }) => {
  app = await serveApp();
  const complaints: string[] = [];
  page.on('console', (message) => {
    const text = message.text();
    if (/Content.Security.Policy|Trusted|Permissions.Policy/i.test(text)) complaints.push(text);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await openBehindWall(page, app.url);
  await expectReady(page);
  await inferenceWorker(page);
  expect(complaints).toEqual([]);
});

test('no other host is reached, from the page or from its worker', async ({ page }) => {
  app = await serveApp({ headers: false });
  const stranger = await openStranger();
  await fetch(`http://127.0.0.1:${stranger.port}/`);
  expect(stranger.visits(), 'the stranger does count').toBe(1);
  await openBehindWall(page, app.url);
  const worker = await inferenceWorker(page);
  const attack = async (host: string) => {
    const tried = [fetch(`http://${host}/fetch`), fetch(`http://${host}/no-cors`, { mode: 'no-cors' })];
    const sent = (await Promise.allSettled(tried)).filter(({ status }) => status === 'fulfilled').length;
    const socket = await new Promise<string>((told) => {
      try {
        const line = new WebSocket(`ws://${host}/socket`);
        line.onopen = () => told('open');
        line.onerror = () => told('refused');
      } catch {
        told('refused');
      }
    });
    return { sent, socket };
  };
  for (const host of [`127.0.0.1:${stranger.port}`, `localhost:${stranger.port}`]) {
    expect(await page.evaluate(attack, host)).toEqual({ sent: 0, socket: 'refused' });
    expect(await worker.evaluate(attack, host)).toEqual({ sent: 0, socket: 'refused' });
    const image = (address: string) =>
      new Promise<string>((told) => {
        const picture = new Image();
        picture.onload = () => told('loaded');
        picture.onerror = () => told('refused');
        picture.src = address;
      });
    expect(await page.evaluate(image, `http://${host}/image.png`)).toBe('refused');
  }
  expect(stranger.visits()).toBe(1);
  await stranger.close();
});

test('the own host hears of nothing that is not on the list', async ({ page }) => {
  app = await serveApp({ headers: false });
  await openBehindWall(page, app.url);
  const attack = async (paths: string[]) => {
    const tried = paths.flatMap((path) => [fetch(path), fetch(path, { method: 'POST', body: 'secret' })]);
    return (await Promise.allSettled(tried)).filter(({ status }) => status === 'fulfilled').length;
  };
  const base = app.url;
  const paths = ['secret', '?d=secret', 'manifest.webmanifest?secret', 'service-worker.js?secret'];
  const addresses = paths.map((path) => base + path);
  expect(await page.evaluate(attack, addresses)).toBe(0);
  expect(await (await inferenceWorker(page)).evaluate(attack, addresses)).toBe(0);
  expect(app.requests().filter(({ method, url }) => method !== 'GET' || url.includes('secret'))).toEqual([]);
});

test('an empty frame of the page writes nothing into the log of the own host', async ({ page }) => {
  app = await serveApp();
  await openBehindWall(page, app.url);
  await page.evaluate(async (base) => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const inside = frame.contentWindow as Window & typeof globalThis;
    const tried = [
      'secret',
      '?d=secret',
      'service-worker.js?secret',
      'service-worker.js',
      'icons/icon.svg',
    ].map((path) =>
      inside
        .fetch(base + path, { method: 'POST', body: 'secret', headers: { 'X-D': 'secret' } })
        .catch(() => inside.fetch(base + path, { mode: 'no-cors' })),
    );
    inside.navigator.sendBeacon(`${base}service-worker.js`, 'secret');
    for (const path of ['?d=secret', 'icons/icon.svg?d=secret', 'secret.png']) {
      inside.document.body.append(Object.assign(inside.document.createElement('img'), { src: base + path }));
    }
    await Promise.allSettled(tried);
    await new Promise((past) => setTimeout(past, 500));
    frame.remove();
  }, app.url);
  expect(app.requests().filter(({ method, url }) => method !== 'GET' || url.includes('secret'))).toEqual([]);
});

test('a hard reload goes round the wall: the page comes back behind it by itself, or says so', async ({
  page,
}) => {
  app = await serveApp();
  await openBehindWall(page, app.url);
  const session = await page.context().newCDPSession(page);
  const documents: boolean[] = [];
  page.on('response', (response) => {
    if (response.request().isNavigationRequest()) documents.push(response.fromServiceWorker());
  });
  await session.send('Page.reload', { ignoreCache: true });
  await expect.poll(() => documents).toEqual([false, true]);
  await expect(page.locator('html[data-wall="standing"]')).toBeAttached();
  await session.send('Network.enable');
  await session.send('Network.setBypassServiceWorker', { bypass: true });
  await page.reload();
  await expect(page.locator('html[data-wall="hard-reload"]')).toBeAttached();
  await session.send('Network.setBypassServiceWorker', { bypass: false });
  await page.reload();
  await expect(page.locator('html[data-wall="standing"]')).toBeAttached();
});

test('plain http that is not localhost: the page says that the wall is missing', async ({ page }) => {
  app = await serveApp();
  await page.goto(app.url.replace('localhost', 'obscura.test'));
  await expect(page.locator('html[data-wall="insecure-origin"]')).toBeAttached();
});
