/** The storage power the library is given: idb-keyval in the browser, a map in tests. */
import { clear, delMany, get, getMany, keys, promisifyRequest, setMany, type UseStore } from 'idb-keyval';
import { StudioError } from '../base/errors';

export interface KeyValue {
  get<T>(key: string): Promise<T | undefined>;
  getMany<T>(keys: readonly string[]): Promise<(T | undefined)[]>;
  /** All of them or none. @throws StudioError storage/full, storage/unavailable, storage/erased */
  setMany(entries: readonly (readonly [key: string, value: unknown])[]): Promise<void>;
  deleteMany(keys: readonly string[]): Promise<void>;
  keys(): Promise<string[]>;
  clear(): Promise<void>;
}

/** One IndexedDB database of one object store. */
export function idbKeyValue(databaseName: string): KeyValue {
  const store = connectionTo(databaseName);
  const guarded = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (thrown) {
      if (thrown instanceof StudioError) throw thrown;
      const full = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
      throw new StudioError(full ? 'storage/full' : 'storage/unavailable', {}, { cause: thrown });
    }
  };
  return {
    get: (key) => guarded(get(key, store)),
    getMany: (wanted) => guarded(getMany([...wanted], store)),
    setMany: (entries) =>
      guarded(
        setMany(
          entries.map(([key, value]) => [key, value]),
          store,
        ),
      ),
    deleteMany: (wanted) => guarded(delMany([...wanted], store)),
    keys: () => guarded(keys<string>(store)),
    clear: () => guarded(clear(store)),
  };
}

/**
 * As idb-keyval's own, but it lets go of a database that another tab changes; the next call opens it anew. One that was
 * taken away under this thread's hands stays away: what is still to be written belongs to what was erased.
 */
function connectionTo(databaseName: string): UseStore {
  let opening: Promise<IDBDatabase> | null = null;
  let erased = false;
  const open = async (): Promise<IDBDatabase> => {
    const request = indexedDB.open(databaseName);
    request.onupgradeneeded = () => request.result.createObjectStore('entries');
    const database = await promisifyRequest(request);
    const forget = () => (opening = null);
    database.onclose = forget;
    database.onversionchange = ({ newVersion }) => {
      erased ||= newVersion === null;
      database.close();
      forget();
    };
    return database;
  };
  return async (mode, work) => {
    if (erased) throw new StudioError('storage/erased', { store: databaseName });
    opening ??= open().catch((thrown: unknown) => {
      opening = null;
      throw thrown;
    });
    const database = await opening;
    return work(database.transaction('entries', mode).objectStore('entries'));
  };
}
