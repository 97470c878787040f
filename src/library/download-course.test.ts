/** A download on a slow or busy host, stopped and gone on with, on a full disk, and from a foreign host. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  beginScene,
  scene,
  bytes,
  card,
  chunkBytes,
  chunkCount,
  expectNothingKept,
  expectNothingReady,
  expectProven,
  get,
  hashOf,
  once,
  pace,
  path,
  store,
  timesSent,
} from '../cli/download-scene';
import { StudioError } from '../base/errors';
import type { ModelCard } from '../models/model';
import { memoryKeyValue } from './memory-store';
import { download } from './download';
import { airlockFetch } from '../privacy/airlock';

beforeEach(beginScene);
afterEach(() => scene.host.close());

describe('a slow host', () => {
  test('is waited for as long as bytes come', async () => {
    scene.host.fault = () => ({ slow: { pieceBytes: 1024, pauseMs: 60 } });
    await get();
    await expectProven();
    expect(scene.host.log).toHaveLength(chunkCount);
  });

  test('that is slow with one chunk is not asked for chunks far behind it, which memory would have to hold', async () => {
    const others = () => scene.host.log.filter(({ range }) => range?.[0] !== 0).length;
    const asked: number[] = [];
    scene.host.fault = ({ range }) => {
      if (range?.[0] !== 0) return null;
      setTimeout(() => asked.push(others()), 300);
      return { slow: { pieceBytes: 512, pauseMs: 50 } };
    };
    await get();
    await expectProven();
    expect(asked).toEqual([pace.lanes]);
  });

  test('that falls silent is asked again', async () => {
    scene.host.fault = ({ number }) => (number === 0 || number === 3 ? { hang: true } : null);
    await get();
    await expectProven();
    scene.host.log.length = 0;
    await store().remove(card.id);
    scene.host.fault = () => ({ hang: true });
    await expect(get(card, { pace: { stallMs: 20 } })).rejects.toMatchObject({
      code: 'network/failed',
      details: { reason: 'stalled' },
    });
  });
});

describe('a busy host', () => {
  test('that asks for quiet gets it from every lane', async () => {
    const times: number[] = [];
    scene.host.fault = ({ number }) => {
      times.push(performance.now());
      return number === 2 ? { status: 429, headers: { 'Retry-After': '1' } } : null;
    };
    await get();
    await expectProven();
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    expect(Math.max(...gaps)).toBeGreaterThan(850);
    expect(timesSent()).toEqual(once);
  });

  test('is asked again after 503', async () => {
    scene.host.fault = ({ number }) => (number < 2 || number === 7 ? { status: 503 } : null);
    await get();
    await expectProven();
  });

  test.each([
    ['for good', { status: 503 }],
    ['for an hour', { status: 429, headers: { 'Retry-After': '3600' } }],
  ])('%s is told', async (_, fault) => {
    scene.host.fault = () => fault;
    await expect(get()).rejects.toMatchObject({ code: 'network/host-busy' });
    await expectNothingKept();
  });

  test('is not one that does not have the file', async () => {
    scene.host.files.clear();
    await expect(get()).rejects.toMatchObject({ code: 'network/failed', details: { status: 404 } });
    expect(scene.host.log).toHaveLength(1);
    await expectNothingKept();
  });
});

describe('stopped on the way', () => {
  /** Aborts when this many scene.chunks are kept. */
  async function stopAfter(count: number, wanted = card): Promise<void> {
    const abort = new AbortController();
    const getting = get(wanted, { signal: abort.signal });
    getting.catch(() => undefined);
    await expect
      .poll(async () => (await scene.chunks.keys()).length > count, { interval: 1, timeout: 5000 })
      .toBe(true);
    abort.abort(new Error('enough'));
    await expect(getting).rejects.toThrow('enough');
    // What was sent off just before may still reach the host.
    await new Promise((resolve) => setTimeout(resolve, 30));
    await expect.poll(() => scene.host.open).toBe(0);
  }

  test('it goes on from the scene.chunks that arrived, none of them fetched twice', async () => {
    scene.host.fault = () => ({ slow: { pieceBytes: 2048, pauseMs: 10 } });
    await stopAfter(3);
    await stopAfter(6);
    await expectNothingReady();
    const before = timesSent().filter((times) => times > 0).length;
    expect(before).toBeGreaterThan(5);
    const kept = (await store().partials())[0]!.held.map((hash) => hash !== null);
    scene.host.log.length = 0;
    await get();
    await expectProven();
    expect(timesSent()).toEqual(kept.map((held) => (held ? 0 : 1)));
    expect(scene.reports.at(-1)?.doneBytes).toBe(bytes.length);
  });

  test('a kept chunk that rotted or vanished meanwhile is fetched again alone', async () => {
    scene.host.fault = () => ({ slow: { pieceBytes: 2048, pauseMs: 10 } });
    await stopAfter(6);
    scene.host.fault = () => null;
    const { held } = (await store().partials())[0]!;
    const [rotted, vanished] = held.flatMap((hash, index) => (hash === null ? [] : [index]));
    await scene.chunks.setMany([[`${card.part.sha256}/${rotted}`, new Blob([new Uint8Array(chunkBytes)])]]);
    await scene.chunks.deleteMany([`${card.part.sha256}/${vanished}`]);
    scene.host.log.length = 0;
    await get();
    await expectProven();
    const missing = held.map((hash, index) => hash === null || index === rotted || index === vanished);
    expect(timesSent()).toEqual(missing.map(Number));
  });
});

