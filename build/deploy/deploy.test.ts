/** The host's files read back as their servers read them (e2e/deploy asks the servers themselves), path by path. */
import { expect, test } from 'vitest';
import { cacheControl, headersOf, mimeType, type Grant } from '../../src/privacy/policy';
import { caddyfile } from './caddy';
import { strictTransport } from './host-rules';
import { nginxSite, nginxUnprivileged } from './nginx';

const grant: Grant = {
  path: 'engine/grant-m-1a2b.js',
  url: 'https://hub.example/m.onnx',
  redirects: ['https://far.example'],
};
const grants = [grant];
const paths = [
  ...['', 'index.html', 'service-worker.js', 'release.json', 'obscura.config.json', 'manifest.webmanifest'],
  ...['engine/library-1a2b.js', 'engine/inference-1a2b.js', 'engine/ort-jspi-1a2b.bin', grant.path],
  ...['engine/grant-other-1.js', 'engine/grant-m-1a2bXjs', 'engine/grant-m-1a2b.js.map'],
  ...['assets/index-1.js', 'rooms/ModelsPage-1.js', 'models/m/m.onnx', 'icons/icon.svg', 'deploy/README.md'],
  ...['nothing', 'x/index.html', 'x/service-worker.js', 'x/engine/inference-1.js', 'indexXhtml'],
];

type Rows = readonly (readonly [key: string, value: string])[];

/** As both servers choose: the exact name, else the first pattern that fits, else the default. */
function choose(rows: Rows, path: string): string | undefined {
  const exact = rows.find(([key]) => key === path);
  const fitting = rows.find(([key]) => key.startsWith('~') && new RegExp(key.slice(1)).test(path));
  return (exact ?? fitting ?? rows.find(([key]) => key === 'default'))?.[1];
}

function nginxHeaders(text: string, path: string): Record<string, string> {
  const unquoted = (word: string) => word.replace(/^"(.*)"$/, '$1').replaceAll('\\"', '"');
  const maps = new Map<string, Rows>();
  for (const [, name = '', body = ''] of text.matchAll(/map \$uri (\$\w+) \{\n([^]*?)\n\s*\}/g)) {
    const rows = [...body.matchAll(/^\s*("(?:[^"\\]|\\.)*"|default) ("(?:[^"\\]|\\.)*");$/gm)];
    maps.set(
      name,
      rows.map(([, key = '', value = '']) => [unquoted(key), unquoted(value)]),
    );
  }
  const lines = [...text.matchAll(/add_header ([\w-]+) (\$\w+|".*") always;/g)];
  return Object.fromEntries(
    lines.map(([, name = '', value = '']) => [
      name,
      value.startsWith('$') ? (choose(maps.get(value) ?? [], `/${path}`) ?? '') : unquoted(value),
    ]),
  );
}

function caddyHeaders(text: string, path: string): Record<string, string> {
  const word = /`([^`]*)`|(\S+)/g;
  const words = (line: string) => [...line.matchAll(word)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  const values = new Map<string, string>();
  for (const [, names = '', body = ''] of text.matchAll(/\tmap \{path\} (.*) \{\n([^]*?)\n\t\}/g)) {
    words(names).forEach((name, at) => {
      const rows = body.split('\n').map(words);
      const found = choose(
        rows.map((row) => [row[0] ?? '', row[at + 1] ?? '']),
        `/${path}`,
      );
      values.set(name, found ?? '');
    });
  }
  const block = /\theader \{\n([^]*?)\n\t\}/.exec(text)?.[1] ?? '';
  return Object.fromEntries(
    block
      .split('\n')
      .map(words)
      .filter(([name = '']) => !name.startsWith('-'))
      .map(([name = '', value = '']) => [name, values.get(value) ?? value]),
  );
}

const expected = (path: string) => ({
  ...headersOf(path, grants),
  'Cache-Control': cacheControl(path),
  'Strict-Transport-Security': strictTransport,
});

test.each(paths)('nginx sends /%s as the policy says', (path) => {
  expect(nginxHeaders(nginxSite(grants), path)).toEqual(expected(path));
  expect(nginxHeaders(nginxUnprivileged(grants), path)).toEqual(expected(path));
});

test.each(paths)('Caddy sends /%s as the policy says', (path) => {
  const { 'Content-Type': type, ...headers } = caddyHeaders(caddyfile(grants), path);
  expect(headers).toEqual(expected(path));
  expect(type).toBe(mimeType(path));
});

test('each nginx file sends no header twice and logs no visitor', () => {
  for (const text of [nginxSite(grants), nginxUnprivileged(grants)]) {
    const names = [...text.matchAll(/add_header ([\w-]+)/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    // A block with a header of its own would lose all of the server's.
    expect(text.lastIndexOf('add_header')).toBeLessThan(text.search(/^\s*location /m));
    expect(text.match(/^\s*access_log (?!off;).*$/m)).toBeNull();
    expect(text).toContain('log_not_found off;');
  }
});
