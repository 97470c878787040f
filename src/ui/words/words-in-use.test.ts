/** No word goes stale: each is read somewhere on the page. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { en } from './en';

const src = resolve(import.meta.dirname, '../..');
const sources = ['ui', 'state'].flatMap((room) =>
  readdirSync(join(src, room), { recursive: true, withFileTypes: true })
    .filter(({ name }) => /\.(ts|svelte)$/.test(name) && !name.endsWith('.test.ts'))
    .filter(({ parentPath }) => !parentPath.endsWith('words'))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')),
);

/**
 * `const words = $derived(page.words.strip)` makes `words` short for `strip` in its file;
 * `$derived(keptWords[page.app.settings.language])` for all of `kept-words.ts`.
 */
const short = /const words = \$derived\(page\.words\.(\w+)\);/;
const mention = /\b(page\.words|words)((?:\??\.\w+)+)(\[?)/g;

/** Every path read, as `strip.left`; one that goes on in brackets ends in `[`. */
function pathsRead(source: string): string[] {
  const prefix = short.exec(source)?.[1];
  return [...source.replace(short, '').matchAll(mention)].map(([, from, path = '', bracket = '']) => {
    const own = path.replaceAll('?', '').slice(1);
    return (from === 'words' && prefix ? `${prefix}.${own}` : own) + bracket;
  });
}

const read = new Set(sources.flatMap(pathsRead));

/** Leaves, or the objects above them that are read whole or by a computed key. */
function stale(value: unknown, path: string): string[] {
  if (read.has(path) || read.has(`${path}[`)) return [];
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => stale(inner, path === '' ? key : `${path}.${key}`));
}

/** The words of a room opened later come with it. */
const ofRooms = import.meta.glob<{ words: { en: unknown } }>('./*-words.ts', { eager: true });

test('every word is in use', () => {
  const later = Object.values(ofRooms).flatMap(({ words }) => stale(words.en, ''));
  expect([...stale(en, ''), ...later]).toEqual([]);
});
