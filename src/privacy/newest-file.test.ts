/** The wall before a file that the host may change without a new build: never older than it must be, never lost offline. */
import { beforeEach, expect, test } from 'vitest';
import type { LedgerRow } from './ledger';
import { headersFor } from './policy';
import { Wall } from './wall';

const base = 'https://host.example/app/';
let kept: Map<string, Response>;
let full: boolean;
let host: () => Response | Promise<Response>;
let rows: LedgerRow[];
let asked: { url: string; init: RequestInit }[];

function makeWall(): Wall {
  const cache = {
    put: (url: string, response: Response) => {
      if (full) return Promise.reject(new DOMException('full', 'QuotaExceededError'));
      kept.set(url, response);
      return Promise.resolve();
    },
    delete: (url: string) => Promise.resolve(kept.delete(url)),
  };
  const list = { shellHash: 'one', shell: [], engine: [], models: [], grants: [] };
  return new Wall(list, {
    base,
    caches: {
      open: () => Promise.resolve(cache as unknown as Cache),
      has: () => Promise.resolve(true),
      match: (url) => Promise.resolve(kept.get(url as string)?.clone()),
      keys: () => Promise.resolve([]),
      delete: () => Promise.resolve(false),
    },
    fetch: async (url, init) => {
      asked.push({ url, init });
      return host();
    },
    now: () => 0,
    needless: () => false,
    clientUrl: () => Promise.resolve(undefined),
    isAlone: () => Promise.resolve(true),
    takeClients: () => Promise.resolve(),
    skipWaiting: () => Promise.resolve(),
    tell: (row) => rows.push(row),
  });
}

const get = (path = 'obscura.config.json') => makeWall().answer({ method: 'GET', url: base + path });
const broken = () => Promise.reject(new TypeError('no line'));

beforeEach(() => {
  kept = new Map();
  full = false;
  asked = [];
  rows = [];
  host = () => new Response('{"version":1}');
});

test('the host is asked each time, past the browser’s cache, for the bare address', async () => {
  const answer = await get();
  expect([answer.status, await answer.text()]).toEqual([200, '{"version":1}']);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(Object.fromEntries(answer.headers)).toMatchObject(
    Object.fromEntries(
      Object.entries(headersFor('asset')).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  );
  host = () => new Response('{"version":2}');
  expect(await (await get()).text()).toBe('{"version":2}');
  expect(asked.map(({ url, init }) => [url, init.cache, init.redirect, init.method])).toEqual(
    Array(2).fill([`${base}obscura.config.json`, 'no-cache', 'error', undefined]),
  );
});

test('without a line, or with a host that fails, what was read last stands', async () => {
  await get();
  for (const failing of [broken, () => new Response('', { status: 503 })]) {
    host = failing;
    expect(await (await get()).text()).toBe('{"version":1}');
  }
  const told = rows.map(({ from, bytes, sentBytes, verdict }) => ({ from, bytes, sentBytes, verdict }));
  expect(told).toEqual([
    { from: 'network', bytes: 13, sentBytes: `${base}obscura.config.json`.length, verdict: 'allowed' },
    ...Array<object>(2).fill({ from: 'cache', bytes: 0, sentBytes: 0, verdict: 'allowed' }),
  ]);
});

test('a file taken away is gone offline too, also where the host answers with its page', async () => {
  const page = () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } });
  for (const without of [() => new Response('', { status: 404 }), page]) {
    host = () => new Response('{"version":1}');
    await get();
    host = without;
    expect((await get()).status).toBe(404);
    host = broken;
    expect((await get()).status).toBe(404);
  }
});

test('a full disk keeps nothing and answers all the same', async () => {
  full = true;
  expect(await (await get()).text()).toBe('{"version":1}');
});

test('no query, no other method and no neighbouring name comes through', async () => {
  for (const path of [
    'obscura.config.json?d=secret',
    'obscura.config.json/',
    'release.json',
    'x/obscura.config.json',
  ])
    expect((await get(path)).type, path).toBe('error');
  const post = await makeWall().answer({ method: 'POST', url: `${base}obscura.config.json` });
  expect(post.type).toBe('error');
  expect(asked).toEqual([]);
});
