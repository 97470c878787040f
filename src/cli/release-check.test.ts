/** A host against its `release.json`: with our command, and with the one that a stranger types who has nothing of ours. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { releasePath } from '../../build/dist-files';
import { writeRelease } from '../../build/release';
import { hashCommand } from '../ui/privacy/verify-commands';
import { checkFiles, readRelease, type CheckedFile } from './release-check';
import { serve, type RunningServer } from './serve';

let dir: string;
let server: RunningServer;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'obscura-release-'));
  for (const folder of ['engine', 'models/m']) mkdirSync(join(dir, folder), { recursive: true });
  const contents: Record<string, string> = {
    'index.html': '<!doctype html>',
    'service-worker.js': 'wall()',
    'engine/a-1.js': 'a()',
    'models/m/m.onnx': 'weights',
    _headers: '/\n',
    'obscura.config.json': '{}',
  };
  for (const [path, content] of Object.entries(contents)) writeFileSync(join(dir, path), content);
  // The second finds the first one's file.
  for (let time = 0; time < 2; time += 1) writeRelease(dir, 'f'.repeat(16));
  server = await serve({ dir, port: 0, basePath: '/app/' });
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

async function check(text: string): Promise<CheckedFile[]> {
  const checked: CheckedFile[] = [];
  for await (const file of checkFiles(server.url, readRelease(text))) checked.push(file);
  return checked;
}
const served = async () => (await fetch(server.url + releasePath)).text();
const states = (checked: CheckedFile[]) => checked.map(({ path, state }) => `${state} ${path}`);

/** The server answers from this process, so it must not be blocked. */
function shell(command: string): Promise<string> {
  return new Promise((done) => {
    let out = '';
    const child = spawn('bash', ['-c', command], { cwd: resolve(import.meta.dirname, '../..') });
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    child.stderr.on('data', (part: Buffer) => (out += part.toString()));
    child.on('close', (status) => done(`${out}exit ${status ?? -1}`));
  });
}

const all = ['engine/a-1.js', 'index.html', 'models/m/m.onnx', 'service-worker.js'];

test('names every served file of the build, and neither the host’s own nor itself', async () => {
  expect(Object.keys(readRelease(await served()))).toEqual(all);
  expect(states(await check(await served()))).toEqual(all.map((path) => `same ${path}`));
});

const hasTools = spawnSync('bash', ['-c', 'command -v curl sed sha256sum']).status === 0;

test.runIf(hasTools)('the command for a stranger’s terminal sees the same', async () => {
  expect(await shell(hashCommand(server.url))).toBe(
    `${all.map((path) => `same ${path}`).join('\n')}\nexit 0`,
  );
});

test('a changed byte and a missing file are found, by both', async () => {
  const text = await served();
  const whole = mkdtempSync(join(tmpdir(), 'obscura-whole-'));
  cpSync(dir, whole, { recursive: true });
  writeFileSync(join(dir, 'service-worker.js'), 'wall( )');
  rmSync(join(dir, 'models/m/m.onnx'));
  const found = ['same engine/a-1.js', 'same index.html'];
  expect(states(await check(text))).toEqual([
    ...found,
    'missing models/m/m.onnx',
    'different service-worker.js',
  ]);
  if (hasTools)
    expect(await shell(`{ ${hashCommand(server.url)}; } 2>/dev/null`)).toContain(
      'DIFFERENT service-worker.js',
    );
  cpSync(whole, dir, { recursive: true });
  rmSync(whole, { recursive: true });
});

test('npm run verify-release ends with 0 for the same release, and with 1 for another', async () => {
  const file = join(dir, releasePath);
  const command = (args: string) => shell(`node_modules/.bin/tsx src/cli/verify-release.ts ${args}`);
  const same = await command(`${server.url} --release ${file}`);
  expect(same).toContain('{"path":"release.json","state":"same"');
  expect(same).toMatch(/exit 0$/);
  const other = join(dir, 'other.json');
  writeFileSync(other, (await served()).replace('"app"', '"App"'));
  const differing = await command(`${server.url} --release ${other}`);
  expect(differing).toContain('{"path":"release.json","state":"different"');
  expect(differing).toMatch(/exit 1$/);
  rmSync(other);
  expect(await command('not-an-address')).toMatch(/Usage: .*\nexit 1$/);
}, 40_000);

const hash = 'a'.repeat(64);
const release = { format: 'obscura-release', version: 1 };
test.each([
  ['no JSON', '<!doctype html>'],
  ['another format', '{"format":"x"}'],
  ['no file', JSON.stringify({ ...release, files: {} })],
  ['a way out of the folder', JSON.stringify({ ...release, files: { '../x': hash } })],
  ['another host', JSON.stringify({ ...release, files: { 'https://x.example/a': hash } })],
  ['no hash', JSON.stringify({ ...release, files: { 'a.js': 'b' } })],
])('a list with %s is refused', (_, text) => {
  expect(() => readRelease(text)).toThrow('This is not a release.json of Obscura');
});
