/** A record cannot say more than was measured: each measurement is falsified in turn. */
import { describe, expect, test } from 'vitest';
import type { LedgerAnswer, LedgerRow } from './ledger';
import { NetworkWatch } from './network-watch';
import { makeRecord, withSaved, type Measurements } from './record';
import { wroteBetween } from './store-count';

const sealed: Measurements = {
  job: 'cartoon',
  startedAt: 1_000,
  endedAt: 5_000,
  build: { shell: 'aa', serviceWorker: 'bb' },
  headers: 'service-worker',
  isolated: true,
  airlock: { standing: true, openHosts: [] },
  models: [{ id: 'net', parts: [{ name: 'net.onnx', sha256: 'cc' }], reused: false }],
  device: { backend: 'wasm', threads: 2, adapter: 'none' },
  durations: { decode: 1, draw: 20, run: 15, open: 3, encode: 2 },
  network: { complete: true, requests: 0, bytesReceived: 0, refused: 0, refusedHere: 0 },
  aroundWall: 0,
  wrote: false,
  input: { hmacSha256: 'dd' },
  output: { sha256: 'ee', type: 'image/png', width: 4, height: 3 },
};

const claims = (changed: Partial<Measurements>) => {
  const { model_version, local_execution, data_uploaded, input_saved } = makeRecord({
    ...sealed,
    ...changed,
  });
  return { model_version, local_execution, data_uploaded, input_saved };
};
const good = { model_version: 'net@cc', local_execution: true, data_uploaded: false, input_saved: false };
const quiet = sealed.network;

test('with everything measured and nothing on the line it says so', () => {
  expect(claims({})).toEqual(good);
});

test.each<[string, Partial<Measurements>, Partial<typeof good> | Record<string, unknown>]>([
  ['one request', { network: { ...quiet, requests: 1 } }, { data_uploaded: true }],
  [
    'one request beside a gap',
    { network: { ...quiet, complete: false, requests: 1 } },
    { data_uploaded: true },
  ],
  ['a request round the wall', { aroundWall: 1 }, { data_uploaded: true }],
  ['a gap in the ledger', { network: { ...quiet, complete: false } }, { data_uploaded: 'unknown' }],
  ['no second witness', { aroundWall: 'unknown' }, { data_uploaded: 'unknown' }],
  ['a wall that fell', { airlock: { standing: false, openHosts: [] } }, { data_uploaded: 'unknown' }],
  ['an open host', { airlock: { standing: true, openHosts: ['h'] } }, { data_uploaded: 'unknown' }],
  ['a store that grew', { wrote: true }, { input_saved: 'unknown' }],
  ['stores not counted', { wrote: 'unknown' }, { input_saved: 'unknown' }],
  ['no model seen', { models: [] }, { model_version: 'unknown', local_execution: 'unknown' }],
  ['no time measured', { durations: 'unknown' }, { local_execution: 'unknown' }],
  [
    'no time in a net',
    { durations: { decode: 1, draw: 1, run: 0, open: 0, encode: 0 } },
    { local_execution: 'unknown' },
  ],
  ['no device seen', { device: 'unknown' }, { local_execution: 'unknown' }],
  ['a refused request, which left nothing', { network: { ...quiet, refused: 3 } }, {}],
])('%s', (_, changed, claimed) => {
  expect(claims(changed)).toEqual({ ...good, ...claimed });
});

test('what it says of itself does not hide that it is no attestation', () => {
  expect(makeRecord(sealed).limits.join(' ')).toMatch(/not an attestation.*when it was installed/);
});

test('a saved file is added by its hash, and the record before stays as it was', () => {
  const record = makeRecord(sealed);
  const saved = withSaved(record, { type: 'image/jpeg', sha256: 'ff', aiMark: null });
  expect([record.saved.length, saved.saved.map(({ sha256 }) => sha256)]).toEqual([0, ['ff']]);
});

const row = (time: number, more: Partial<LedgerRow> = {}): LedgerRow => ({
  ...{ id: String(time), by: 'service-worker', host: null, sentBytes: 20 },
  ...{ time, method: 'GET', pathClass: 'models', from: 'network', bytes: 10, verdict: 'allowed' },
  ...more,
});

