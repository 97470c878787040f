import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../base/errors';
import { catalog } from '../../library/catalog';
import type { Language } from '../../state/settings.svelte';
import { en } from './en';
import { sourceZh } from './sources-zh';
import { zh } from './zh';

/** Every leaf with its path. */
function leaves(value: unknown, path: string): [string, unknown][] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
  }
  return [[path, value]];
}

/** Words that may stay empty: nothing to say in the good case. */
const silent = ['.device.fallback.none', '.wall.mend.raising', '.wall.mend.standing'];

/** The words of a room opened later come with it. */
const ofRooms = import.meta.glob<{ words: Record<Language, unknown> }>('./*-words.ts', { eager: true });

function all(language: Language): [string, unknown][] {
  const later = Object.values(ofRooms).flatMap(({ words }) => leaves(words[language], ''));
  return [...leaves({ en, zh }[language], ''), ...later];
}

describe('the words', () => {
  const english = all('en');
  const chinese = all('zh');

  it('exist in both languages under the same keys, of the same kind', () => {
    expect(chinese.map(([path, value]) => `${path}: ${typeof value}`)).toEqual(
      english.map(([path, value]) => `${path}: ${typeof value}`),
    );
  });

  it('are never empty', () => {
    for (const [path, value] of [...english, ...chinese]) {
      if (typeof value === 'string' && !silent.includes(path)) expect(value.trim(), path).not.toBe('');
    }
  });

  it('are Chinese in Chinese', () => {
    const same = chinese.filter(
      ([path, value], at) =>
        typeof value === 'string' && value === english[at]?.[1] && value !== '' && path !== '',
    );
    const allowed = /^\.(name|styles\.3d|save\.formats\.|keys\.)/;
    expect(same.map(([path]) => path).filter((path) => !allowed.test(path))).toEqual([]);
  });

  it('say for every error what happened, what was kept and what to do, without the code', () => {
    for (const code of errorCodes) {
      for (const words of [en.errors[code], zh.errors[code]]) {
        for (const sentence of [words.happened, words.kept, words.next]) {
          expect(sentence).toMatch(/[.。]$/);
          expect(sentence).not.toContain(code);
        }
      }
    }
  });

  it('say in Chinese where every model of this build comes from', () => {
    for (const card of catalog) expect(sourceZh(card), card.id).toMatch(/\p{Script=Han}/u);
  });

  it('shout nowhere', () => {
    for (const [path, value] of [...english, ...chinese]) {
      if (typeof value === 'string') expect(value, path).not.toMatch(/[!！]/);
    }
  });
});
