/** Against a real HTTP host with faults on command: every download ends in a proven model or a plain error. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StudioError } from '../base/errors';
import type { TransferProgress } from '../base/progress';
import { openFaultyHost, type FaultyHost } from '../cli/faulty-host';
import { card as facesCard } from '../models/obscura-faces/card';
import type { ModelCard } from '../models/model';
import { airlockFetch } from '../privacy/airlock';
import { download, usualPace } from './download';
import type { Pace } from './fetch-run';
import { LineGate } from './line-gate';
import { memoryKeyValue, memoryLocks } from './memory-store';
import { ModelStore } from './store';

const path = 'models/big/big.onnx';
const chunkBytes = 4096;
const bytes = noise(10 * chunkBytes - 96);
const chunkCount = 10;
const pace: Pace = { ...usualPace, stallMs: 200, tries: 3, backoffMs: 5, longestWaitMs: 2000 };

let host: FaultyHost;
let gate: LineGate;
let records: ReturnType<typeof memoryKeyValue>;
let chunks: ReturnType<typeof memoryKeyValue>;
let reports: TransferProgress[];

beforeEach(async () => {
  host = await openFaultyHost();
  host.files.set(path, bytes);
  gate = new LineGate();
  records = memoryKeyValue();
  chunks = memoryKeyValue();
  reports = [];
});
afterEach(() => host.close());

/** Bytes without a pattern, the same for the same seed. */
function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed;
  return new Uint8Array(length).map(() => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >> 16);
}

const hashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

function cardOf(content: Uint8Array, more: Partial<ModelCard['part']> = {}): ModelCard {
  const part = { name: 'big.onnx', path, bytes: content.length, sha256: hashOf(content), ...more };
  return { ...facesCard, title: 'Big', part };
}

const card = cardOf(bytes);
const pieces = Array.from({ length: chunkCount }, (_, index) =>
  hashOf(bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes)),
);
const cardWithChunks = cardOf(bytes, { chunks: { bytes: chunkBytes, sha256: pieces } });

/** As after a restart: another store over what was written. */
const store = () =>
  new ModelStore({
    ...{ records, chunks, locks: memoryLocks(), now: () => Date.now() },
    chunkBytesFor: () => chunkBytes,
  });

interface Options {
  signal?: AbortSignal;
  pace?: Partial<Pace>;
  freeBytes?: number;
}

function get(wanted = card, options: Options = {}): Promise<void> {
  const powers = {
    ...{ store: store(), gate, pace: { ...pace, ...options.pace } },
    request: (asked: string, how: object) => airlockFetch(asked, { ...how, base: host.url }),
    freeBytes: () => Promise.resolve(options.freeBytes ?? null),
  };
  const signal = options.signal ?? new AbortController().signal;
  return download(wanted, powers, { signal, report: (progress) => void reports.push(progress) });
}

async function expectProven(wanted = card, content = bytes) {
  expect(Buffer.compare(await store().read(wanted), content)).toBe(0);
  expect(await store().partials()).toEqual([]);
}

async function expectNothingReady() {
  expect(await records.keys()).toEqual([]);
}

async function expectNothingKept() {
  expect([...(await records.keys()), ...(await chunks.keys())]).toEqual([]);
}

/** How often each chunk was sent in full, whatever the number of requests it took. */
function timesSent(): number[] {
  const times = new Float64Array(bytes.length);
  for (const { sentFrom, sentBytes } of host.log)
    for (let at = sentFrom; at < sentFrom + sentBytes; at++) times[at]! += 1;
  return Array.from({ length: chunkCount }, (_, index) =>
    Math.min(...times.subarray(index * chunkBytes, (index + 1) * chunkBytes)),
  );
}

const once = Array<number>(chunkCount).fill(1);
/** For the n-th request only. */
const only = (number: number, fault: object) => (request: { number: number }) =>
  request.number === number ? fault : null;

test('a model arrives in chunks, each asked for once, by the laws of progress', async () => {
  await get();
  await expectProven();
  expect(host.log).toHaveLength(chunkCount);
  expect(timesSent()).toEqual(once);
  const done = reports.map(({ doneBytes }) => doneBytes);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(new Set(reports.map(({ totalBytes }) => totalBytes))).toEqual(new Set([bytes.length]));
  expect(done.at(-1)).toBe(bytes.length);
});

