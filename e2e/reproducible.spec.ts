/** Two builds of one source are the same, byte for byte: in another folder, at another time, in another time zone. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { releasePath, servedFiles } from '../build/dist-files';

const root = resolve(import.meta.dirname, '..');
let copy: string;
test.beforeEach(() => (copy = mkdtempSync(join(tmpdir(), 'obscura-second-build-'))));
test.afterEach(() => rmSync(copy, { recursive: true }));

/** Sources alone: nothing that was built, installed or packed here. */
function isSource(path: string): boolean {
  const name = relative(root, path);
  if (dirname(name) === 'public/models') return basename(name).startsWith('obscura-');
  return !/^(?:node_modules|dist|out|test-results|\.git)(?:\/|$)/.test(name);
}

test('a second build elsewhere gives the same files', () => {
  cpSync(root, copy, { recursive: true, filter: isSource });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
  const built = spawnSync(join(root, 'node_modules/.bin/vite'), ['build', '--logLevel', 'error'], {
    cwd: copy,
    env: { ...process.env, TZ: 'Pacific/Kiritimati', LC_ALL: 'C' },
    encoding: 'utf8',
  });
  expect([built.status, built.stderr]).toEqual([0, '']);
  const [first, second] = [join(root, 'dist'), join(copy, 'dist')];
  expect(servedFiles(second)).toEqual(servedFiles(first));
  expect(existsSync(join(first, 'deploy/nginx.conf'))).toBe(true);
  for (const path of [releasePath, '_headers', 'obscura.config.json']) {
    expect(readFileSync(join(second, path), 'utf8'), path).toBe(readFileSync(join(first, path), 'utf8'));
  }
});
