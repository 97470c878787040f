/** IndexedDB as a whole: which databases this origin has, how much is in each, and taking one away. */
import { StudioError } from '../base/errors';
import type { StoreMeasure } from '../privacy/stores';
import { idbKeyValue, type KeyValue } from './key-value';

/** How long a tab that does not let go of its connection is waited for. */
const blockedMs = 3000;

/** A database that another tab holds while it is to be deleted: until that tab lets go of it nobody can look into it. */
class HeldElsewhere extends Error {}

export async function databaseNames(): Promise<string[]> {
  return (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
}

/** As `idbKeyValue`, but reading does not make the database: who keeps nothing leaves not even an empty one. */
export function idbOnceWritten(databaseName: string): KeyValue {
  const store = idbKeyValue(databaseName);
  let there = false;
  const ifThere = async <T>(read: () => Promise<T>, none: T): Promise<T> => {
    there ||= (await databaseNames()).includes(databaseName);
    return there ? read() : none;
  };
  return {
    ...store,
    get: <T>(key: string) => ifThere<T | undefined>(() => store.get<T>(key), undefined),
    getMany: (wanted) => ifThere(() => store.getMany(wanted), []),
    deleteMany: (wanted) => ifThere(() => store.deleteMany(wanted), undefined),
    keys: () => ifThere(() => store.keys(), []),
  };
}

/** Reads every entry, one at a time. The bytes are those of the values; the browser's own upkeep comes on top. */
export async function measureDatabase(name: string): Promise<StoreMeasure> {
  let database: IDBDatabase | null;
  try {
    database = await openThere(name);
  } catch (thrown) {
    if (thrown instanceof HeldElsewhere) return { kind: 'indexed-db', name, entries: null, bytes: null };
    throw thrown;
  }
  if (database === null) return { kind: 'indexed-db', name, entries: 0, bytes: 0 };
  try {
    let entries = 0;
    let bytes = 0;
    for (const store of database.objectStoreNames) {
      await eachValue(database.transaction(store).objectStore(store), (value) => {
        entries += 1;
        bytes += bytesIn(value);
      });
    }
    return { kind: 'indexed-db', name, entries, bytes };
  } finally {
    database.close();
  }
}

/**
 * Emptied first, which other tabs cannot hold up; then taken away, as soon as they have let go of it.
 * @throws StudioError storage/held where one has not let go since it was to be deleted before
 */
export async function eraseDatabase(name: string): Promise<void> {
  const database = await openThere(name).catch((thrown: unknown) => {
    throw thrown instanceof HeldElsewhere ? new StudioError('storage/held', { store: name }) : thrown;
  });
  if (database === null) return;
  const stores = [...database.objectStoreNames];
  if (stores.length > 0) {
    const emptying = database.transaction(stores, 'readwrite');
    for (const store of stores) emptying.objectStore(store).clear();
    await new Promise<void>((resolve, reject) => {
      emptying.oncomplete = () => resolve();
      emptying.onabort = () => reject(emptying.error ?? new Error('aborted'));
    });
  }
  database.close();
  await Promise.race([asked(indexedDB.deleteDatabase(name)), enough()]);
}

const enough = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, blockedMs));

/** Null for one that is gone: opening it would make an empty one in its place. @throws HeldElsewhere */
async function openThere(name: string): Promise<IDBDatabase | null> {
  const request = indexedDB.open(name);
  let gone = false;
  request.onupgradeneeded = () => {
    gone = true;
    request.transaction?.abort();
  };
  const opening = asked(request).catch((thrown: unknown) => {
    if (gone) return null;
    throw thrown;
  });
  const opened = await Promise.race([opening, enough().then(() => 'held' as const)]);
  if (opened !== 'held') return opened;
  // What opens after nobody waits for it any more would hold the database up in its turn.
  opening.then((late) => late?.close()).catch(() => undefined);
  throw new HeldElsewhere(name);
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
}

function eachValue(store: IDBObjectStore, look: (value: unknown) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = store.openCursor();
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor === null) {
        resolve();
        return;
      }
      look(cursor.value);
      cursor.continue();
    };
  });
}

/** A Blob is counted without being read. */
function bytesIn(value: unknown): number {
  if (value instanceof Blob) return value.size;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce<number>((sum, inner) => sum + bytesIn(inner), 0);
}
