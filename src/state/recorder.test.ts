import { expect, test } from 'vitest';
import type { LedgerAnswer, LedgerRow } from '../privacy/ledger';
import { Recorder } from './recorder';

const refusal = (time: number): LedgerRow => ({
  ...{ id: String(time), time, by: 'service-worker', method: 'GET', pathClass: 'foreign', host: null },
  ...{ from: 'none', sentBytes: 0, bytes: 0, verdict: 'foreign' },
});

/** A job during which one request of this page goes round the wall, or is refused by it, which looks alike to the page. */
async function aroundWall(refusedOfAsker: number, pastWall: () => number | null) {
  let answers = 0;
  const ledger = (): Promise<LedgerAnswer> => {
    const isEnd = (answers += 1) > 1;
    return Promise.resolve({
      ...{ rows: isEnd ? [refusal(Date.now())] : [], since: 1, full: false, underWay: 0 },
      ...{ refused: 0, refusedOfAsker: isEnd ? refusedOfAsker : 0 },
    });
  };
  const recorder = new Recorder({
    doors: {
      ...{ ledger, build: () => Promise.resolve(null), countStores: () => Promise.resolve(null) },
      ...{ pastWall, isolated: true },
    },
    wall: { stands: true, headersFrom: 'service-worker' },
    line: { openHosts: [], hostsElsewhere: [] },
  });
  const end = await recorder.witness(new Blob([]));
  return (await end()).aroundWall;
}

test('a refusal in another tab explains no request of this one away', async () => {
  const rising = () => {
    let seen = 4;
    return () => (seen += 1);
  };
  expect(await aroundWall(0, rising())).toBe(1);
  expect(await aroundWall(1, rising())).toBe(0);
  expect(await aroundWall(0, () => null)).toBe('unknown');
});
