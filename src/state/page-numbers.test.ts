import { expect, test } from 'vitest';
import { readPageNumbers, writePageNumbers } from './page-numbers';

test.each([
  ['', []],
  ['3', [3]],
  ['1-3, 8', [1, 2, 3, 8]],
  ['8 1 – 3', [1, 2, 3, 8]],
  ['2，4至5、2', [2, 4, 5]],
  [' 10 ', [10]],
])('%j is read as pages', (text, pages) => {
  expect(readPageNumbers(text, 10)).toEqual(pages);
});

test.each(['0', '11', '3-1', '1-11', 'all', '1-', '-2', '1.5', '1e1', '1-2-3', '99999999999'])(
  '%j names no pages of ten',
  (text) => expect(readPageNumbers(text, 10)).toBeNull(),
);

test('what is written is read as the same', () => {
  for (let pattern = 0; pattern < 256; pattern++) {
    const pages = Array.from({ length: 8 }, (_, index) => index + 1).filter(
      (page) => (pattern >> (page - 1)) & 1,
    );
    expect(readPageNumbers(writePageNumbers(pages), 8)).toEqual(pages);
  }
  expect(writePageNumbers([1, 2, 3, 8])).toBe('1-3, 8');
});
