/** What the wall lets through to the library's workers alone. */
import { beforeEach, describe, expect, test } from 'vitest';
import { base, contents, ledgerOf, list, listed, WallScene } from '../cli/wall-scene';
import type { AllowList } from './allow-list';

let scene: WallScene;
beforeEach(() => {
  scene = new WallScene();
});

describe('models beside the app', () => {
  const part = (path: string) => ({ part: { path, bytes: 9, sha256: 'ab'.repeat(32) } });
  const manifest = {
    format: 'obscura-models',
    version: 1,
    models: [part('x/x.onnx'), part('../secret.onnx')],
  };
  const as = async (clientId: string, path: string, wall = scene.makeWall()) => {
    const headers = new Headers({ Range: 'bytes=2-4' });
    return wall.answer({ method: 'GET', url: new URL(path, base).href, headers }, clientId);
  };

  beforeEach(() => {
    scene.host = (path, init) => {
      if (path === 'models/manifest.json') return new Response(JSON.stringify(manifest));
      return new Response(new Headers(init.headers).get('Range') ?? 'all', { status: 206 });
    };
  });

  test('reach the library worker, a range of one too, under the headers of the policy', async () => {
    const wall = scene.makeWall();
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
      expect(scene.asked).toEqual([]);
    },
  );

  test.each(['models/x/y.onnx', 'models/x/x.onnx?d=secret', 'secret.onnx', 'models/', 'models/%78/x.onnx'])(
    'what the manifest does not name is refused: %s',
    async (path) => {
      expect((await as('library', path)).type).toBe('error');
      expect(scene.asked.filter((heard) => heard !== 'models/manifest.json')).toEqual([]);
    },
  );

  test('without a manifest there are none', async () => {
    scene.host = () => new Response('<!doctype html>', { status: 404 });
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
    const wall = scene.makeWall(granting);
    expect(wall.standsAside(hub, 'grant')).toBe(false);
    const answer = await wall.answer(script, 'grant');
    expect(answer.headers.get('Content-Security-Policy')).toContain(
      `connect-src ${base} https://hub.example/m.onnx https://cdn.example;`,
    );
    expect(wall.standsAside(hub, 'grant')).toBe(true);
    expect((await ledgerOf(wall)).at(-1)).toMatchObject({ pathClass: 'foreign', verdict: 'granted' });
    expect(scene.asked).toEqual(['engine/grant-m-1.js']);
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
    const wall = scene.makeWall(granting);
    await wall.answer(script, 'grant');
    expect(wall.standsAside(request, 'grant')).toBe(false);
    expect((await wall.answer(request, 'grant')).type).toBe('error');
  });

  test.each(['page', 'inference', 'unknown', ''])(
    'is not the client "%s" that asks for its script',
    async (id) => {
      const wall = scene.makeWall(granting);
      await wall.answer(script, id);
      expect(wall.standsAside(hub, id)).toBe(false);
      expect((await wall.answer(hub, id)).type).toBe('error');
    },
  );

  test('is let past to what its host states of the file where the grant has that, to the letter', async () => {
    const metadata = 'https://hub.example/api/m?Revision=v1';
    const stating = { ...granting, grants: granting.grants.map((grant) => ({ ...grant, metadata })) };
    const wall = scene.makeWall(stating);
    await wall.answer(script, 'grant');
    const passes = (url: string) => wall.standsAside({ method: 'GET', url }, 'grant');
    expect([metadata, hub.url].map(passes)).toEqual([true, true]);
    expect(
      [`${metadata}&d=secret`, 'https://hub.example/api/m', 'https://hub.example/api/m?d=1'].map(passes),
    ).toEqual([false, false, false]);
  });

  test('has no grant from what another build kept', async () => {
    await (
      await scene.caches.open('/app/engine')
    ).put(`${base}engine/grant-old-2.js`, new Response('', { headers: { 'Obscura-SHA256': '0' } }));
    scene.clients.old = `${base}engine/grant-old-2.js`;
    const wall = scene.makeWall(granting);
    const answer = await wall.answer({ method: 'GET', url: scene.clients.old }, 'old');
    expect(answer.headers.get('Content-Security-Policy')).toContain(`connect-src ${base};`);
    expect(wall.standsAside(hub, 'old')).toBe(false);
  });
});
