/** Against a real HTTP host with faults on command: every download ends in a proven model or a plain error. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFaultyHost } from '../cli/faulty-host';
import {
  beginScene,
  scene,
  bytes,
  card,
  cardOf,
  cardWithChunks,
  chunkBytes,
  chunkCount,
  expectNothingKept,
  expectNothingReady,
  expectProven,
  get,
  noise,
  once,
  only,
  pace,
  path,
  timesSent,
} from '../cli/download-scene';

beforeEach(beginScene);
afterEach(() => scene.host.close());

test('a model arrives in scene.chunks, each asked for once, by the laws of progress', async () => {
  await get();
  await expectProven();
  expect(scene.host.log).toHaveLength(chunkCount);
  expect(timesSent()).toEqual(once);
  const done = scene.reports.map(({ doneBytes }) => doneBytes);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(new Set(scene.reports.map(({ totalBytes }) => totalBytes))).toEqual(new Set([bytes.length]));
  expect(done.at(-1)).toBe(bytes.length);
});

test('rate and time left are told from what was measured', async () => {
  scene.host.fault = () => ({ slow: { pieceBytes: 512, pauseMs: 80 } });
  await get(card, { pace: { lanes: 10 } });
  const told = scene.reports.filter(({ msLeft }) => msLeft !== undefined);
  expect(told.length).toBeGreaterThan(0);
  for (const { bytesPerSecond, msLeft, doneBytes } of told) {
    expect(bytesPerSecond).toBeGreaterThan(10_000);
    expect(bytesPerSecond).toBeLessThan(100_000);
    expect(msLeft).toBeCloseTo(((bytes.length - doneBytes) / (bytesPerSecond ?? 1)) * 1000, 3);
  }
});

describe('a line that is cut', () => {
  test.each([0, 0.01, 0.5, 0.99])('once, at %f of an answer, costs nothing twice', async (cutAt) => {
    scene.host.fault = only(2, { cutAt });
    await get();
    await expectProven();
    expect(timesSent()).toEqual(once);
  });

  test.each([0.5, 0.99])('at %f of every answer still ends in a proven model', async (cutAt) => {
    scene.host.fault = () => ({ cutAt });
    await get(card, { pace: { tries: 100, backoffMs: 0 } });
    await expectProven();
    expect(timesSent()).toEqual(once);
  });

  test('at the start of every answer is told after some tries, and leaves nothing', async () => {
    scene.host.fault = () => ({ cutAt: 0 });
    await expect(get()).rejects.toMatchObject({ code: 'network/failed' });
    expect(scene.host.log.length).toBeLessThanOrEqual((pace.tries + 1) * pace.lanes);
    await expectNothingKept();
  });

  test('for good in the middle keeps what arrived, and the next try asks for the rest alone', async () => {
    scene.host.fault = ({ number }) => (number >= 6 ? { cutAt: 0 } : null);
    await expect(get()).rejects.toMatchObject({ code: 'network/failed' });
    await expectNothingReady();
    scene.host.fault = () => null;
    await get();
    await expectProven();
    expect(timesSent()).toEqual(once);
  });
});

describe('a host that ignores ranges', () => {
  test('sends the file in one stream', async () => {
    scene.host.fault = () => ({ ignoreRange: true });
    await get();
    await expectProven();
    // The first answer showed it; the second is the stream.
    expect(scene.host.log.map(({ range }) => range === null)).toEqual([false, true]);
  });

  test.each([0, 0.5, 0.99])('and is cut once at %f is asked again', async (cutAt) => {
    scene.host.fault = ({ number }) => ({ ignoreRange: true, ...(number === 1 ? { cutAt } : {}) });
    await get();
    await expectProven();
  });

  test('and is cut every time ends in a plain error, with the scene.chunks that arrived kept', async () => {
    scene.host.fault = () => ({ ignoreRange: true, cutAt: 0.5 });
    await expect(get()).rejects.toMatchObject({ code: 'network/failed' });
    await expectNothingReady();
    scene.host.fault = () => null;
    scene.host.log.length = 0;
    await get();
    await expectProven();
    expect(scene.host.log.length).toBeLessThan(chunkCount);
  });
});

test.each([
  ['shorter', bytes.subarray(0, -1)],
  ['longer', Uint8Array.from([...bytes, 0])],
  ['much shorter', bytes.subarray(0, 10)],
])('a file that is %s than the card says is refused at once', async (_, other) => {
  for (const ignoreRange of [false, true]) {
    scene.host.log.length = 0;
    scene.host.fault = () => ({ bytes: other, ignoreRange });
    await expect(get()).rejects.toMatchObject({ code: 'model/hash-mismatch' });
    expect(scene.host.log).toHaveLength(1);
    await expectNothingKept();
  }
});

test('a file that changes on the way is begun again', async () => {
  const newer = noise(bytes.length, 2);
  const newerCard = cardOf(newer);
  scene.host.fault = ({ number }) => (number < 4 ? {} : { bytes: newer, etag: '"two"' });
  await get(newerCard);
  await expectProven(newerCard, newer);
});

test('a file that changed between two visits is begun again', async () => {
  const newer = noise(bytes.length, 2);
  const newerCard = cardOf(newer);
  scene.host.fault = ({ number }) => (number >= 4 ? { cutAt: 0 } : null);
  await expect(get(newerCard)).rejects.toMatchObject({ code: 'network/failed' });
  scene.host.fault = () => ({ bytes: newer, etag: '"two"' });
  scene.host.log.length = 0;
  await get(newerCard);
  await expectProven(newerCard, newer);
  // The answer that showed it, and then each chunk.
  expect(scene.host.log).toHaveLength(1 + chunkCount);
});

test.each([
  ['new with every answer', ({ number }: { number: number }) => ({ etag: `"${number}"` })],
  ['missing', () => ({ etag: null })],
])('version names that are %s are done without', async (_, fault) => {
  scene.host.fault = fault;
  await get();
  await expectProven();
});

test('a page in place of the model is told as such and nothing of it is kept', async () => {
  scene.host.fault = () => ({ ignoreRange: true, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
  await expect(get()).rejects.toMatchObject({ code: 'network/not-the-file' });
  expect(scene.host.log).toHaveLength(1);
  await expectNothingKept();
});

test('a redirect is not followed', async () => {
  const stranger = await openFaultyHost();
  stranger.files.set(path, bytes);
  scene.host.fault = () => ({ status: 302, headers: { Location: stranger.url + path } });
  await expect(get()).rejects.toMatchObject({ code: 'network/failed' });
  expect(stranger.log).toEqual([]);
  await expectNothingKept();
  await stranger.close();
});

describe('a flipped bit', () => {
  const flipped = 5 * chunkBytes + 7;
  const inFifth = ({ range }: { range: readonly number[] | null }) => range?.[0] === 5 * chunkBytes;

  test('is found at the end where no chunk hashes are known, and nothing is kept', async () => {
    scene.host.fault = () => ({ flipAt: flipped });
    await expect(get()).rejects.toMatchObject({ code: 'model/hash-mismatch' });
    await expectNothingKept();
  });

  test('costs that chunk alone where they are known', async () => {
    let bad = true;
    scene.host.fault = (request) => {
      const fault = bad && inFifth(request) ? { flipAt: flipped } : null;
      if (fault) bad = false;
      return fault;
    };
    await get(cardWithChunks);
    await expectProven(cardWithChunks);
    expect(timesSent()).toEqual(once.with(5, 2));
  });

  test('that comes every time ends in a plain error', async () => {
    scene.host.fault = () => ({ flipAt: flipped });
    await expect(get(cardWithChunks)).rejects.toMatchObject({
      code: 'model/hash-mismatch',
      details: { chunk: 5 },
    });
    await expectNothingReady();
    scene.host.fault = () => ({ flipAt: flipped, ignoreRange: true });
    await expect(get(cardWithChunks)).rejects.toMatchObject({ code: 'model/hash-mismatch' });
  });

  test('in a model of one chunk is found as it arrives', async () => {
    const small = bytes.subarray(0, 1000);
    const smallCard = cardOf(small);
    scene.host.files.set(path, small);
    scene.host.fault = only(0, { flipAt: 7 });
    await get(smallCard);
    await expectProven(smallCard, small);
    expect(scene.host.log.map(({ range }) => range)).toEqual([null, null]);
  });
});
