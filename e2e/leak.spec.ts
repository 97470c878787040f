/** The attack of `npm run leak-test`: a sample always, every channel × state × server in the long run. */
import { expect, test } from '@playwright/test';
import { channelsNamed } from '../src/cli/leak-attack';
import { leakTest, type LeakRow } from '../src/cli/leak-test';
import { isLong } from './long';

/** What leaked though it should not, or what nobody could tell of. */
const broken = (rows: readonly LeakRow[]) =>
  rows
    .filter(({ leaked, promised }) => promised && leaked !== false)
    .map(({ channel, state }) => [channel, state]);
const leaked = (rows: readonly LeakRow[]) =>
  rows.filter((row) => row.leaked === true).map(({ channel }) => channel);

const sample = channelsNamed(
  'fetch,websocket,img,webrtc-stun,location,popup-location,blank-frame-script,worker-fetch,worker-websocket,register',
);

test('nothing leaks from the page or its worker on a host that sends no headers', async () => {
  const rows = await leakTest({ headers: false, states: ['sealed'], channels: sample });
  expect(rows).toHaveLength(sample.length);
  expect(broken(rows)).toEqual([]);
  expect(leaked(rows)).toEqual([]);
});

test('a browser without Connection-Allowlist leaks what only that closes, and the test sees it', async () => {
  const rows = await leakTest({ allowlist: false, states: ['sealed'], channels: sample });
  expect(broken(rows)).toEqual([]);
  expect(leaked(rows).sort()).toEqual([
    'blank-frame-script:own',
    'popup-location:foreign',
    'webrtc-stun:foreign',
  ]);
});

for (const headers of [true, false]) {
  for (const allowlist of [true, false]) {
    test(`every channel in both states (host headers: ${headers}, allowlist: ${allowlist})`, async () => {
      test.skip(!isLong, 'it runs with npm run test:long');
      test.setTimeout(900_000);
      const rows = await leakTest({ headers, allowlist });
      expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['sealed', 'fetching']));
      expect(broken(rows)).toEqual([]);
      if (allowlist && headers) expect(leaked(rows)).toEqual([]);
    });
  }
}
