import { beforeEach, expect, test } from 'vitest';
import type { Locks } from '../library/locks';
import { memoryLocks } from '../library/memory-store';
import { Tabs, type TabMessage, type TabState } from './tabs';

type Hear = (message: TabMessage) => void;

const hosts = ['hub.example'];
let hearers: Map<string, Hear>;
let locks: Locks;

beforeEach(() => {
  hearers = new Map();
  locks = memoryLocks();
});

/** A tab, what it has heard last, and its end. */
function openTab(tab: string) {
  let die: () => void = () => undefined;
  const death = new Promise<never>((resolve) => (die = resolve as () => void));
  const seen: { others: readonly TabState[] } = { others: [] };
  const tabs = new Tabs({
    tab,
    locks: {
      // The lock of a tab that is gone falls.
      request: (name, options, work) =>
        locks.request(name, options, (lock) => Promise.race([work(lock), death])),
    },
    channel: {
      listen: (listener) => hearers.set(tab, listener),
      post(message) {
        for (const [name, hear] of hearers) if (name !== tab) hear(structuredClone(message));
      },
    },
  });
  tabs.watch((others) => (seen.others = others));
  const close = () => {
    hearers.delete(tab);
    die();
  };
  return { tabs, seen, close };
}

const settled = () => new Promise((turn) => setTimeout(turn, 5));

test('each hears what the others reach, and no one hears itself', () => {
  const [a, b, c] = [openTab('a'), openTab('b'), openTab('c')];
  a.tabs.tell({ hosts, working: false });
  for (const { seen } of [b, c]) expect(seen.others).toContainEqual({ hosts, working: false });
  expect(a.seen.others.flatMap((other) => other.hosts)).toEqual([]);
  a.tabs.tell({ hosts: [], working: false });
  expect(b.seen.others.flatMap((other) => other.hosts)).toEqual([]);
});

test('one opened later is told what is so', () => {
  openTab('a').tabs.tell({ hosts, working: true });
  expect(openTab('b').seen.others).toEqual([{ hosts, working: true }]);
});

test('one that is closed without a word is missed by its lock', async () => {
  const [a, b] = [openTab('a'), openTab('b')];
  a.tabs.tell({ hosts, working: true });
  await settled();
  expect(b.seen.others).toEqual([{ hosts, working: true }]);
  a.close();
  await settled();
  expect(b.seen.others).toEqual([]);
});

test('a job waits until the others have let go of their hosts, but not for one that does not answer', async () => {
  const [a, b] = [openTab('a'), openTab('b')];
  a.tabs.tell({ hosts, working: false });
  const started = performance.now();
  setTimeout(() => a.tabs.tell({ hosts: [], working: false }), 50);
  await b.tabs.quiet();
  expect(b.seen.others.flatMap((other) => other.hosts)).toEqual([]);
  expect(performance.now() - started).toBeLessThan(300);
  a.tabs.tell({ hosts, working: false });
  await b.tabs.quiet();
  expect(performance.now() - started).toBeGreaterThan(500);
  expect(b.seen.others.flatMap((other) => other.hosts)).toEqual(hosts);
});
