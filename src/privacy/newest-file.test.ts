/** The wall before a file that the host may change without a new build: never older than it must be, never lost offline. */
import { beforeEach, expect, test } from 'vitest';
import type { LedgerRow } from './ledger';
import { Wall } from './wall';
import type { WallAnswer } from './wall-messages';

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

async function settings(): Promise<string | null | undefined> {
  let told: WallAnswer | undefined;
  await makeWall().hear({ type: 'settings' }, (answer) => (told = answer));
  return told?.type === 'settings' && told.known ? told.text : undefined;
}

const broken = () => Promise.reject(new TypeError('no line'));

beforeEach(() => {
  kept = new Map();
  full = false;
  asked = [];
  rows = [];
  host = () => new Response('{"version":1}');
});

test('the host is asked each time, past the browser’s cache, for the bare address', async () => {
  expect(await settings()).toBe('{"version":1}');
  host = () => new Response('{"version":2}');
  expect(await settings()).toBe('{"version":2}');
  expect(asked.map(({ url, init }) => [url, init.cache, init.redirect, init.method])).toEqual(
    Array(2).fill([`${base}obscura.config.json`, 'no-cache', 'error', undefined]),
  );
});

test('without a line, or with a host that fails, what was read last stands', async () => {
  expect(await settings()).toBe('{"version":1}');
  for (const failing of [broken, () => new Response('', { status: 503 })]) {
    host = failing;
    expect(await settings()).toBe('{"version":1}');
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
    expect(await settings()).toBe('{"version":1}');
    host = without;
    expect(await settings()).toBeNull();
    host = broken;
    expect(await settings()).toBeNull();
  }
});

test('a full disk keeps nothing and answers all the same', async () => {
  full = true;
  expect(await settings()).toBe('{"version":1}');
});

test('where nothing was kept and the host cannot say, nobody can', async () => {
  for (const failing of [broken, () => new Response('', { status: 503 })]) {
    host = failing;
    expect(await settings()).toBeUndefined();
  }
  expect(rows.map(({ verdict }) => verdict)).toEqual(['failed', 'failed']);
});

test('it comes by message alone: no address of it is answered', async () => {
  for (const path of ['obscura.config.json', 'obscura.config.json?d=secret', 'release.json'])
    expect((await makeWall().answer({ method: 'GET', url: base + path })).type, path).toBe('error');
  expect(asked).toEqual([]);
});
