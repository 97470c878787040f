/** What the wall says of itself to a page that measures a job. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AllowList } from './allow-list';
import { Wall } from './wall';
import type { WallAnswer } from './wall-messages';

const base = 'https://host.example/app/';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const model = { path: 'models/m.onnx', bytes: 7, sha256: sha256('weights') };
const list: AllowList = { shellHash: 'one', shell: [], engine: [], models: [model], grants: [] };

function wallOver(host: (path: string) => Response | Promise<Response>, now = () => 0): Wall {
  const kept = new Map<string, Response>();
  const cache = {
    put: (url: string, response: Response) => Promise.resolve(void kept.set(url, response)),
  };
  return new Wall(list, {
    base,
    caches: {
      open: () => Promise.resolve(cache as unknown as Cache),
      has: () => Promise.resolve(true),
      match: (url) => Promise.resolve(kept.get(url as string)?.clone()),
      keys: () => Promise.resolve([]),
      delete: () => Promise.resolve(true),
    },
    fetch: (url) => Promise.resolve(host(url.slice(base.length))),
    now,
    tell: () => undefined,
    needless: () => false,
    clientUrl: () => Promise.resolve(undefined),
    isAlone: () => Promise.resolve(true),
    takeClients: () => Promise.resolve(),
    skipWaiting: () => Promise.resolve(),
  });
}

async function told(wall: Wall, type: 'build' | 'ledger'): Promise<WallAnswer | undefined> {
  let answer: WallAnswer | undefined;
  await wall.hear({ type }, (said) => (answer = said));
  return answer;
}

test('the hash of its own script is that of what the host served when it was installed', async () => {
  let script = 'as served';
  const wall = wallOver((path) => new Response(path === 'service-worker.js' ? script : 'weights'));
  await wall.install();
  script = 'something newer';
  expect(await told(wall, 'build')).toEqual({
    type: 'build',
    shell: 'one',
    serviceWorker: sha256('as served'),
    files: [],
  });
});

test('without an answer at install the hash is not known, and the install holds', async () => {
  for (const host of [
    () => Promise.reject(new TypeError('offline')),
    () => new Response('no', { status: 404 }),
  ]) {
    const wall = wallOver(host);
    await wall.install();
    expect(await told(wall, 'build')).toMatchObject({ serviceWorker: null });
  }
});

test('the kept script is never served to a page', async () => {
  const wall = wallOver(() => new Response('as served'));
  await wall.install();
  const answer = await wall.answer({ method: 'GET', url: `${base}service-worker.js` });
  expect(answer.type).toBe('error');
});

test('the ledger says since when it counts, and what is still under way', async () => {
  let resolve: (answer: Response) => void = () => undefined;
  const promise = new Promise<Response>((settle) => (resolve = settle));
  const wall = wallOver(
    () => promise,
    () => 1234,
  );
  expect(await told(wall, 'ledger')).toMatchObject({ since: 1234, full: false, underWay: 0, rows: [] });
  const answer = wall.answer({ method: 'GET', url: base + model.path });
  await Promise.resolve();
  expect(await told(wall, 'ledger')).toMatchObject({ underWay: 1, rows: [] });
  resolve(new Response('weights'));
  await answer;
  expect(await told(wall, 'ledger')).toMatchObject({ underWay: 0, rows: [{ from: 'network', bytes: 7 }] });
});

test('a refusal counts for the page that asked, and for no other', async () => {
  const wall = wallOver(() => new Response('weights'));
  await wall.answer({ method: 'GET', url: 'https://elsewhere.example/' }, 'one');
  const refusedTo = async (id: string) => {
    let answer: WallAnswer | undefined;
    await wall.hear({ type: 'ledger' }, (said) => (answer = said), id);
    return answer;
  };
  expect(await refusedTo('one')).toMatchObject({ refused: 1, refusedOfAsker: 1 });
  expect(await refusedTo('two')).toMatchObject({
    ...{ refused: 1, refusedOfAsker: 0 },
    rows: [{ verdict: 'foreign' }],
  });
});

test('a ledger that is full says so', async () => {
  const wall = wallOver(() => new Response('weights'));
  for (let count = 0; count < 500; count++) await wall.answer({ method: 'GET', url: `${base}none-${count}` });
  expect(await told(wall, 'ledger')).toMatchObject({ full: true });
});
