/** Every place where a page of this origin can leave something, measured anew each time it is asked. */

export type StoreKind =
  'indexed-db' | 'files' | 'cache' | 'local-storage' | 'session-storage' | 'cookies' | 'service-worker';

export interface StoreMeasure {
  readonly kind: StoreKind;
  readonly name: string;
  /** Null where the browser does not say, as `bytes`. */
  readonly entries: number | null;
  readonly bytes: number | null;
}

/** Files that the browser keeps for this origin (OPFS). None where it has no such place. */
export async function measureFiles(root: () => Promise<FileSystemDirectoryHandle>): Promise<StoreMeasure[]> {
  let entries = 0;
  let bytes = 0;
  const look = async (folder: FileSystemDirectoryHandle): Promise<void> => {
    for await (const handle of folder.values()) {
      entries += 1;
      if (handle.kind === 'directory') await look(handle);
      else bytes += (await handle.getFile()).size;
    }
  };
  try {
    await look(await root());
  } catch {
    return [];
  }
  return entries > 0 ? [{ kind: 'files', name: 'OPFS', entries, bytes }] : [];
}

export async function eraseFiles(root: () => Promise<FileSystemDirectoryHandle>): Promise<void> {
  try {
    const folder = await root();
    for await (const name of folder.keys()) await folder.removeEntry(name, { recursive: true });
  } catch {
    // No such place; whether it is empty is measured after.
  }
}

type Caches = Pick<CacheStorage, 'keys' | 'open' | 'delete'>;

/** Of answers without a stated length the body is read. */
export async function measureCaches(origin: Caches): Promise<StoreMeasure[]> {
  const measures: StoreMeasure[] = [];
  for (const name of await origin.keys()) {
    const cache = await origin.open(name);
    const requests = await cache.keys();
    let bytes = 0;
    for (const request of requests) bytes += (await (await cache.match(request))?.blob())?.size ?? 0;
    measures.push({ kind: 'cache', name, entries: requests.length, bytes });
  }
  return measures;
}

export async function eraseCaches(origin: Caches): Promise<void> {
  for (const name of await origin.keys()) await origin.delete(name);
}
