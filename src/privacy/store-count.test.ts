/** Stores counted over stand-ins; the real ones are counted in e2e/ui/traces.spec.ts. */
import { expect, test, vi } from 'vitest';
import { countStores, type StoreDoors } from './store-count';

const files = (kinds: readonly ('file' | 'directory')[]): FileSystemDirectoryHandle =>
  ({
    values: () =>
      (async function* () {
        for (const kind of kinds)
          yield await Promise.resolve({ kind, values: () => files(['file']).values() });
      })(),
  }) as unknown as FileSystemDirectoryHandle;

const doors = (changed: Partial<StoreDoors> = {}): StoreDoors => ({
  databases: { databases: () => Promise.resolve([]) } as unknown as IDBFactory,
  caches: {
    keys: () => Promise.resolve(['a', 'b']),
    open: () => Promise.resolve({ keys: () => Promise.resolve([1, 2]) }),
  } as unknown as CacheStorage,
  storage: {
    getDirectory: () => Promise.resolve(files(['file', 'directory'])),
    estimate: () => Promise.resolve({ usage: 70 }),
  } as unknown as StorageManager,
  settings: () => [{ length: 1 }, { length: 0 }],
  ...changed,
});

test('settings, kept answers and files in folders are counted', async () => {
  // 1 setting, 2 caches of 2, a file, a folder and the file in it.
  expect(await countStores(doors())).toEqual({ entries: 8, bytes: 70 });
});

test('a store that may not be read leaves the count unknown', async () => {
  const settings = () => {
    throw new DOMException('blocked', 'SecurityError');
  };
  expect(await countStores(doors({ settings }))).toBeNull();
});

test('a database that never opens leaves it unknown, and nobody waits for it', async () => {
  vi.useFakeTimers();
  try {
    const databases = {
      databases: () => Promise.resolve([{ name: 'being deleted' }]),
      open: () => ({}),
    } as unknown as IDBFactory;
    const counted = countStores(doors({ databases }));
    await vi.advanceTimersByTimeAsync(3000);
    expect(await counted).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});
