import { describe, expect, it } from 'vitest';
import { actionOf } from './keymap';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) =>
  actionOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

describe('keys', () => {
  it('act alone for looking and with Control for doing', () => {
    expect([press('0'), press('1'), press('\\'), press('?'), press('O')]).toEqual([
      'fit',
      'full',
      'toggle',
      'help',
      'choose',
    ]);
    expect(press('s', { ctrlKey: true })).toBe('save');
    expect(press('Enter', { metaKey: true })).toBe('start');
  });

  it("leave the browser's own keys alone", () => {
    expect(press('0', { ctrlKey: true })).toBeNull();
    expect(press('s')).toBeNull();
    expect(press('1', { altKey: true })).toBeNull();
  });
});
