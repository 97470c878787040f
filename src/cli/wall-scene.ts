/** A service worker's surroundings in memory, for the tests of the wall: caches, a host, the clients that ask. */
import { createHash } from 'node:crypto';
import type { AllowList, ListedFile } from '../privacy/allow-list';
import type { LedgerRow } from '../privacy/ledger';
import { Wall } from '../privacy/wall';

export const base = 'https://host.example/app/';

export const contents: Record<string, string> = {
  'index.html': '<!doctype html>',
  'assets/index-1.js': 'start()',
  'engine/inference-1.js': 'infer()',
  'engine/ort-jspi-1.bin': 'wasm'.repeat(50_000),
  'engine/ort-asyncify-1.bin': 'other wasm',
  'models/m/m.onnx': 'weights',
};
export const listed = (path: string): ListedFile => {
  const content = contents[path] ?? '';
  return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
};
const under = (folder: string) => Object.keys(contents).filter((path) => path.startsWith(folder));
export const list: AllowList = {
  shellHash: 'one',
  shell: ['index.html', 'assets/index-1.js'].map(listed),
  engine: under('engine/').map(listed),
  models: under('models/').map(listed),
  grants: [],
};

/** CacheStorage in memory, as far as the wall uses it. */
export class MemoryCaches {
  readonly stores = new Map<string, Map<string, Response>>();
  full = false;

  open = (name: string): Promise<Cache> => {
    if (this.full && !this.stores.has(name)) return Promise.reject(new DOMException('full'));
    const store = this.stores.get(name) ?? new Map<string, Response>();
    this.stores.set(name, store);
    return Promise.resolve({
      put: (url: string, response: Response) => {
        if (this.full) return Promise.reject(new DOMException('full', 'QuotaExceededError'));
        store.set(url, response);
        return Promise.resolve();
      },
      keys: () => Promise.resolve([...store.keys()].map((url) => new Request(url))),
      delete: (request: Request) => Promise.resolve(store.delete(request.url)),
    } as unknown as Cache);
  };
  has = (name: string) => Promise.resolve(this.stores.has(name));
  match = (url: string, { cacheName = '' }: MultiCacheQueryOptions = {}) =>
    Promise.resolve(this.stores.get(cacheName)?.get(url)?.clone());
  keys = () => Promise.resolve([...this.stores.keys()]);
  delete = (name: string) => Promise.resolve(this.stores.delete(name));
}

export class WallScene {
  caches = new MemoryCaches();
  /** Paths that the host was asked for. */
  asked: string[] = [];
  /** What the tabs were told of the ledger. */
  told: LedgerRow[] = [];
  alone = true;
  host: (path: string, init: RequestInit) => Response = (path) =>
    new Response(contents[path || 'index.html'] ?? 'no', { status: 200 });
  clients: Record<string, string> = {
    page: `${base}?lang=en`,
    inference: `${base}engine/inference-1.js`,
    library: `${base}engine/library-1.js`,
    grant: `${base}engine/grant-m-1.js`,
    neighbour: 'https://host.example/other/engine/library-1.js',
  };

  makeWall(allowed = list): Wall {
    return new Wall(allowed, {
      base,
      caches: this.caches,
      fetch: (url, init) => {
        const path = url.slice(base.length);
        this.asked.push(path);
        return Promise.resolve(this.host(path, init));
      },
      now: () => 0,
      tell: (row) => this.told.push(row),
      needless: (path) => path.includes('asyncify'),
      clientUrl: (id) => Promise.resolve(this.clients[id]),
      isAlone: () => Promise.resolve(this.alone),
      takeClients: () => Promise.resolve(),
      skipWaiting: () => Promise.resolve(),
    });
  }
}

export async function ledgerOf(wall: Wall) {
  let rows: unknown;
  await wall.hear({ type: 'ledger' }, (answer) => (rows = answer.type === 'ledger' && answer.rows));
  return rows as Record<string, unknown>[];
}
