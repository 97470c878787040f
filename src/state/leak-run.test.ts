import { expect, test } from 'vitest';
import { leakChannels } from '../privacy/leaks';
import { LeakRun, type LeakPowers } from './leak-run.svelte';

const refuse: LeakPowers['fromPage'] = async (ids, _, report) => {
  for (const channel of ids)
    await report({ channel, tried: 'refused', directive: null, guarded: false, error: null });
};

/** A browser in which nothing gets out. */
const powers: LeakPowers = {
  line: { base: 'https://h.example/', foreign: '', stun: '', stunAddress: '' },
  fromPage: refuse,
  fromWorker: refuse,
  allowlistHolds: () => Promise.resolve(true),
  wallHasHeaders: () => Promise.resolve(true),
  alone: (work) => work().then(() => true),
  refused: () => Promise.resolve(0),
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

test('a refusal is laid to the attempt that it came of, and to none after it', async () => {
  const run = new LeakRun();
  let refused = 5;
  const open = 'blank-frame-img:own';
  const fromPage: LeakPowers['fromPage'] = async (ids, _, report) => {
    for (const channel of ids) {
      if (channel === 'img:own') refused += 1;
      const tried = channel === open ? 'sent' : 'refused';
      await report({ channel, tried, directive: null, guarded: false, error: null });
    }
  };
  await run.run({ ...powers, fromPage, refused: () => Promise.resolve(refused) });
  const verdict = (id: string) => run.results.find(({ channel }) => channel === id);
  expect(verdict('img:own')).toMatchObject({ leaked: false, blockedBy: 'service-worker' });
  expect(verdict(open)).toMatchObject({ leaked: true });
});

test('while another tab attacks nothing is tried, since the refusals of that one would hide a leak of this one', async () => {
  const run = new LeakRun();
  let tried = 0;
  const fromPage: LeakPowers['fromPage'] = () => Promise.resolve(void (tried += 1));
  await run.run({ ...powers, fromPage, alone: () => Promise.resolve(false) });
  expect([tried, run.elsewhere, run.results, run.endedAt]).toEqual([0, true, [], null]);
  await run.run(powers);
  expect([run.elsewhere, run.results.length]).toEqual([false, leakChannels.length]);
});