test('held for a job, nothing is on the line; it goes on by itself where it was, and nothing counts as failed', async () => {
  scene.host.fault = () => ({ slow: { pieceBytes: 512, pauseMs: 15 } });
  const getting = get(card, { pace: { tries: 0 } });
  await expect.poll(() => scene.host.log.length).toBeGreaterThan(4);
  for (let times = 0; times < 3; times++) {
    scene.gate.hold();
    await expect.poll(() => scene.host.open).toBe(0);
    const asked = scene.host.log.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(scene.host.log).toHaveLength(asked);
    scene.gate.release();
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await getting;
  await expectProven();
});

describe('the disk', () => {
  test('is looked at before anything is asked for', async () => {
    await expect(get(card, { freeBytes: bytes.length - 1 })).rejects.toMatchObject({
      code: 'storage/full',
      details: { neededBytes: bytes.length, freeBytes: bytes.length - 1 },
    });
    expect(scene.host.log).toEqual([]);
    await expectNothingKept();
  });

  test.each([0, 1, 2, 5])('that is full after %i writes gets nothing half-written', async (failAfter) => {
    scene.chunks = memoryKeyValue({ failAfter });
    await expect(get()).rejects.toMatchObject({ code: 'storage/full' });
    await expectNothingKept();
  });

  test('of a browser that refuses Blobs gets the bytes themselves', async () => {
    scene.chunks = memoryKeyValue({ refuseBlobs: true });
    await get();
    await expectProven();
  });
});

test('a card without a path cannot be fetched', async () => {
  const { name, bytes: size, sha256 } = card.part;
  const attempt = get({ ...card, part: { name, bytes: size, sha256 } });
  await expect(attempt).rejects.toMatchObject({ code: 'model/not-installed' });
  expect(scene.host.log).toEqual([]);
});

describe('from a foreign host', () => {
  const url = 'https://hub.example/big.onnx';
  const foreign: ModelCard = {
    ...card,
    part: { name: 'big.onnx', bytes: bytes.length, sha256: hashOf(bytes), remote: { url, redirects: [] } },
  };
  const unreachable = () => Promise.reject(new StudioError('network/unreachable', { host: 'hub.example' }));

  /** `answer` in place of the airlock of a grant. */
  function getForeign(answer: (count: number, ask: () => Promise<Response>) => Promise<Response>) {
    let count = 0;
    const powers = {
      ...{ store: store(), gate: scene.gate, pace, freeBytes: () => Promise.resolve(null) },
      request: (address: string, how: object) => {
        expect(address).toBe(url);
        return answer(count++, () => airlockFetch(path, { ...how, base: scene.host.url }));
      },
    };
    return download(foreign, powers, { signal: new AbortController().signal, report: () => undefined });
  }

  test('that never answered it is told at once, and nothing is kept', async () => {
    let asked = 0;
    const got = getForeign(() => {
      asked += 1;
      return unreachable();
    });
    await expect(got).rejects.toMatchObject({ code: 'network/unreachable' });
    expect(asked).toBe(1);
    await expectNothingKept();
  });

  test('that has sent something is waited for when it does not answer', async () => {
    await getForeign((count, ask) => (count === 2 ? unreachable() : ask()));
    await expectProven(foreign);
    expect(timesSent()).toEqual(once);
  });

  test('no header is needed, and the length of a packed answer is not taken for that of the file', async () => {
    scene.host.fault = () => ({ etag: null, ignoreRange: true });
    await getForeign(async (_, ask) => {
      const { body, status } = await ask();
      const readable = new Response(body, { status, headers: { 'Content-Length': '17' } });
      return Object.defineProperty(readable, 'type', { value: 'cors' });
    });
    await expectProven(foreign);
  });
});
