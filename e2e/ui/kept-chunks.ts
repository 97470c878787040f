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
