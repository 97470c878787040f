/** What "Try to leak" takes from the page: the carriers of `privacy/leaks`, a worker, and what the wall says. */
import { openLeakTest } from '../../jobs/bridge';
import { appBase } from '../../privacy/app-base';
import { askFact } from '../../privacy/ask-wall';
import { headerLayers } from '../../privacy/host-layers';
import { leakChannels, type Attempt } from '../../privacy/leaks';
import { attack, type Attack } from '../../privacy/leaks/attack';
import { allowlistHolds, pageCarriers } from '../../privacy/leaks/page-carriers';
import type { LeakPowers, LeakReport } from '../../state/leak-run.svelte';

/** A name that no server ever has (RFC 6761), and for a number this machine's own, at a port where nothing answers. */
const line: Attack = {
  base: appBase,
  foreign: 'https://leak-test.invalid',
  stun: 'leak-test.invalid:3478',
  stunAddress: '127.0.0.1:9',
};

const named = (ids: readonly string[]) => leakChannels.filter(({ id }) => ids.includes(id));

async function fromWorker(ids: readonly string[], over: Attack, report: LeakReport): Promise<void> {
  const worker = openLeakTest();
  try {
    await new Promise<void>((ended, failed) => {
      worker.addEventListener('error', () => failed(new Error('the worker did not start')));
      worker.addEventListener('message', ({ data }: MessageEvent<Attempt | null>) => {
        if (data === null) ended();
        else void report(data).then(() => worker.postMessage(null), failed);
      });
      worker.postMessage({ channels: named(ids), line: over });
    });
  } finally {
    worker.terminate();
  }
}

async function wallHasHeaders(): Promise<boolean | null> {
  const layers = await headerLayers(navigator.serviceWorker.controller);
  const headers = layers.find(({ kind }) => kind === 'wall')?.headers;
  return headers ? headers['Content-Security-Policy'] === 'same' : null;
}

/** By the wall itself: a row of the ledger may come to this page later than the next attempt. */
async function refused(): Promise<number> {
  return (await askFact(navigator.serviceWorker.controller, 'ledger'))?.refused ?? 0;
}

export function leakPowers(): LeakPowers {
  return {
    alone: (work) =>
      navigator.locks.request('obscura-leak-test', { ifAvailable: true }, async (lock) => {
        if (lock !== null) await work();
        return lock !== null;
      }),
    line,
    fromPage: (ids, over, report) => attack(named(ids), pageCarriers, over, report),
    fromWorker,
    allowlistHolds,
    wallHasHeaders,
    refused,
    isGuarded: 'navigation' in window,
  };
}
