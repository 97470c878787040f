/** What passes the wall, what it refuses, and what it tells of both. */
import { beforeEach, describe, expect, test } from 'vitest';
import { base, ledgerOf, WallScene } from '../cli/wall-scene';
import { headersFor } from './policy';
import type { Wall } from './wall';
import type { WallAnswer } from './wall-messages';

let scene: WallScene;
beforeEach(() => {
  scene = new WallScene();
});

const get = (wall: Wall, path: string) => wall.answer({ method: 'GET', url: new URL(path, base).href });

describe('requests', () => {
  test('models pass through, unkept', async () => {
    const wall = scene.makeWall();
    expect(await (await get(wall, 'models/m/m.onnx')).text()).toBe('weights');
    expect(scene.caches.stores.size).toBe(0);
  });

  test('a part of a model is scene.asked for as a part, with the two numbers alone, and counted as such', async () => {
    const ranges: unknown[] = [];
    scene.host = (_path, { headers = {} }) => {
      const range = (headers as Record<string, string>).Range;
      ranges.push(range);
      const told = { 'Content-Range': 'bytes 2-4/7', ETag: '"1"', 'Set-Cookie': 'a=b', 'X-Other': 'c' };
      return range === undefined
        ? new Response('weights')
        : new Response('igh', { status: 206, headers: told });
    };
    const wall = scene.makeWall();
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

  test('what a script reads as mere bytes is the very answer of the host; anything else gets our headers', async () => {
    const sent: Response[] = [];
    scene.host = () => {
      const answer = new Response('weights', { headers: { 'Content-Type': 'text/html' } });
      sent.push(answer);
      return answer;
    };
    const wall = scene.makeWall();
    const ask = (destination: RequestDestination) =>
      wall.answer({ method: 'GET', url: `${base}models/m/m.onnx`, destination });
    expect(await ask('')).toBe(sent[0]);
    for (const destination of ['document', 'iframe', 'script', 'worker', 'image'] as const) {
      const answer = await ask(destination);
      expect(sent).not.toContain(answer);
      expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    }
  });

  test('a page that a host sends in place of a model is passed on as a page', async () => {
    scene.host = () => new Response('<p>', { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
    const wall = scene.makeWall();
    expect((await get(wall, 'models/m/m.onnx')).headers.get('Content-Type')).toBe('text/html');
    scene.host = () => new Response('weights', { headers: { 'Content-Type': 'text/javascript' } });
    const type = (await get(wall, 'models/m/m.onnx')).headers.get('Content-Type');
    expect(type).toBe('application/octet-stream');
  });

  test('refusals reach no host, look like a dead line, and are counted without their address', async () => {
    const wall = scene.makeWall();
    for (const url of ['https://attacker.example/secret', 'secret', 'assets/index-1.js?secret']) {
      expect((await get(wall, url)).type).toBe('error');
    }
    expect((await wall.answer({ method: 'POST', url: base })).type).toBe('error');
    expect(scene.asked).toEqual([]);
    const rows = await ledgerOf(wall);
    expect(rows.map(({ verdict }) => verdict)).toEqual(['foreign', 'unlisted', 'query', 'method']);
    expect(JSON.stringify(rows)).not.toContain('secret');
  });

  test('every open tab is told each row, under a name of its own', async () => {
    const wall = scene.makeWall();
    await get(wall, 'models/m/m.onnx');
    await get(wall, 'secret?d=1');
    const { told } = scene;
    expect(told).toEqual(await ledgerOf(wall));
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
    expect(told[0]).toMatchObject({ from: 'network', sentBytes: `${base}models/m/m.onnx`.length });
    expect(told[1]).toMatchObject({ from: 'none', sentBytes: 0, host: null, verdict: 'query' });
    expect(JSON.stringify(told)).not.toContain('secret');
  });

  test('says which headers the host sends, and which itself, for the page, its workers and this script', async () => {
    const wall = scene.makeWall();
    await wall.install();
    await get(wall, 'engine/inference-1.js');
    scene.asked = [];
    scene.host = (path) =>
      new Response('', { headers: path === '' ? headersFor('page') : { 'Referrer-Policy': 'x' } });
    const answers: WallAnswer[] = [];
    await wall.hear({ type: 'headers' }, (answer) => answers.push(answer));
    const [answer] = answers;
    const files = answer?.type === 'headers' ? answer.files : [];
    expect(files.map(({ path }) => path)).toEqual([
      'index.html',
      'engine/inference-1.js',
      'service-worker.js',
    ]);
    expect(files[0]?.host).toMatchObject({ 'cross-origin-opener-policy': 'same-origin' });
    expect(files[1]?.host).toMatchObject({ 'referrer-policy': 'x' });
    const all = Object.keys(headersFor('page')).map((name) => name.toLowerCase());
    expect(files.map(({ wall: own }) => all.every((name) => name in own))).toEqual([true, true, false]);
    expect(scene.asked).toEqual(['', 'engine/inference-1.js', 'service-worker.js']);
  });

  test('the ledger holds the last 500 rows', async () => {
    const wall = scene.makeWall();
    for (let i = 0; i < 510; i++) await get(wall, 'unknown');
    expect(await ledgerOf(wall)).toHaveLength(500);
  });
});

test('a model that is no longer wanted is taken off the line before the host has answered', async () => {
  const abort = new AbortController();
  let given: AbortSignal | null | undefined;
  scene.host = (_, init) => {
    given = init.signal;
    return new Response('weights');
  };
  await scene.makeWall().answer({ method: 'GET', url: `${base}models/m/m.onnx`, signal: abort.signal });
  expect(given?.aborted).toBe(false);
  abort.abort();
  expect(given?.aborted).toBe(true);
});
