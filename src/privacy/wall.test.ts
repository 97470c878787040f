import { beforeEach, describe, expect, test } from 'vitest';
import { base, contents, list, listed, WallScene } from '../cli/wall-scene';
import { headersFor, withinFolder } from './policy';
import type { Wall } from './wall';
import type { WallAnswer } from './wall-messages';

let scene: WallScene;
beforeEach(() => {
  scene = new WallScene();
});

const get = (wall: Wall, path: string) => wall.answer({ method: 'GET', url: new URL(path, base).href });

async function fetchEngine(wall: Wall): Promise<WallAnswer[]> {
  const answers: WallAnswer[] = [];
  await wall.hear({ type: 'fetch-engine' }, (answer) => answers.push(answer));
  return answers;
}

describe('install', () => {
  test('asks for the page by its folder, and the shell is then served without the host', async () => {
    const wall = scene.makeWall();
    await wall.install();
    expect(scene.asked.sort()).toEqual(['', 'assets/index-1.js', 'service-worker.js']);
    scene.asked = [];
    const page = await get(wall, './');
    expect(await page.text()).toBe(contents['index.html']);
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(page.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(await (await get(wall, 'assets/index-1.js')).text()).toBe('start()');
    expect(scene.asked).toEqual([]);
  });

  test.each([
    ['other bytes', () => new Response('stop()!')],
    ['too many bytes', () => new Response('start()start()')],
    ['too few bytes', () => new Response('start')],
    ['an error', () => new Response('start()', { status: 500 })],
    ['nothing', () => new Response(null, { status: 204 })],
  ])('fails and keeps nothing when one file is answered with %s', async (_what, answer) => {
    scene.host = (path) => (path === '' ? new Response(contents['index.html']) : answer());
    await expect(scene.makeWall().install()).rejects.toMatchObject({ code: 'network/failed' });
    expect([...scene.caches.stores.values()].every((store) => store.size === 0)).toBe(true);
  });
});

describe('the engine', () => {
  test('is kept on demand, without what this browser never runs, and reports its bytes by the laws', async () => {
    const wall = scene.makeWall();
    await wall.install();
    const answers = await fetchEngine(wall);
    expect(answers.at(-1)).toEqual({ type: 'engine-ready' });
    const progress = answers.filter((answer) => answer.type === 'engine-progress');
    const done = progress.map(({ doneBytes }) => doneBytes);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(new Set(progress.map(({ totalBytes }) => totalBytes)).size).toBe(1);
    expect(done.at(-1)).toBe(progress.at(-1)!.totalBytes);
    expect(scene.asked).not.toContain('engine/ort-asyncify-1.bin');
    scene.asked = [];
    await get(wall, 'engine/ort-jspi-1.bin');
    expect(scene.asked).toEqual([]);
  });

  test('is fetched when first needed too, once for two askers', async () => {
    const wall = scene.makeWall();
    const both = await Promise.all([get(wall, 'engine/inference-1.js'), get(wall, 'engine/inference-1.js')]);
    expect(await Promise.all(both.map((answer) => answer.text()))).toEqual(['infer()', 'infer()']);
    expect(scene.asked).toEqual(['engine/inference-1.js']);
  });

  test('stays through an update of the shell; old shells and unlisted engine files go', async () => {
    const first = scene.makeWall();
    await first.install();
    await fetchEngine(first);
    scene.caches.stores.set('/shell-of-a-neighbour', new Map());
    scene.asked = [];
    const next = scene.makeWall({ ...list, shellHash: 'two', engine: list.engine.slice(1) });
    await next.install();
    await next.activate();
    await next.tidy();
    expect([...scene.caches.stores.keys()].sort()).toEqual([
      '/app/engine',
      '/app/shell-two',
      '/shell-of-a-neighbour',
    ]);
    expect([...scene.caches.stores.get('/app/engine')!.keys()]).toEqual([`${base}engine/ort-jspi-1.bin`]);
    await fetchEngine(next);
    expect(scene.asked).not.toContain('engine/ort-jspi-1.bin');
  });

  test('a kept file of another build is not taken for ours', async () => {
    const wall = scene.makeWall();
    await wall.install();
    await fetchEngine(wall);
    const other = { ...listed('engine/inference-1.js'), sha256: 'f'.repeat(64) };
    const next = scene.makeWall({ ...list, engine: [other] });
    expect((await get(next, other.path)).type).toBe('error');
  });

  test('two tabs that wait for one download both hear how far it is', async () => {
    const wall = scene.makeWall();
    const both = await Promise.all([fetchEngine(wall), fetchEngine(wall)]);
    const { bytes } = listed('engine/inference-1.js');
    for (const answers of both) {
      const done = answers.flatMap((answer) => (answer.type === 'engine-progress' ? answer.doneBytes : []));
      // Each file is told at least twice: while it comes and when it is there.
      expect(done.filter((count) => count === bytes).length).toBeGreaterThan(1);
      expect(answers.at(-1)).toEqual({ type: 'engine-ready' });
    }
    expect(scene.asked).toEqual(['engine/inference-1.js', 'engine/ort-jspi-1.bin']);
  });
});

test('what was erased stays erased while a tab is still open, and the next visit keeps it anew', async () => {
  const wall = scene.makeWall();
  await wall.install();
  await fetchEngine(wall);
  scene.caches.stores.clear();
  for (const path of ['engine/inference-1.js', 'assets/index-1.js'])
    expect((await get(wall, path)).status, path).toBe(200);
  expect((await fetchEngine(wall)).at(-1)).toEqual({ type: 'engine-ready' });
  await wall.tidy();
  expect([...scene.caches.stores.keys()]).toEqual([]);
  await wall.answer({ method: 'GET', url: base, mode: 'navigate' });
  await get(wall, 'engine/inference-1.js');
  expect([...scene.caches.stores.keys()]).toEqual(['/app/shell-one', '/app/engine']);
});

test('on a full disk the wall stands too, and serves from the host what it cannot keep', async () => {
  scene.caches.full = true;
  const wall = scene.makeWall();
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
    const before = scene.makeWall();
    await before.install();
    await fetchEngine(before);
    scene.asked = [];
    scene.alone = false;
  });

  test('still gets the files of its own build, from the cache alone and under their headers', async () => {
    const wall = scene.makeWall(next);
    await wall.install();
    await wall.activate();
    await wall.tidy();
    scene.asked = [];
    const worker = await get(wall, 'engine/inference-1.js');
    expect(await worker.text()).toBe('infer()');
    expect(Object.fromEntries(worker.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-security-policy': withinFolder(headersFor('inference'), base)['Content-Security-Policy'],
    });
    expect(await (await get(wall, 'assets/index-1.js')).text()).toBe('start()');
    expect((await get(wall, 'engine/inference-1.js?secret')).type).toBe('error');
    expect((await get(wall, 'engine/inference-0.js')).type).toBe('error');
    expect(scene.asked).toEqual([]);
  });

  test('loses nothing until it is closed', async () => {
    const wall = scene.makeWall(next);
    await wall.install();
    scene.alone = true;
    await wall.tidy();
    expect((await get(wall, 'engine/inference-1.js')).type).toBe('error');
    expect((await get(wall, 'assets/index-1.js')).type).toBe('error');
    expect(await (await get(wall, 'engine/ort-jspi-1.bin')).text()).toBe(contents['engine/ort-jspi-1.bin']);
  });
});