test('rate and time left are told from what was measured', async () => {
  host.fault = () => ({ slow: { pieceBytes: 512, pauseMs: 80 } });
  await get(card, { pace: { lanes: 10 } });
  const told = reports.filter(({ msLeft }) => msLeft !== undefined);
  expect(told.length).toBeGreaterThan(0);
  for (const { bytesPerSecond, msLeft, doneBytes } of told) {
    expect(bytesPerSecond).toBeGreaterThan(10_000);
    expect(bytesPerSecond).toBeLessThan(100_000);
    expect(msLeft).toBeCloseTo(((bytes.length - doneBytes) / (bytesPerSecond ?? 1)) * 1000, 3);
  }
});

describe('a line that is cut', () => {
  test.each([0, 0.01, 0.5, 0.99])('once, at %f of an answer, costs nothing twice', async (cutAt) => {
    host.fault = only(2, { cutAt });
    await get();
    await expectProven();
    expect(timesSent()).toEqual(once);
  });

  test.each([0.5, 0.99])('at %f of every answer still ends in a proven model', async (cutAt) => {
    host.fault = () => ({ cutAt });
    await get(card, { pace: { tries: 100, backoffMs: 0 } });
    await expectProven();
    expect(timesSent()).toEqual(once);
  });

  test('at the start of every answer is told after some tries, and leaves nothing', async () => {
    host.fault = () => ({ cutAt: 0 });
    await expect(get()).rejects.toMatchObject({ code: 'network/failed' });
    expect(host.log.length).toBeLessThanOrEqual((pace.tries + 1) * pace.lanes);
    await expectNothingKept();
  });

  test('for good in the middle keeps what arrived, and the next try asks for the rest alone', async () => {
    host.fault = ({ number }) => (number >= 6 ? { cutAt: 0 } : null);
    await expect(get()).rejects.toMatchObject({ code: 'network/failed' });
    await expectNothingReady();
    host.fault = () => null;
    await get();
    await expectProven();
    expect(timesSent()).toEqual(once);
  });
});

describe('a host that ignores ranges', () => {
  test('sends the file in one stream', async () => {
    host.fault = () => ({ ignoreRange: true });
    await get();
    await expectProven();
    // The first answer showed it; the second is the stream.
    expect(host.log.map(({ range }) => range === null)).toEqual([false, true]);
  });

  test.each([0, 0.5, 0.99])('and is cut once at %f is asked again', async (cutAt) => {
    host.fault = ({ number }) => ({ ignoreRange: true, ...(number === 1 ? { cutAt } : {}) });
    await get();
    await expectProven();
  });

  test('and is cut every time ends in a plain error, with the chunks that arrived kept', async () => {
    host.fault = () => ({ ignoreRange: true, cutAt: 0.5 });
    await expect(get()).rejects.toMatchObject({ code: 'network/failed' });
    await expectNothingReady();
    host.fault = () => null;
    host.log.length = 0;
    await get();
    await expectProven();
    expect(host.log.length).toBeLessThan(chunkCount);
  });
});

test.each([
  ['shorter', bytes.subarray(0, -1)],
  ['longer', Uint8Array.from([...bytes, 0])],
  ['much shorter', bytes.subarray(0, 10)],
])('a file that is %s than the card says is refused at once', async (_, other) => {
  for (const ignoreRange of [false, true]) {
    host.log.length = 0;
    host.fault = () => ({ bytes: other, ignoreRange });
    await expect(get()).rejects.toMatchObject({ code: 'model/hash-mismatch' });
    expect(host.log).toHaveLength(1);
    await expectNothingKept();
  }
});

test('a file that changes on the way is begun again', async () => {
  const newer = noise(bytes.length, 2);
  const newerCard = cardOf(newer);
  host.fault = ({ number }) => (number < 4 ? {} : { bytes: newer, etag: '"two"' });
  await get(newerCard);
  await expectProven(newerCard, newer);
});

test('a file that changed between two visits is begun again', async () => {
  const newer = noise(bytes.length, 2);
  const newerCard = cardOf(newer);
  host.fault = ({ number }) => (number >= 4 ? { cutAt: 0 } : null);
  await expect(get(newerCard)).rejects.toMatchObject({ code: 'network/failed' });
  host.fault = () => ({ bytes: newer, etag: '"two"' });
  host.log.length = 0;
  await get(newerCard);
  await expectProven(newerCard, newer);
  // The answer that showed it, and then each chunk.
  expect(host.log).toHaveLength(1 + chunkCount);
});

