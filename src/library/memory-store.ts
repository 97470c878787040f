/** Storage and locks in memory, for tests. */
import { StudioError } from '../base/errors';
import { chunkBytesFor } from './chunks';
import type { KeyValue } from './key-value';
import type { Locks } from './locks';
import { ModelStore } from './store';

/** `failAfter` writes it behaves like a full disk; with `refuseBlobs` like a browser that cannot keep them. */
export function memoryKeyValue(options: { failAfter?: number; refuseBlobs?: boolean } = {}): KeyValue {
  const entries = new Map<string, unknown>();
  let writesLeft = options.failAfter ?? Infinity;
  return {
    get: <T>(key: string) => Promise.resolve(entries.get(key) as T | undefined),
    getMany: <T>(keys: readonly string[]) =>
      Promise.resolve(keys.map((key) => entries.get(key) as T | undefined)),
    setMany(added) {
      if (options.refuseBlobs === true && added.some(([, value]) => value instanceof Blob))
        return Promise.reject(new StudioError('storage/unavailable'));
      if (writesLeft-- <= 0) return Promise.reject(new StudioError('storage/full'));
      for (const [key, value] of added) entries.set(key, value);
      return Promise.resolve();
    },
    deleteMany(keys) {
      for (const key of keys) entries.delete(key);
      return Promise.resolve();
    },
    keys: () => Promise.resolve([...entries.keys()]),
    clear() {
      entries.clear();
      return Promise.resolve();
    },
  };
}

/** First come, first served, as `navigator.locks` does it. */
export function memoryLocks(): Locks {
  const tails = new Map<string, Promise<void>>();
  return {
    async request(name, { signal, ifAvailable = false }, work) {
      const before = tails.get(name);
      if (before && ifAvailable) return work(null);
      let free: () => void = () => undefined;
      const mine = new Promise<void>((resolve) => (free = resolve));
      const tail = Promise.all([before, mine]).then(() => {
        if (tails.get(name) === tail) tails.delete(name);
      });
      tails.set(name, tail);
      try {
        await Promise.race([before, aborted(signal)]);
        return await work({});
      } finally {
        free();
      }
    },
  };
}

/** An empty store of its own. */
export function memoryStore(): ModelStore {
  const powers = { records: memoryKeyValue(), chunks: memoryKeyValue(), locks: memoryLocks() };
  return new ModelStore({ ...powers, now: () => Date.now(), chunkBytesFor });
}

function aborted(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal?.reason as Error);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
