import { describe, expect, it } from 'vitest';
import { formatBytes, formatLeft, formatMs, percent, sentences } from './format';

describe('figures', () => {
  it('state bytes in decimal units', () => {
    expect(
      [0, 999, 1000, 51_234, 5_600_000, 24_700_000, 2_340_000_000].map((n) => formatBytes(n, 'en')),
    ).toEqual(['0 B', '999 B', '1 kB', '51 kB', '5.6 MB', '25 MB', '2.3 GB']);
  });

  it('state measured times', () => {
    expect([12, 3240, 42_000, 125_000].map((ms) => formatMs(ms, 'en'))).toEqual([
      '12 ms',
      '3.2 s',
      '42 s',
      '2 min 5 s',
    ]);
    expect(formatMs(125_000, 'zh')).toBe('2 分 5 秒');
  });

  it('round time left so that it stays still', () => {
    expect([0, 4300, 11_900, 94_000, 260_000].map((ms) => formatLeft(ms, 'en'))).toEqual([
      '1 s',
      '4 s',
      '10 s',
      '95 s',
      '4 min',
    ]);
  });

  it('join sentences as their language does', () => {
    expect(sentences('One.', '', 'Two.')).toBe('One. Two.');
    expect(sentences('一。', '二。')).toBe('一。二。');
  });

  it('never say 100 % before the end', () => {
    expect([percent(0, 0), percent(1, 3), percent(999, 1000), percent(5, 5)]).toEqual([0, 33, 99, 100]);
  });
});
