/** Kept bytes where the browser keeps no files: a loan is of the store's own memory, and is left to it. */
import { expect, test } from 'vitest';
import { Cut } from './chunks';
import { KeptBytes } from './kept-bytes';

test('what was lent can be lent again, within a chunk and over its edges', () => {
  const whole = Uint8Array.from({ length: 10 }, (_, index) => index);
  const chunks = [whole.slice(0, 4), whole.slice(4, 8), whole.slice(8)].map(({ buffer }) => buffer);
  const kept = new KeptBytes(chunks, new Cut(10, 4));
  for (let time = 0; time < 2; time++) {
    expect([...kept.lend(0, 4)]).toEqual([0, 1, 2, 3]);
    expect([...kept.lend(3, 6)]).toEqual([3, 4, 5, 6, 7, 8]);
    expect([...kept.lend(8, 2)]).toEqual([8, 9]);
  }
  expect(() => kept.lend(8, 3)).toThrow(RangeError);
});
