/** What "Try to leak" takes from the page: the carriers of `privacy/leaks`, a worker, and what the wall says. */
import { openLeakTest } from '../../jobs/bridge';
import { appBase } from '../../privacy/app-base';
import { hostLayers } from '../../privacy/ask-wall';
import { leakChannels, type Attempt } from '../../privacy/leaks';
import { attack, type Attack } from '../../privacy/leaks/attack';
import { allowlistHolds, pageCarriers } from '../../privacy/leaks/page-carriers';
import type { LeakPowers } from '../../state/leak-run.svelte';

/** A name that no server ever has (RFC 6761), and for a number this machine's own, at a port where nothing answers. */
const line: Attack = {
  base: appBase,
  foreign: 'https://leak-test.invalid',
  stun: 'leak-test.invalid:3478',
  stunAddress: '127.0.0.1:9',
};

const named = (ids: readonly string[]) => leakChannels.filter(({ id }) => ids.includes(id));

async function fromWorker(
  ids: readonly string[],
  over: Attack,
  report: (attempt: Attempt) => void,
): Promise<void> {
  const worker = openLeakTest();
  try {
    await new Promise<void>((ended, failed) => {
      worker.addEventListener('error', () => failed(new Error('the worker did not start')));
      worker.addEventListener('message', ({ data }: MessageEvent<Attempt | null>) => {
        if (data === null) ended();
        else report(data);
      });
      worker.postMessage({ channels: named(ids), line: over });
    });
  } finally {
    worker.terminate();
  }
}

async function wallHasHeaders(): Promise<boolean | null> {
  const layers = await hostLayers(navigator.serviceWorker.controller);
  const headers = layers.find(({ kind }) => kind === 'wall')?.headers;
  return headers ? headers['Content-Security-Policy'] === 'same' : null;
}

/** `refused` counts what the wall has refused so far. */
export function leakPowers(refused: () => number): LeakPowers {
  return {
    line,
    fromPage: (ids, over, report) => attack(named(ids), pageCarriers, over, report),
    fromWorker,
    allowlistHolds,
    wallHasHeaders,
    refused,
    isGuarded: 'navigation' in window,
  };
}
