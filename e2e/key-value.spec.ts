/** What one tab erases, no late write of another brings back. */
import { expect, test, type BrowserContext } from '@playwright/test';
import type { idbKeyValue } from '../src/library/key-value';
import { loadFixture } from './fixture-page';

declare const kept: { idbKeyValue: typeof idbKeyValue };

async function tab(context: BrowserContext) {
  const page = await context.newPage();
  await loadFixture(page, 'key-value.ts', 'kept');
  await page.evaluate(() => Object.assign(window, { store: kept.idbKeyValue('shared') }));
  const write = (key: string) =>
    page.evaluate(async (name) => {
      const { store } = window as unknown as { store: ReturnType<typeof idbKeyValue> };
      return store.setMany([[name, 1]]).then(
        () => 'written',
        (error: unknown) => (error as { code: string }).code,
      );
    }, key);
  return { page, write };
}

test('a database that another tab erased is not made again by a late write', async ({ context }) => {
  const [one, other] = [await tab(context), await tab(context)];
  expect([await one.write('a'), await other.write('b')]).toEqual(['written', 'written']);
  const ended = await other.page.evaluate(
    () =>
      new Promise((done) => {
        const request = indexedDB.deleteDatabase('shared');
        request.onsuccess = () => done('deleted');
      }),
  );
  expect(ended).toBe('deleted');
  expect(await one.write('late')).toBe('storage/erased');
  expect(await one.page.evaluate(() => indexedDB.databases())).toEqual([]);
});

test('a database that another tab only takes to a newer version is opened anew', async ({ context }) => {
  const [one, other] = [await tab(context), await tab(context)];
  await one.write('a');
  await other.page.evaluate(
    () =>
      new Promise<void>((done) => {
        const request = indexedDB.open('shared', 2);
        request.onsuccess = () => {
          request.result.close();
          done();
        };
      }),
  );
  expect(await one.write('later')).toBe('written');
});
