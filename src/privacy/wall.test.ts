import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AllowList, ListedFile } from './allow-list';
import type { LedgerRow } from './ledger';
import { headersFor, withinFolder } from './policy';
import { Wall } from './wall';
import type { WallAnswer } from './wall-messages';

const base = 'https://host.example/app/';
const contents: Record<string, string> = {
  'index.html': '<!doctype html>',
  'assets/index-1.js': 'start()',
  'engine/inference-1.js': 'infer()',
  'engine/ort-jspi-1.bin': 'wasm'.repeat(50_000),
  'engine/ort-asyncify-1.bin': 'other wasm',
  'models/m/m.onnx': 'weights',
};
const listed = (path: string): ListedFile => {
  const content = contents[path]!;
  return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
};
const under = (folder: string) => Object.keys(contents).filter((path) => path.startsWith(folder));
const list: AllowList = {
  shellHash: 'one',
  shell: ['index.html', 'assets/index-1.js'].map(listed),
  engine: under('engine/').map(listed),
  models: under('models/').map(listed),
  grants: [],
};

/** CacheStorage in memory, as far as the wall uses it. */
class MemoryCaches {
  readonly stores = new Map<string, Map<string, Response>>();
  full = false;

  open = (name: string): Promise<Cache> => {
    if (this.full && !this.stores.has(name)) return Promise.reject(new DOMException('full'));
    const store = this.stores.get(name) ?? new Map<string, Response>();
    this.stores.set(name, store);
    return Promise.resolve({
      match: (url: string) => Promise.resolve(store.get(url)?.clone()),
      put: (url: string, response: Response) => {
        if (this.full) return Promise.reject(new DOMException('full', 'QuotaExceededError'));
        store.set(url, response);
        return Promise.resolve();
      },
      keys: () => Promise.resolve([...store.keys()].map((url) => new Request(url))),
      delete: (request: Request) => Promise.resolve(store.delete(request.url)),
    } as unknown as Cache);
  };
  keys = () => Promise.resolve([...this.stores.keys()]);
  delete = (name: string) => Promise.resolve(this.stores.delete(name));
}

let caches: MemoryCaches;
let asked: string[];
let host: (path: string, init: RequestInit) => Response;
let alone: boolean;
let clients: Record<string, string>;
let told: LedgerRow[];

function makeWall(allowed = list): Wall {
  return new Wall(allowed, {
    base,
    caches,
    fetch: (url, init) => {
      const path = url.slice(base.length);
      asked.push(path);
      return Promise.resolve(host(path, init));
    },
    now: () => 0,
    tell: (row) => told.push(row),
    needless: (path) => path.includes('asyncify'),
    clientUrl: (id) => Promise.resolve(clients[id]),
    isAlone: () => Promise.resolve(alone),
    takeClients: () => Promise.resolve(),
    skipWaiting: () => Promise.resolve(),
  });
}

const get = (wall: Wall, path: string) => wall.answer({ method: 'GET', url: new URL(path, base).href });

async function fetchEngine(wall: Wall): Promise<WallAnswer[]> {
  const answers: WallAnswer[] = [];
  await wall.hear({ type: 'fetch-engine' }, (answer) => answers.push(answer));
  return answers;
}

async function ledgerOf(wall: Wall) {
  let rows: unknown;
  await wall.hear({ type: 'ledger' }, (answer) => (rows = answer.type === 'ledger' && answer.rows));
  return rows as Record<string, unknown>[];
}

beforeEach(() => {
  told = [];
  caches = new MemoryCaches();
  asked = [];
  alone = true;
  clients = {
    page: `${base}?lang=en`,
    inference: `${base}engine/inference-1.js`,
    library: `${base}engine/library-1.js`,
    grant: `${base}engine/grant-m-1.js`,
    neighbour: 'https://host.example/other/engine/library-1.js',
  };
  host = (path) => new Response(contents[path || 'index.html'] ?? 'no', { status: 200 });
});

