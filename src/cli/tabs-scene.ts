/**
 * Several tabs of one origin: the same store, locks and channel, and a host that logs what is asked of it. Begun anew
 * before each test.
 */
import type { Channel, LibraryMessage } from '../library/channel';
import { usualPace } from '../library/download';
import { Librarian } from '../library/librarian';
import { LineGate } from '../library/line-gate';
import { memoryKeyValue, memoryLocks } from '../library/memory-store';
import { ModelStore } from '../library/store';
import { airlockFetch } from '../privacy/airlock';
import { openFaultyHost, type FaultyHost } from './faulty-host';

interface Tabs {
  host: FaultyHost;
  now: number;
  disk: {
    records: ReturnType<typeof memoryKeyValue>;
    chunks: ReturnType<typeof memoryKeyValue>;
    locks: ReturnType<typeof memoryLocks>;
  };
  channels: BroadcastChannel[];
}

export const tabs = {} as Tabs;

export async function beginTabs(): Promise<void> {
  const disk = { records: memoryKeyValue(), chunks: memoryKeyValue(), locks: memoryLocks() };
  Object.assign(tabs, { host: await openFaultyHost(), now: 0, disk, channels: [] } satisfies Tabs);
}

export async function endTabs(): Promise<void> {
  for (const channel of tabs.channels) channel.close();
  await tabs.host.close();
}

export function channelOfTab(): Channel {
  const channel = new BroadcastChannel('obscura-library');
  tabs.channels.push(channel);
  return {
    post: (message) => channel.postMessage(message),
    listen: (listener) => (channel.onmessage = ({ data }) => listener(data as LibraryMessage)),
  };
}

export const storeOf = (chunkBytes: number) =>
  new ModelStore({ ...tabs.disk, now: () => tabs.now, chunkBytesFor: () => chunkBytes });

export function openTab(chunkBytes: number): Librarian {
  return new Librarian({
    ...{ store: storeOf(chunkBytes), gate: new LineGate(), channel: channelOfTab(), now: () => tabs.now },
    request: (path, how) => airlockFetch(path, { ...how, base: tabs.host.url }),
    freeBytes: () => Promise.resolve(null),
    pace: { ...usualPace, backoffMs: 5 },
  });
}
