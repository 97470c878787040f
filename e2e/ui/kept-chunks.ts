/** Which chunks of models under way are in the store. */
import type { Page } from '@playwright/test';

export function keptChunks(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const open = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('obscura-model-chunks');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('IndexedDB', { cause: request.error }));
    });
    const all = open.transaction('entries').objectStore('entries').getAllKeys() as IDBRequest<string[]>;
    const keys = await new Promise<string[]>((resolve) => (all.onsuccess = () => resolve(all.result)));
    open.close();
    const begun = keys.filter((key) => key.endsWith('/partial')).map((key) => key.split('/')[0]);
    return keys
      .filter((key) => begun.includes(key.split('/')[0]) && !key.endsWith('/partial'))
      .map((key) => Number(key.split('/')[1]));
  });
}

/** Flips one bit in the middle of the chunk of this place, in every file that has one. */
export function spoilChunk(page: Page, place: number): Promise<void> {
  return page.evaluate(async (index) => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('IndexedDB', { cause: request.error }));
      });
    const open = await asked(indexedDB.open('obscura-model-chunks'));
    const entries = () => open.transaction('entries', 'readwrite').objectStore('entries');
    const keys = (await asked(entries().getAllKeys())) as string[];
    for (const key of keys.filter((name) => name.endsWith(`/${index}`))) {
      const bytes = new Uint8Array(await (await asked(entries().get(key) as IDBRequest<Blob>)).arrayBuffer());
      bytes[bytes.length >> 1]! ^= 1;
      await asked(entries().put(new Blob([bytes]), key));
    }
    open.close();
  }, place);
}