describe('install', () => {
  test('asks for the page by its folder, and the shell is then served without the host', async () => {
    const wall = makeWall();
    await wall.install();
    expect(asked.sort()).toEqual(['', 'assets/index-1.js']);
    asked = [];
    const page = await get(wall, './');
    expect(await page.text()).toBe(contents['index.html']);
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(page.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(await (await get(wall, 'assets/index-1.js')).text()).toBe('start()');
    expect(asked).toEqual([]);
  });

  test.each([
    ['other bytes', () => new Response('stop()!')],
    ['too many bytes', () => new Response('start()start()')],
    ['too few bytes', () => new Response('start')],
    ['an error', () => new Response('start()', { status: 500 })],
    ['nothing', () => new Response(null, { status: 204 })],
  ])('fails and keeps nothing when one file is answered with %s', async (_what, answer) => {
    host = (path) => (path === '' ? new Response(contents['index.html']) : answer());
    await expect(makeWall().install()).rejects.toMatchObject({ code: 'network/failed' });
    expect([...caches.stores.values()].every((store) => store.size === 0)).toBe(true);
  });
});

describe('the engine', () => {
  test('is kept on demand, without what this browser never runs, and reports its bytes by the laws', async () => {
    const wall = makeWall();
    const answers = await fetchEngine(wall);
    expect(answers.at(-1)).toEqual({ type: 'engine-ready' });
    const progress = answers.filter((answer) => answer.type === 'engine-progress');
    const done = progress.map(({ doneBytes }) => doneBytes);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(new Set(progress.map(({ totalBytes }) => totalBytes)).size).toBe(1);
    expect(done.at(-1)).toBe(progress.at(-1)!.totalBytes);
    expect(asked).not.toContain('engine/ort-asyncify-1.bin');
    asked = [];
    await get(wall, 'engine/ort-jspi-1.bin');
    expect(asked).toEqual([]);
  });

  test('is fetched when first needed too, once for two askers', async () => {
    const wall = makeWall();
    const both = await Promise.all([get(wall, 'engine/inference-1.js'), get(wall, 'engine/inference-1.js')]);
    expect(await Promise.all(both.map((answer) => answer.text()))).toEqual(['infer()', 'infer()']);
    expect(asked).toEqual(['engine/inference-1.js']);
  });

  test('stays through an update of the shell; old shells and unlisted engine files go', async () => {
    const first = makeWall();
    await first.install();
    await fetchEngine(first);
    caches.stores.set('/shell-of-a-neighbour', new Map());
    asked = [];
    const next = makeWall({ ...list, shellHash: 'two', engine: list.engine.slice(1) });
    await next.install();
    await next.activate();
    await next.tidy();
    expect([...caches.stores.keys()].sort()).toEqual([
      '/app/engine',
      '/app/shell-two',
      '/shell-of-a-neighbour',
    ]);
    expect([...caches.stores.get('/app/engine')!.keys()]).toEqual([`${base}engine/ort-jspi-1.bin`]);
    await fetchEngine(next);
    expect(asked).not.toContain('engine/ort-jspi-1.bin');
  });

  test('a kept file of another build is not taken for ours', async () => {
    const wall = makeWall();
    await fetchEngine(wall);
    const other = { ...listed('engine/inference-1.js'), sha256: 'f'.repeat(64) };
    const next = makeWall({ ...list, engine: [other] });
    expect((await get(next, other.path)).type).toBe('error');
  });

  test('two tabs that wait for one download both hear how far it is', async () => {
    const wall = makeWall();
    const both = await Promise.all([fetchEngine(wall), fetchEngine(wall)]);
    const { bytes } = listed('engine/inference-1.js');
    for (const answers of both) {
      const done = answers.flatMap((answer) => (answer.type === 'engine-progress' ? answer.doneBytes : []));
      // Each file is told at least twice: while it comes and when it is there.
      expect(done.filter((count) => count === bytes).length).toBeGreaterThan(1);
      expect(answers.at(-1)).toEqual({ type: 'engine-ready' });
    }
    expect(asked).toEqual(['engine/inference-1.js', 'engine/ort-jspi-1.bin']);
  });
});

test('on a full disk the wall stands too, and serves from the host what it cannot keep', async () => {
  caches.full = true;
  const wall = makeWall();
  await wall.install();
  await wall.activate();
  expect((await fetchEngine(wall)).at(-1)).toEqual({ type: 'engine-ready' });
  expect(await (await get(wall, './')).text()).toBe(contents['index.html']);
  expect(await (await get(wall, 'engine/inference-1.js')).text()).toBe('infer()');
  expect((await get(wall, 'unlisted')).type).toBe('error');
});

describe('a tab that was open before an update', () => {
  const next = { ...list, shellHash: 'two', shell: list.shell.slice(0, 1), engine: list.engine.slice(1) };

  beforeEach(async () => {
    const before = makeWall();
    await before.install();
    await fetchEngine(before);
    asked = [];
    alone = false;
  });

  test('still gets the files of its own build, from the cache alone and under their headers', async () => {
    const wall = makeWall(next);
    await wall.install();
    await wall.activate();
    await wall.tidy();
    asked = [];
    const worker = await get(wall, 'engine/inference-1.js');
    expect(await worker.text()).toBe('infer()');
    expect(Object.fromEntries(worker.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-security-policy': withinFolder(headersFor('inference'), base)['Content-Security-Policy'],
    });
    expect(await (await get(wall, 'assets/index-1.js')).text()).toBe('start()');
    expect((await get(wall, 'engine/inference-1.js?secret')).type).toBe('error');
    expect((await get(wall, 'engine/inference-0.js')).type).toBe('error');
    expect(asked).toEqual([]);
  });

  test('loses nothing until it is closed', async () => {
    const wall = makeWall(next);
    await wall.install();
    alone = true;
    await wall.tidy();
    expect((await get(wall, 'engine/inference-1.js')).type).toBe('error');
    expect((await get(wall, 'assets/index-1.js')).type).toBe('error');
    expect(await (await get(wall, 'engine/ort-jspi-1.bin')).text()).toBe(contents['engine/ort-jspi-1.bin']);
  });
});

describe('the headers of the host', () => {
  const complete = async () => {
    let answered: WallAnswer | undefined;
    await makeWall().hear({ type: 'host-headers' }, (answer) => (answered = answer));
    expect(asked).toEqual(['']);
    return answered?.type === 'host-headers' && answered.complete;
  };
  const page = (headers: Record<string, string>) => () => new Response('', { headers });

  test('are complete when all of the policy is there', async () => {
    host = page(headersFor('page'));
    expect(await complete()).toBe(true);
    host = () => new Response('', { status: 503, headers: headersFor('page') });
    asked = [];
    expect(await complete()).toBe(false);
  });

  test.each(Object.keys(headersFor('page')))('are not without %s', async (name) => {
    const others = Object.entries(headersFor('page')).filter(([other]) => other !== name);
    host = page(Object.fromEntries(others));
    expect(await complete()).toBe(false);
  });

  test('are not with a weaker Content-Security-Policy, nor when the line is dead', async () => {
    host = page({ ...headersFor('page'), 'Content-Security-Policy': 'upgrade-insecure-requests' });
    expect(await complete()).toBe(false);
    asked = [];
    host = () => {
      throw new TypeError('Failed to fetch');
    };
    expect(await complete()).toBe(false);
  });
});

describe('everything else', () => {
  test('models pass through, unkept', async () => {
    const wall = makeWall();
    expect(await (await get(wall, 'models/m/m.onnx')).text()).toBe('weights');
    expect(caches.stores.size).toBe(0);
  });

  test('a part of a model is asked for as a part, with the two numbers alone, and counted as such', async () => {
    const ranges: unknown[] = [];
    host = (_path, { headers = {} }) => {
      const range = (headers as Record<string, string>).Range;
      ranges.push(range);
      const told = { 'Content-Range': 'bytes 2-4/7', ETag: '"1"', 'Set-Cookie': 'a=b', 'X-Other': 'c' };
      return range === undefined
        ? new Response('weights')
        : new Response('igh', { status: 206, headers: told });
    };
    const wall = makeWall();
    const ask = (range: string) =>
      wall.answer({
        method: 'GET',
        url: `${base}models/m/m.onnx`,
        headers: new Headers({ Range: range, 'X-Secret': 'secret' }),
      });
    const part = await ask('bytes=2-4');
    expect([part.status, await part.text(), part.headers.get('Content-Range')]).toEqual([
      ...[206, 'igh', 'bytes 2-4/7'],
    ]);
    expect(part.headers.get('ETag')).toBe('"1"');
    expect(part.headers.get('X-Other')).toBeNull();
    expect(part.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    for (const odd of ['bytes=0-7', 'bytes=4-2', 'bytes=2-', 'bytes=0-1,3-4', 'bytes=2-4; secret'])
      expect(await (await ask(odd)).text()).toBe('weights');
    expect(ranges).toEqual(['bytes=2-4', ...Array<undefined>(5)]);
    expect((await ledgerOf(wall)).map(({ bytes }) => bytes)).toEqual([3, 7, 7, 7, 7, 7]);
  });

  test('a page that a host sends in place of a model is passed on as a page', async () => {
    host = () => new Response('<p>', { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
    const wall = makeWall();
    expect((await get(wall, 'models/m/m.onnx')).headers.get('Content-Type')).toBe('text/html');
    host = () => new Response('weights', { headers: { 'Content-Type': 'text/javascript' } });
    const type = (await get(wall, 'models/m/m.onnx')).headers.get('Content-Type');
    expect(type).toBe('application/octet-stream');
  });

  test('refusals reach no host, look like a dead line, and are counted without their address', async () => {
    const wall = makeWall();
    for (const url of ['https://attacker.example/secret', 'secret', 'assets/index-1.js?secret']) {
      expect((await get(wall, url)).type).toBe('error');
    }
    expect((await wall.answer({ method: 'POST', url: base })).type).toBe('error');
    expect(asked).toEqual([]);
    const rows = await ledgerOf(wall);
    expect(rows.map(({ verdict }) => verdict)).toEqual(['foreign', 'unlisted', 'query', 'method']);
    expect(JSON.stringify(rows)).not.toContain('secret');
  });

  test('every open tab is told each row, under a name of its own', async () => {
    const wall = makeWall();
    await get(wall, 'models/m/m.onnx');
    await get(wall, 'secret?d=1');
    expect(told).toEqual(await ledgerOf(wall));
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
    expect(told[0]).toMatchObject({ from: 'network', sentBytes: `${base}models/m/m.onnx`.length });
    expect(told[1]).toMatchObject({ from: 'none', sentBytes: 0, host: null, verdict: 'query' });
    expect(JSON.stringify(told)).not.toContain('secret');
  });

  test('says which headers the host sends by itself, for the page, its workers and this script', async () => {
    const wall = makeWall();
    host = (path) =>
      new Response('', { headers: path === '' ? headersFor('page') : { 'Referrer-Policy': 'x' } });
    const answers: WallAnswer[] = [];
    await wall.hear({ type: 'layers' }, (answer) => answers.push(answer));
    const [answer] = answers;
    const layers = answer?.type === 'layers' ? answer.layers : [];
    expect(layers.map(({ kind }) => kind)).toEqual(['page', 'inference', 'wall']);
    expect(new Set(Object.values(layers[0]!.headers!))).toEqual(new Set(['same']));
    expect(layers[1]!.headers).toMatchObject({ 'Referrer-Policy': 'other', 'Connection-Allowlist': 'none' });
    expect(asked).toEqual(['', 'engine/inference-1.js', 'service-worker.js']);
  });

  test('the ledger holds the last 500 rows', async () => {
    const wall = makeWall();
    for (let i = 0; i < 510; i++) await get(wall, 'unknown');
    expect(await ledgerOf(wall)).toHaveLength(500);
  });
});

test('a model that is no longer wanted is taken off the line before the host has answered', async () => {
  const abort = new AbortController();
  let given: AbortSignal | null | undefined;
  host = (_, init) => {
    given = init.signal;
    return new Response('weights');
  };
  await makeWall().answer({ method: 'GET', url: `${base}models/m/m.onnx`, signal: abort.signal });
  expect(given?.aborted).toBe(false);
  abort.abort();
  expect(given?.aborted).toBe(true);
});

describe('models beside the app', () => {
  const part = (path: string) => ({ part: { path, bytes: 9, sha256: 'ab'.repeat(32) } });
  const manifest = {
    format: 'obscura-models',
    version: 1,
    models: [part('x/x.onnx'), part('../secret.onnx')],
  };
  const as = async (clientId: string, path: string, wall = makeWall()) => {
    const headers = new Headers({ Range: 'bytes=2-4' });
    return wall.answer({ method: 'GET', url: new URL(path, base).href, headers }, clientId);
  };

  beforeEach(() => {
    host = (path, init) => {
      if (path === 'models/manifest.json') return new Response(JSON.stringify(manifest));
      return new Response(new Headers(init.headers).get('Range') ?? 'all', { status: 206 });
    };
  });

  test('reach the library worker, a range of one too, under the headers of the policy', async () => {
    const wall = makeWall();
    expect(await (await as('library', 'models/manifest.json', wall)).json()).toEqual(manifest);
    const answer = await as('library', 'models/x/x.onnx', wall);
    expect([answer.status, await answer.text()]).toEqual([206, 'bytes=2-4']);
    expect(answer.headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin');
    expect((await ledgerOf(wall)).map(({ pathClass, verdict }) => [pathClass, verdict])).toEqual([
      ['models', 'allowed'],
      ['models', 'allowed'],
    ]);
  });

  test.each(['page', 'inference', 'neighbour', 'nobody', ''])(
    'are refused to %s, and no host hears',
    async (client) => {
      expect((await as(client, 'models/manifest.json')).type).toBe('error');
      expect((await as(client, 'models/x/x.onnx')).type).toBe('error');
      expect(asked).toEqual([]);
    },
  );

  test.each(['models/x/y.onnx', 'models/x/x.onnx?d=secret', 'secret.onnx', 'models/', 'models/%78/x.onnx'])(
    'what the manifest does not name is refused: %s',
    async (path) => {
      expect((await as('library', path)).type).toBe('error');
      expect(asked.filter((heard) => heard !== 'models/manifest.json')).toEqual([]);
    },
  );

  test('without a manifest there are none', async () => {
    host = () => new Response('<!doctype html>', { status: 404 });
    expect((await as('library', 'models/manifest.json')).status).toBe(404);
    expect((await as('library', 'models/x/x.onnx')).type).toBe('error');
  });
});

describe('the worker of a grant', () => {
  const path = 'engine/grant-m-1.js';
  contents[path] = 'get()';
  const granting: AllowList = {
    ...list,
    engine: [...list.engine, listed(path)],
    grants: [{ path, url: 'https://hub.example/m.onnx', redirects: ['https://cdn.example'] }],
  };
  const script = { method: 'GET', url: base + path };
  const hub = { method: 'GET', url: 'https://hub.example/m.onnx' };

  test('is let past to its file once the browser has said who it is', async () => {
    const wall = makeWall(granting);
    expect(wall.standsAside(hub, 'grant')).toBe(false);
    const answer = await wall.answer(script, 'grant');
    expect(answer.headers.get('Content-Security-Policy')).toContain(
      `connect-src ${base} https://hub.example/m.onnx https://cdn.example;`,
    );
    expect(wall.standsAside(hub, 'grant')).toBe(true);
    expect((await ledgerOf(wall)).at(-1)).toMatchObject({ pathClass: 'foreign', verdict: 'granted' });
    expect(asked).toEqual(['engine/grant-m-1.js']);
  });

  test.each([
    ['another file', { method: 'GET', url: 'https://hub.example/n.onnx' }],
    ['a query', { method: 'GET', url: `${hub.url}?d=secret` }],
    ['a redirect by itself', { method: 'GET', url: 'https://cdn.example/m.onnx' }],
    ['another origin', { method: 'GET', url: 'https://evil.example/' }],
    ['a sub-domain', { method: 'GET', url: 'https://a.hub.example/' }],
    ['plain http', { method: 'GET', url: 'http://hub.example/m.onnx' }],
    ['an upload', { method: 'POST', url: hub.url }],
    ['the own origin', { method: 'GET', url: `${base}secret` }],
  ])('is not let past to %s', async (_what, request) => {
    const wall = makeWall(granting);
    await wall.answer(script, 'grant');
    expect(wall.standsAside(request, 'grant')).toBe(false);
    expect((await wall.answer(request, 'grant')).type).toBe('error');
  });

  test.each(['page', 'inference', 'unknown', ''])(
    'is not the client "%s" that asks for its script',
    async (id) => {
      const wall = makeWall(granting);
      await wall.answer(script, id);
      expect(wall.standsAside(hub, id)).toBe(false);
      expect((await wall.answer(hub, id)).type).toBe('error');
    },
  );

  test('has no grant from what another build kept', async () => {
    await (
      await caches.open('/app/engine')
    ).put(`${base}engine/grant-old-2.js`, new Response('', { headers: { 'Obscura-SHA256': '0' } }));
    clients.old = `${base}engine/grant-old-2.js`;
    const wall = makeWall(granting);
    const answer = await wall.answer({ method: 'GET', url: clients.old }, 'old');
    expect(answer.headers.get('Content-Security-Policy')).toContain(`connect-src ${base};`);
    expect(wall.standsAside(hub, 'old')).toBe(false);
  });
});