/** A watch from 1000 to 2000 over a wall that gives these answers, first, in between and last. */
async function watched(answers: readonly (LedgerAnswer | null)[]) {
  let now = 1000;
  const left = [...answers];
  let tick: () => void = () => undefined;
  let ended = false;
  const watch = await NetworkWatch.start({
    ledger: () => Promise.resolve(left.shift() ?? null),
    now: () => now,
    every: (_, call) => {
      tick = call;
      return () => (ended = true);
    },
  });
  while (left.length > 1) {
    tick();
    await Promise.resolve();
  }
  now = 2000;
  const count = await watch.end();
  expect(ended).toBe(true);
  return count;
}

describe('the watch', () => {
  const answer = (rows: LedgerRow[], since = 500, full = false): LedgerAnswer => ({
    ...{ rows, since, full },
    ...{ underWay: 0, refused: 7, refusedOfAsker: 7 },
  });
  const nothing = { complete: true, requests: 0, bytesReceived: 0, refused: 0, refusedHere: 0 };

  test('counts what lies between start and end, and nothing else', async () => {
    const rows = [row(999), row(1000), row(1500, { verdict: 'failed' }), row(2001)];
    expect(await watched([answer([row(999)]), answer(rows)])).toEqual({
      ...nothing,
      requests: 2,
      bytesReceived: 20,
    });
  });

  test('does not take the cache for the network, and tells what was refused', async () => {
    const rows = [
      row(1200, { from: 'cache', bytes: 0 }),
      row(1300, { from: 'none', bytes: 0, verdict: 'foreign' }),
    ];
    expect(await watched([answer([]), answer(rows)])).toEqual({ ...nothing, refused: 1 });
  });

  test('tells what was refused to this page from what was refused to another tab', async () => {
    const rows = [row(1300, { from: 'none' }), row(1400, { from: 'none' })];
    const end = { ...answer(rows), refusedOfAsker: 8 };
    expect(await watched([answer([]), end])).toEqual({ ...nothing, refused: 2, refusedHere: 1 });
    // After a gap it cannot be told, and no request round the wall may be explained away by it.
    expect(await watched([answer([]), { ...end, since: 1200 }])).toMatchObject({ refusedHere: 0 });
  });

  test.each<[string, (LedgerAnswer | null)[]]>([
    ['no answer at first', [null, answer([])]],
    ['no answer at last', [answer([]), null]],
    ['no answer in between', [answer([]), null, answer([])]],
    ['a wall started anew', [answer([]), answer([], 1200)]],
    ['a wall started anew in between and seen again', [answer([]), answer([], 1200), answer([])]],
    ['a ledger that let go of rows', [answer([]), answer([row(1100, { from: 'cache' })], 500, true)]],
  ])('is not complete with %s', async (_, answers) => {
    expect((await watched(answers)).complete).toBe(false);
  });

  test('counts a request that has not been answered yet', async () => {
    expect(await watched([answer([]), { ...answer([]), underWay: 1 }])).toEqual({ ...nothing, requests: 1 });
  });

  test('counts a request that it saw before the wall was started anew', async () => {
    expect(await watched([answer([]), answer([row(1100)]), null])).toMatchObject({
      complete: false,
      requests: 1,
    });
  });
});

describe('stores counted twice', () => {
  const count = (entries: number, bytes: number | null) => ({ entries, bytes });
  test.each([
    ['alike', count(4, 1000), count(4, 1000), false],
    ['a little housekeeping', count(4, 1000), count(4, 1040), false],
    ['one record more', count(4, 1000), count(5, 1000), true],
    ['one record less', count(4, 1000), count(3, 1000), true],
    ['as many bytes more as the photo has', count(4, 1000), count(4, 101_000), true],
    ['a browser that tells no bytes', count(4, null), count(4, null), null],
    ['a store that cannot be counted', null, count(4, 1000), null],
  ])('%s', (_, before, after, wrote) => {
    expect(wroteBetween(before, after, 100_000)).toBe(wrote);
  });

  test('of an input as small as housekeeping nothing is claimed, but that nothing moved', () => {
    const prompt = 20;
    expect(wroteBetween(count(4, 1000), count(4, 1000), prompt)).toBe(false);
    expect(wroteBetween(count(4, 1000), count(4, 1040), prompt)).toBeNull();
    expect(wroteBetween(count(4, 1000), count(4, 90_000), prompt)).toBe(true);
  });
});
