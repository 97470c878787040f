/**
 * How much lies in every store a page can write to. Counted before and after a job, it tells whether anything was
 * written meanwhile; what it was, no count tells. It reads keys and sizes, never what is kept.
 */
export interface StoreCount {
  /** Records, kept answers, files and settings. */
  readonly entries: number;
  /** What the browser says that this origin takes; null where it does not say. */
  readonly bytes: number | null;
}

export interface StoreDoors {
  readonly databases: IDBFactory;
  readonly caches: CacheStorage;
  readonly storage: StorageManager;
  /** May throw where site data are blocked. */
  readonly settings: () => readonly { readonly length: number }[];
}

/** The browser's own housekeeping moves the figure by less. */
const housekeepingBytes = 64 * 1024;
/** A database that is being deleted lets nobody in until it is gone; a job does not wait for that. */
const patienceMs = 3000;

/** Null where one of the stores cannot be counted, or not soon. */
export async function countStores(doors: StoreDoors): Promise<StoreCount | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), patienceMs)));
  return Promise.race([countAll(doors), late]).finally(() => clearTimeout(timer));
}

async function countAll(doors: StoreDoors): Promise<StoreCount | null> {
  try {
    const settings = doors.settings().reduce((sum, { length }) => sum + length, 0);
    const counts = await Promise.all([
      countDatabases(doors.databases),
      countCaches(doors.caches),
      doors.storage.getDirectory().then(countFiles),
    ]);
    const { usage } = await doors.storage.estimate();
    return { entries: counts.reduce((sum, count) => sum + count, settings), bytes: usage ?? null };
  } catch {
    return null;
  }
}

/** Whether something was written between two counts; null where that cannot be told. */
export function wroteBetween(before: StoreCount | null, after: StoreCount | null, inputBytes: number) {
  if (before === null || after === null) return null;
  if (before.entries !== after.entries) return true;
  if (before.bytes === null || after.bytes === null) return null;
  const grownBytes = after.bytes - before.bytes;
  if (grownBytes >= Math.max(inputBytes, housekeepingBytes)) return true;
  // So small an input, as a prompt is, could hide in what the browser writes for itself.
  return grownBytes > 0 && inputBytes < housekeepingBytes ? null : false;
}

async function countDatabases(databases: IDBFactory): Promise<number> {
  let sum = 0;
  for (const { name } of await databases.databases()) {
    if (name !== undefined) sum += await countRecords(databases, name);
  }
  return sum;
}

async function countRecords(databases: IDBFactory, name: string): Promise<number> {
  const opening = databases.open(name);
  // Deleted meanwhile: opening would make it anew.
  opening.onupgradeneeded = () => opening.transaction?.abort();
  const database = await answer(opening);
  try {
    const names = [...database.objectStoreNames];
    if (names.length === 0) return 0;
    const transaction = database.transaction(names, 'readonly');
    const counts = await Promise.all(names.map((store) => answer(transaction.objectStore(store).count())));
    return counts.reduce((total, count) => total + count, 0);
  } finally {
    database.close();
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('no answer'));
  });
}

async function countCaches(stores: CacheStorage): Promise<number> {
  const names = await stores.keys();
  const keys = await Promise.all(names.map(async (name) => (await stores.open(name)).keys()));
  return keys.reduce((sum, { length }) => sum + length, 0);
}

async function countFiles(folder: FileSystemDirectoryHandle): Promise<number> {
  let count = 0;
  for await (const handle of folder.values()) {
    count += 1;
    if (handle.kind === 'directory') count += await countFiles(handle);
  }
  return count;
}
