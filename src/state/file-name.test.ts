import { describe, expect, it } from 'vitest';
import { newFileName, resultFileName } from './file-name';

describe('the name of a saved file', () => {
  const noon = new Date(2026, 0, 5, 12, 3, 9);

  it('is a time, a random tail and the extension of its format', () => {
    expect(resultFileName('jpeg', noon, () => 0)).toBe('obscura_20260105_120309_aaaaaa.jpg');
    expect(resultFileName('png', noon, () => 35)).toBe('obscura_20260105_120309_999999.png');
    expect(newFileName('webp')).toMatch(/^obscura_\d{8}_\d{6}_[a-z0-9]{6}\.webp$/);
  });

  it('draws again where a byte would favour the first letters', () => {
    const bytes = [255, 252, 251, 1, 1, 1, 1, 1];
    expect(resultFileName('png', noon, () => bytes.shift() ?? 0)).toBe('obscura_20260105_120309_9bbbbb.png');
  });
});
