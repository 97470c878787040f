/** What a page of this origin has left in the browser, whoever left it there. */
import type { Page } from 'playwright';

/** Every record of IndexedDB, every kept answer and file, and the small stores, as one text of bytes. */
export function everythingKept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const texts: string[] = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    texts.push(document.cookie, JSON.stringify(history.state));
    const add = async (value: unknown): Promise<void> => {
      if (value instanceof Blob) texts.push(await value.text());
      else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        texts.push(new TextDecoder('latin1').decode(value));
      } else if (typeof value === 'object' && value !== null) {
        for (const [key, inner] of Object.entries(value)) {
          texts.push(key);
          await add(inner);
        }
      } else texts.push(String(value));
    };
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('not read'));
      });
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const records = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([done(records.getAllKeys()), done(records.getAll())]);
        await add(keys);
        await add(values);
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        texts.push(request.url);
        await add(await (await cache.match(request))?.arrayBuffer());
      }
    }
    const walk = async (directory: FileSystemDirectoryHandle): Promise<void> => {
      for await (const [name, handle] of directory.entries()) {
        texts.push(name);
        if (handle.kind === 'directory') await walk(handle);
        else await add(await handle.getFile());
      }
    };
    await walk(await navigator.storage.getDirectory());
    return texts.join('\n');
  });
}
