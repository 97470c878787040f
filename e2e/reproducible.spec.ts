/** Two builds of one source are the same, byte for byte: in another folder, at another time, in another time zone. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { releasePath, servedFiles } from '../build/dist-files';
import { checkFiles, readRelease } from '../src/cli/release-check';
import { serve } from '../src/cli/serve';
import { isLong } from './long';

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

const [first, second] = [() => join(root, 'dist'), () => join(copy, 'dist')];

function buildCopy(): void {
  const built = spawnSync(join(root, 'node_modules/.bin/vite'), ['build', '--logLevel', 'error'], {
    cwd: copy,
    env: { ...process.env, TZ: 'Pacific/Kiritimati', LC_ALL: 'C' },
    encoding: 'utf8',
  });
  expect([built.status, built.stderr]).toEqual([0, '']);
}

function copySources(): void {
  cpSync(root, copy, { recursive: true, filter: isSource });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
}

/** Paths that only one build has, or whose bytes differ. */
function differing(): string[] {
  const [ours, theirs] = [first(), second()].map(
    (dist) => new Map(servedFiles(dist).map(({ path, sha256 }) => [path, sha256])),
  );
  const paths = new Set([...ours!.keys(), ...theirs!.keys()]);
  return [...paths].filter((path) => ours!.get(path) !== theirs!.get(path)).sort();
}

/** What `npm run verify-release` says of a host that serves the second build, by the first one's release.json. */
async function refusedOnHost(): Promise<string[]> {
  const server = await serve({ dir: second(), port: 0 });
  const refused: string[] = [];
  try {
    const release = readRelease(readFileSync(join(first(), releasePath), 'utf8'));
    for await (const { path, state } of checkFiles(server.url, release))
      if (state !== 'same') refused.push(`${state} ${path}`);
  } finally {
    await server.close();
  }
  return refused;
}

test('a second build elsewhere gives the same files, and one changed byte in it is found', async () => {
  copySources();
  buildCopy();
  expect(differing()).toEqual([]);
  expect(existsSync(join(first(), 'deploy/nginx.conf'))).toBe(true);
  for (const path of [releasePath, '_headers', 'obscura.config.json'])
    expect(readFileSync(join(second(), path), 'utf8'), path).toBe(readFileSync(join(first(), path), 'utf8'));
  expect(await refusedOnHost()).toEqual([]);

  const target = servedFiles(second()).find(({ path }) => /^engine\/inference-.*\.js$/.test(path))!.path;
  const bytes = readFileSync(join(second(), target));
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(join(second(), target), bytes);
  expect(differing()).toEqual([target]);
  expect(await refusedOnHost()).toEqual([`different ${target}`]);
});

test('one changed byte in a source comes out as another build', async () => {
  test.skip(!isLong, 'it runs with npm run test:long');
  copySources();
  const source = join(copy, 'src/ui/words/en.ts');
  writeFileSync(source, readFileSync(source, 'utf8').replace('without metadata.', 'without metadata!'));
  buildCopy();
  expect(differing()).toContain('service-worker.js');
  expect(await refusedOnHost()).toContain('different index.html');
});
