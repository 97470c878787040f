import { expect, test } from 'vitest';
import { leakChannels } from '../privacy/leaks';
import { LeakRun, type LeakPowers } from './leak-run.svelte';

const refuse: LeakPowers['fromPage'] = (ids, _, report) => {
  for (const channel of ids)
    report({ channel, tried: 'refused', directive: null, guarded: false, error: null });
  return Promise.resolve();
};

/** A browser in which nothing gets out. */
const powers: LeakPowers = {
  line: { base: 'https://h.example/', foreign: '', stun: '', stunAddress: '' },
  fromPage: refuse,
  fromWorker: refuse,
  allowlistHolds: () => Promise.resolve(true),
  wallHasHeaders: () => Promise.resolve(true),
  refused: () => 0,
  isGuarded: true,
};

test('a run shows every channel; one whose worker does not start shows none, and why', async () => {
  const run = new LeakRun();
  await run.run(powers);
  expect([run.results.length, run.failure]).toEqual([leakChannels.length, null]);
  await run.run({ ...powers, fromWorker: () => Promise.reject(new Error('the worker did not start')) });
  expect([run.results.length, run.running, run.failure?.code]).toEqual([0, false, 'page/missing-part']);
  expect(run.endedAt).toBeNull();
  await run.run(powers);
  expect([run.results.length, run.failure]).toEqual([leakChannels.length, null]);
});
