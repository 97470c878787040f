import { resolveObjectURL } from 'node:buffer';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Downloads } from './downloads';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const file = () => new Blob(['a cartoon']);

test('a saved file leaves memory a minute after it was handed over', () => {
  const downloads = new Downloads();
  const url = downloads.address(file());
  vi.advanceTimersByTime(59_000);
  expect(resolveObjectURL(url)?.size).toBe(9);
  vi.advanceTimersByTime(1000);
  expect(resolveObjectURL(url)).toBeUndefined();
  expect(downloads.count).toBe(0);
});

test('clearing everything ends every address at once', () => {
  const downloads = new Downloads();
  const urls = [downloads.address(file()), downloads.address(file())];
  expect(downloads.count).toBe(2);
  downloads.endAll();
  expect(urls.map((url) => resolveObjectURL(url))).toEqual([undefined, undefined]);
  expect(downloads.count).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
