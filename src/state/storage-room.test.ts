import { expect, test } from 'vitest';
import { estimatedFreeBytes, KeepPromise, type StorageDoor } from './storage-room';

/** A browser that answers `promise` when asked, and counts how often it is. */
function browser(promise: boolean) {
  let promised = false;
  const asked = { times: 0 };
  const door: StorageDoor = {
    estimate: () => Promise.resolve({ quota: 1000, usage: 400 }),
    persisted: () => Promise.resolve(promised),
    persist: () => {
      asked.times += 1;
      promised = promise;
      return Promise.resolve(promise);
    },
  };
  return { door, asked };
}

test.each([
  [true, 'promised'],
  [false, 'refused'],
] as const)('the browser is asked once, and its answer is shown as it is (%s)', async (promise, keeping) => {
  const { door, asked } = browser(promise);
  const kept = new KeepPromise(door);
  expect(await kept.state()).toBe('not-asked');
  await kept.ask();
  await kept.ask();
  expect([await kept.state(), asked.times]).toEqual([keeping, 1]);
});

test('what is free is quota less use', async () => {
  expect(await estimatedFreeBytes(browser(true).door)).toBe(600);
});

test('a browser that says nothing, or fails, leaves it unknown', async () => {
  const fails = () => Promise.reject(new TypeError('not here'));
  for (const door of [{}, { estimate: fails, persisted: fails, persist: fails }]) {
    const kept = new KeepPromise(door);
    await kept.ask();
    expect([await estimatedFreeBytes(door), await kept.state()]).toEqual([null, 'unknown']);
  }
});
