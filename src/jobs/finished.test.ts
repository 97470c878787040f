import { expect, test } from 'vitest';
import { finished } from './finished';

async function* steps(freed: () => void) {
  try {
    yield 1;
    yield 2;
    await Promise.resolve();
    return 'made';
  } finally {
    freed();
  }
}

test('a cancel that is heard between two steps frees what the run holds', async () => {
  let freed = 0;
  const stop = new AbortController();
  const run = finished(
    steps(() => freed++),
    (step) => {
      if (step === 2) stop.abort();
      stop.signal.throwIfAborted();
      return Promise.resolve();
    },
  );
  await expect(run).rejects.toThrow(/abort/i);
  expect(freed).toBe(1);
  const whole = finished(
    steps(() => freed++),
    () => Promise.resolve(),
  );
  expect([await whole, freed]).toEqual(['made', 2]);
});
