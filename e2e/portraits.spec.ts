/** Every portrait beside the checkout through the command line (LONG=1), and three of them always. */
import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isLong } from './long';

const root = resolve(import.meta.dirname, '..');
const portraits = resolve(root, '../shared/data/photos/portraits');

interface Line {
  input: string;
  output: string;
  width: number;
  height: number;
  faces: number;
  backend: string;
  ms: number;
  bytesSent: number;
}

function cartoon(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'cartoon', '--', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  const lines = stdout.split('\n').filter(Boolean);
  return { status, stderr, lines: lines.map((line) => JSON.parse(line) as Line) };
}

test('the command line draws portraits, tells of each, and sends nothing', () => {
  test.skip(!existsSync(portraits), 'the portraits are not beside this checkout');
  test.setTimeout(isLong ? 1_800_000 : 120_000);
  const out = join(mkdtempSync(join(tmpdir(), 'obscura-cli-')), 'out');
  const photos = readdirSync(portraits)
    .filter((name) => name.endsWith('.jpg'))
    .slice(0, isLong ? undefined : 2)
    .map((name) => join(portraits, name));
  const { status, lines } = cartoon(...photos, '--style', 'anime', '--out', out, '--backend', 'wasm');
  expect(status).toBe(0);
  expect(lines.map(({ input }) => input)).toEqual(photos);
  expect(statSync(out).mode & 0o777).toBe(0o700);
  for (const line of lines) {
    expect(line).toMatchObject({ width: 1000, height: 1000, backend: 'wasm', bytesSent: 0 });
    expect(line.output).toMatch(/obscura_\d{8}_\d{6}_[a-z0-9]{6}\.png$/);
    expect(statSync(line.output).mode & 0o777).toBe(0o600);
    expect(readFileSync(line.output).subarray(1, 4).toString()).toBe('PNG');
  }
  expect(new Set(lines.map(({ output }) => output)).size).toBe(photos.length);
});

test.describe('bad input ends with 1 and a plain sentence', () => {
  const cases: readonly [string, string[], RegExp][] = [
    ['no photo', [], /Usage: npm run cartoon/],
    ['a photo that is not there', ['nowhere.jpg', '--out', 'out'], /There is no file nowhere\.jpg\./],
    [
      'an unknown format',
      ['package.json', '--out', 'out', '--format', 'bmp'],
      /--format is one of png, jpeg, webp/,
    ],
    ['an unknown option', ['package.json', '--out', 'out', '--stile', 'anime'], /--stile/],
  ];
  for (const [name, args, words] of cases) {
    test(name, () => {
      const { status, stderr, lines } = cartoon(...args);
      expect(status).toBe(1);
      expect(stderr).toMatch(words);
      expect(stderr).not.toMatch(/\bat .*\.ts:/);
      expect(lines).toEqual([]);
    });
  }
});
