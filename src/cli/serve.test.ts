import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { headersFile, headersFor, headersOf } from '../privacy/policy';
import { serve, type RunningServer, type ServeOptions } from './serve';

let outer: string;
let server: RunningServer;

beforeAll(() => {
  outer = mkdtempSync(join(tmpdir(), 'obscura-serve-'));
  mkdirSync(join(outer, 'dist/engine'), { recursive: true });
  writeFileSync(join(outer, 'secret.txt'), 'secret');
  writeFileSync(join(outer, 'dist/index.html'), '<!doctype html>');
  writeFileSync(join(outer, 'dist/engine/inference-1.js'), 'infer()');
});
afterEach(() => server.close());
afterAll(() => rmSync(outer, { recursive: true }));

const start = async (options: Omit<ServeOptions, 'dir'> = {}) =>
  (server = await serve({ dir: join(outer, 'dist'), port: 0, ...options }));

/** Sends the path as it is; `fetch` would tidy it up first. */
function rawStatus(path: string): Promise<number | undefined> {
  const { port } = new URL(server.url);
  return new Promise((done, failed) => {
    request({ host: '127.0.0.1', port, path }, (answer) => done(answer.resume().statusCode))
      .on('error', failed)
      .end();
  });
}

test('serves page and workers under the headers of the policy', async () => {
  await start();
  const page = await fetch(server.url);
  expect(await page.text()).toBe('<!doctype html>');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  for (const [name, value] of Object.entries(headersFor('page'))) expect(page.headers.get(name)).toBe(value);
  const worker = await fetch(`${server.url}engine/inference-1.js`);
  expect(worker.headers.get('content-security-policy')).toBe(
    headersFor('inference')['Content-Security-Policy'],
  );
  expect(worker.headers.get('cache-control')).toContain('immutable');
});

test('serves the worker of a grant under what the build wrote for it, and sealed where it wrote nothing', async () => {
  const grant = { path: 'engine/grant-m-1.js', url: 'https://hub.example/m.onnx', redirects: [] };
  const dist = join(outer, 'dist');
  for (const path of [grant.path, 'engine/grant-n-1.js']) writeFileSync(join(dist, path), 'import');
  writeFileSync(join(dist, '_headers'), headersFile(['', grant.path], [grant]));
  await start();
  const sent = async (path: string) => (await fetch(server.url + path)).headers;
  const headers = await sent(grant.path);
  for (const [name, value] of Object.entries(headersOf(grant.path, [grant])))
    expect(headers.get(name)).toBe(value);
  expect((await sent('engine/grant-n-1.js')).get('content-security-policy')).toBe(
    headersFor('library')['Content-Security-Policy'],
  );
});

test('can stand for a host without header settings, under a sub-path', async () => {
  await start({ headers: false, basePath: '/some/where/' });
  expect(new URL(server.url).pathname).toBe('/some/where/');
  const page = await fetch(server.url);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toBeNull();
  expect((await fetch(new URL('/index.html', server.url))).status).toBe(404);
});

test('HEAD has the length and no body; other methods are 405; both are remembered when asked', async () => {
  await start({ record: true });
  const head = await fetch(server.url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '15', '']);
  const post = await fetch(`${server.url}?d=1`, { method: 'POST', body: 'x' });
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  expect(server.requests()).toMatchObject([
    { method: 'HEAD', url: '/', status: 200 },
    { method: 'POST', url: '/?d=1', status: 405 },
  ]);
});

test.each([
  ['bytes=2-4', 206, 'doc'.slice(0, 3), 'bytes 2-4/15'],
  ['bytes=13-', 206, 'l>', 'bytes 13-14/15'],
  ['bytes=-2', 206, 'l>', 'bytes 13-14/15'],
  ['bytes=10-99', 206, 'html>', 'bytes 10-14/15'],
  ['bytes=15-', 416, '416\n', 'bytes */15'],
  ['bytes=0-1,3-4', 200, '<!doctype html>', null],
  ['pages=1-2', 200, '<!doctype html>', null],
])('a part of a file is sent when asked for: %s', async (range, status, body, contentRange) => {
  await start();
  const part = await fetch(server.url, { headers: { Range: range } });
  expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
    ...[status, body, contentRange],
  ]);
});

test('remembers nothing unless asked', async () => {
  await start();
  await fetch(server.url);
  expect(server.requests()).toEqual([]);
});

test('can stand for a host that isolates the page and sends nothing else of the policy', async () => {
  await start({ headers: 'isolation' });
  const page = await fetch(server.url);
  expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(page.headers.get('content-security-policy')).toBeNull();
});

test.runIf(process.platform === 'linux')('a file that cannot be read ends its answer only', async () => {
  // A plain file by its looks; reading its start is an I/O error.
  server = await serve({ dir: '/proc/self', port: 0 });
  await expect(fetch(`${server.url}mem`).then((page) => page.text())).rejects.toThrow();
  expect((await fetch(`${server.url}nothing`)).status).toBe(404);
});

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/engine/../../secret.txt',
  '/..%2fsecret.txt',
  '/..%5csecret.txt',
  '//etc/passwd',
  '/%00',
  '/%',
  '/engine',
  '/engine/',
  '/nothing',
  '/index.html/x',
  `/${'x'.repeat(300)}`,
])('no way out of the folder: %s is 404', async (path) => {
  await start();
  expect(await rawStatus(path)).toBe(404);
});

test('listens on this machine only', async () => {
  await start();
  expect(new URL(server.url).hostname).toBe('localhost');
});

test('a taken port is an error, not a crash', async () => {
  await start();
  const port = Number(new URL(server.url).port);
  await expect(serve({ dir: outer, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