test.each([
  ['new with every answer', ({ number }: { number: number }) => ({ etag: `"${number}"` })],
  ['missing', () => ({ etag: null })],
])('version names that are %s are done without', async (_, fault) => {
  host.fault = fault;
  await get();
  await expectProven();
});

test('a page in place of the model is told as such and nothing of it is kept', async () => {
  host.fault = () => ({ ignoreRange: true, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
  await expect(get()).rejects.toMatchObject({ code: 'network/not-the-file' });
  expect(host.log).toHaveLength(1);
  await expectNothingKept();
});

test('a redirect is not followed', async () => {
  const stranger = await openFaultyHost();
  stranger.files.set(path, bytes);
  host.fault = () => ({ status: 302, headers: { Location: stranger.url + path } });
  await expect(get()).rejects.toMatchObject({ code: 'network/failed' });
  expect(stranger.log).toEqual([]);
  await expectNothingKept();
  await stranger.close();
});

describe('a flipped bit', () => {
  const flipped = 5 * chunkBytes + 7;
  const inFifth = ({ range }: { range: readonly number[] | null }) => range?.[0] === 5 * chunkBytes;

  test('is found at the end where no chunk hashes are known, and nothing is kept', async () => {
    host.fault = () => ({ flipAt: flipped });
    await expect(get()).rejects.toMatchObject({ code: 'model/hash-mismatch' });
    await expectNothingKept();
  });

  test('costs that chunk alone where they are known', async () => {
    let bad = true;
    host.fault = (request) => {
      const fault = bad && inFifth(request) ? { flipAt: flipped } : null;
      if (fault) bad = false;
      return fault;
    };
    await get(cardWithChunks);
    await expectProven(cardWithChunks);
    expect(timesSent()).toEqual(once.with(5, 2));
  });

  test('that comes every time ends in a plain error', async () => {
    host.fault = () => ({ flipAt: flipped });
    await expect(get(cardWithChunks)).rejects.toMatchObject({
      code: 'model/hash-mismatch',
      details: { chunk: 5 },
    });
    await expectNothingReady();
    host.fault = () => ({ flipAt: flipped, ignoreRange: true });
    await expect(get(cardWithChunks)).rejects.toMatchObject({ code: 'model/hash-mismatch' });
  });

  test('in a model of one chunk is found as it arrives', async () => {
    const small = bytes.subarray(0, 1000);
    const smallCard = cardOf(small);
    host.files.set(path, small);
    host.fault = only(0, { flipAt: 7 });
    await get(smallCard);
    await expectProven(smallCard, small);
    expect(host.log.map(({ range }) => range)).toEqual([null, null]);
  });
});

describe('a slow host', () => {
  test('is waited for as long as bytes come', async () => {
    host.fault = () => ({ slow: { pieceBytes: 1024, pauseMs: 60 } });
    await get();
    await expectProven();
    expect(host.log).toHaveLength(chunkCount);
  });

  test('that falls silent is asked again', async () => {
    host.fault = ({ number }) => (number === 0 || number === 3 ? { hang: true } : null);
    await get();
    await expectProven();
    host.log.length = 0;
    await store().remove(card.id);
    host.fault = () => ({ hang: true });
    await expect(get(card, { pace: { stallMs: 20 } })).rejects.toMatchObject({
      code: 'network/failed',
      details: { reason: 'stalled' },
    });
  });
});

describe('a busy host', () => {
  test('that asks for quiet gets it from every lane', async () => {
    const times: number[] = [];
    host.fault = ({ number }) => {
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
    host.fault = ({ number }) => (number < 2 || number === 7 ? { status: 503 } : null);
    await get();
    await expectProven();
  });

  test.each([
    ['for good', { status: 503 }],
    ['for an hour', { status: 429, headers: { 'Retry-After': '3600' } }],
  ])('%s is told', async (_, fault) => {
    host.fault = () => fault;
    await expect(get()).rejects.toMatchObject({ code: 'network/host-busy' });
    await expectNothingKept();
  });

  test('is not one that does not have the file', async () => {
    host.files.clear();
    await expect(get()).rejects.toMatchObject({ code: 'network/failed', details: { status: 404 } });
    expect(host.log).toHaveLength(1);
    await expectNothingKept();
  });
});

describe('stopped on the way', () => {
  /** Aborts when this many chunks are kept. */
  async function stopAfter(count: number, wanted = card): Promise<void> {
    const abort = new AbortController();
    const getting = get(wanted, { signal: abort.signal });
    getting.catch(() => undefined);
    await expect
      .poll(async () => (await chunks.keys()).length > count, { interval: 1, timeout: 5000 })
      .toBe(true);
    abort.abort(new Error('enough'));
    await expect(getting).rejects.toThrow('enough');
    // What was sent off just before may still reach the host.
    await new Promise((resolve) => setTimeout(resolve, 30));
    await expect.poll(() => host.open).toBe(0);
  }

  test('it goes on from the chunks that arrived, none of them fetched twice', async () => {
    host.fault = () => ({ slow: { pieceBytes: 2048, pauseMs: 10 } });
    await stopAfter(3);
    await stopAfter(6);
    await expectNothingReady();
    const before = timesSent().filter((times) => times > 0).length;
    expect(before).toBeGreaterThan(5);
    const kept = (await store().partials())[0]!.held.map((hash) => hash !== null);
    host.log.length = 0;
    await get();
    await expectProven();
    expect(timesSent()).toEqual(kept.map((held) => (held ? 0 : 1)));
    expect(reports.at(-1)?.doneBytes).toBe(bytes.length);
  });

  test('a kept chunk that rotted or vanished meanwhile is fetched again alone', async () => {
    host.fault = () => ({ slow: { pieceBytes: 2048, pauseMs: 10 } });
    await stopAfter(6);
    host.fault = () => null;
    const { held } = (await store().partials())[0]!;
    const [rotted, vanished] = held.flatMap((hash, index) => (hash === null ? [] : [index]));
    await chunks.setMany([[`${card.part.sha256}/${rotted}`, new Blob([new Uint8Array(chunkBytes)])]]);
    await chunks.deleteMany([`${card.part.sha256}/${vanished}`]);
    host.log.length = 0;
    await get();
    await expectProven();
    const missing = held.map((hash, index) => hash === null || index === rotted || index === vanished);
    expect(timesSent()).toEqual(missing.map(Number));
  });
});

test('held for a job, nothing is on the line; it goes on by itself where it was, and nothing counts as failed', async () => {
  host.fault = () => ({ slow: { pieceBytes: 512, pauseMs: 15 } });
  const getting = get(card, { pace: { tries: 0 } });
  await expect.poll(() => host.log.length).toBeGreaterThan(4);
  for (let times = 0; times < 3; times++) {
    gate.hold();
    await expect.poll(() => host.open).toBe(0);
    const asked = host.log.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(host.log).toHaveLength(asked);
    gate.release();
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
    expect(host.log).toEqual([]);
    await expectNothingKept();
  });

  test.each([0, 1, 2, 5])('that is full after %i writes gets nothing half-written', async (failAfter) => {
    chunks = memoryKeyValue({ failAfter });
    await expect(get()).rejects.toMatchObject({ code: 'storage/full' });
    await expectNothingKept();
  });

  test('of a browser that refuses Blobs gets the bytes themselves', async () => {
    chunks = memoryKeyValue({ refuseBlobs: true });
    await get();
    await expectProven();
  });
});

test('a card without a path cannot be fetched', async () => {
  const { name, bytes: size, sha256 } = card.part;
  const attempt = get({ ...card, part: { name, bytes: size, sha256 } });
  await expect(attempt).rejects.toMatchObject({ code: 'model/not-installed' });
  expect(host.log).toEqual([]);
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
      ...{ store: store(), gate, pace, freeBytes: () => Promise.resolve(null) },
      request: (address: string, how: object) => {
        expect(address).toBe(url);
        return answer(count++, () => airlockFetch(path, { ...how, base: host.url }));
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
    host.fault = () => ({ etag: null, ignoreRange: true });
    await getForeign(async (_, ask) => {
      const { body, status } = await ask();
      const readable = new Response(body, { status, headers: { 'Content-Length': '17' } });
      return Object.defineProperty(readable, 'type', { value: 'cors' });
    });
    await expectProven(foreign);
  });
});
