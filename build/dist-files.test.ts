import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  checkPageScripts,
  largestFileBytes,
  largestPageScriptBytes,
  largestShellBytes,
  largestWallCodeBytes,
  listFiles,
  makeAllowList,
  serviceWorkerText,
  shelfOf,
} from './dist-files';

const file = (path: string, bytes = 10) => ({ path, bytes, sha256: path });

test('each file lies on its shelf', () => {
  expect(
    ['index.html', 'icons/icon.svg', 'icons/a.png', 'rooms/a.js', 'engine/a.js', 'models/m/m.onnx'].map(
      shelfOf,
    ),
  ).toEqual(['shell', 'shell', 'engine', 'engine', 'engine', 'models']);
});

test('the hash of the shell follows the shell alone', () => {
  const shell = [file('index.html'), file('assets/a.js')];
  const { shellHash } = makeAllowList(shell);
  expect(makeAllowList([...shell, file('engine/a.js')]).shellHash).toBe(shellHash);
  expect(makeAllowList([file('index.html'), file('assets/b.js')]).shellHash).not.toBe(shellHash);
});

test('a build fails for a file that a static host refuses, a shell too large, or an odd name', () => {
  expect(() => makeAllowList([file('engine/a.bin', largestFileBytes)])).toThrow('25 MiB');
  expect(() => makeAllowList([file('assets/a.js', largestShellBytes)])).toThrow('the shell has');
  expect(() => makeAllowList([file('assets/a b.js')])).toThrow('not a plain file name');
});

test("a build fails when the page's scripts are too large together, gzipped", () => {
  const dist = mkdtempSync(join(tmpdir(), 'obscura-dist-'));
  mkdirSync(join(dist, 'assets'));
  const write = (name: string, content: Buffer) => writeFileSync(join(dist, 'assets', name), content);
  const check = () => checkPageScripts(dist, listFiles(dist));
  write('repeats.js', Buffer.alloc(3 * largestPageScriptBytes));
  write('style.css', randomBytes(2 * largestPageScriptBytes));
  expect(check()).toBeLessThan(1000);
  write('a.js', randomBytes(0.6 * largestPageScriptBytes));
  write('b.js', randomBytes(0.6 * largestPageScriptBytes));
  expect(check).toThrow(/the page's scripts have \d+ bytes gzipped; 100000 are allowed/);
  rmSync(dist, { recursive: true });
});

test('a build fails when the page needs the script of a room to start', () => {
  const dist = mkdtempSync(join(tmpdir(), 'obscura-dist-'));
  mkdirSync(join(dist, 'assets'));
  const check = (script: string) => {
    writeFileSync(join(dist, 'assets', 'index.js'), script);
    return () => checkPageScripts(dist, listFiles(dist));
  };
  expect(check('import(`../rooms/a.js`);import{a}from"./b.js"')()).toBeGreaterThan(0);
  expect(check('import{a}from"../rooms/a.js"')).toThrow('needs a script of rooms/');
  rmSync(dist, { recursive: true });
});

test('the service worker has its list in it, a line for each file, and a build fails when its code is too large', () => {
  const list = makeAllowList([file('index.html'), file('engine/a.js')]);
  const text = serviceWorkerText('new Wall(__ALLOW_LIST__)', list);
  expect(text).toContain('\n["engine/a.js",10,"engine/a.js"]\n');
  const code = ' '.repeat(largestWallCodeBytes);
  expect(() => serviceWorkerText(`${code}__ALLOW_LIST__`, list)).toThrow(
    /the service worker's code has \d+ bytes/,
  );
});

test('models packed beside the app are not of the build, whatever their size', () => {
  const dist = mkdtempSync(join(tmpdir(), 'obscura-dist-'));
  for (const folder of ['own', 'packed']) {
    mkdirSync(join(dist, 'models', folder), { recursive: true });
    writeFileSync(join(dist, 'models', folder, 'm.onnx'), 'weights');
  }
  const part = { path: 'packed/m.onnx', bytes: 7, sha256: 'ab'.repeat(32) };
  const manifest = { format: 'obscura-models', version: 1, models: [{ part }] };
  writeFileSync(join(dist, 'models/manifest.json'), JSON.stringify(manifest));
  expect(listFiles(dist).map(({ path }) => path)).toEqual(['models/own/m.onnx']);
  rmSync(dist, { recursive: true });
});
