/** What a finished `dist` holds, and the rules a release must keep. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AllowList, ListedFile, Shelf } from '../src/privacy/allow-list.ts';
import { packList } from '../src/privacy/packed-list.ts';
import { configPath, filesNamed, manifestPath } from '../src/privacy/mirror-list.ts';
import type { Grant } from '../src/privacy/policy.ts';

/** The limit of the strictest common static host. */
export const largestFileBytes = 25 * 1024 * 1024;
/** What stands between a visitor and the first photo. */
export const largestShellBytes = 300_000;
/** The page's own JavaScript as a host sends it, gzipped. */
export const largestPageScriptBytes = 100_000;

/** The wall's code, which is to be read as it is served; the list of files in it comes on top. */
export const largestWallCodeBytes = 36_500;

/** For whoever runs a host; no page asks for it. */
export const deployFolder = 'deploy/';
/** The hash of every served file: comes last, and so cannot name itself. */
export const releasePath = 'release.json';

/** Read by a host and not served by it. */
const hostFile = '_headers';

/** Written after the list is made, so they cannot be in it, or not for the page. */
function isOutsideTheList(path: string): boolean {
  return path === 'service-worker.js' || path.startsWith(deployFolder);
}

/** What a deployment lays beside the app may change without a new build: its settings, and what its manifest names. */
function filesBeside(dist: string): ReadonlySet<string> {
  const manifest = join(dist, manifestPath);
  const named = existsSync(manifest) ? filesNamed(readFileSync(manifest, 'utf8')) : [];
  return new Set([configPath, manifestPath, ...named.map(({ path }) => path)]);
}

/** What the service worker answers. */
export function listFiles(dist: string): ListedFile[] {
  return servedFiles(dist).filter(({ path }) => !isOutsideTheList(path));
}

/** Everything of the build that a host serves, but for `release.json` itself. */
export function servedFiles(dist: string): ListedFile[] {
  const beside = filesBeside(dist);
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => {
      const content = readFileSync(file);
      const path = file.slice(dist.length + 1).replaceAll('\\', '/');
      return { path, bytes: content.length, sha256: sha256(content) };
    })
    .filter(({ path }) => path !== hostFile && path !== releasePath && !beside.has(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function shelfOf(path: string): Shelf {
  // The large icons are for an app that is installed; the page shows the drawn one.
  if (/^(?:engine|rooms|icons)\/(?!icon\.svg$)/.test(path)) return 'engine';
  return path.startsWith('models/') ? 'models' : 'shell';
}

/** @throws Error naming the file or the sum that breaks a rule */
export function makeAllowList(files: readonly ListedFile[], grants: readonly Grant[] = []): AllowList {
  for (const { path, bytes } of files) {
    if (bytes >= largestFileBytes) throw new Error(`${path} has ${bytes} bytes; a static host takes 25 MiB`);
    if (!/^[\w./-]+$/.test(path)) throw new Error(`${path} is not a plain file name`);
  }
  const on = (shelf: Shelf) => files.filter(({ path }) => shelfOf(path) === shelf);
  const shell = on('shell');
  const shellBytes = sumBytes(shell);
  if (shellBytes >= largestShellBytes) {
    const largest = shell.map(({ path, bytes }) => `${bytes} ${path}`).join('\n');
    throw new Error(`the shell has ${shellBytes} bytes; ${largestShellBytes} are allowed\n${largest}`);
  }
  const shellHash = sha256(shell.map(({ path, sha256: hash }) => `${hash} ${path}\n`).join('')).slice(0, 16);
  return { shellHash, shell, engine: on('engine'), models: on('models'), grants };
}

/** The service worker with its list in it. @throws Error when its code is over the budget */
export function serviceWorkerText(code: string, list: AllowList): string {
  const { length } = Buffer.from(code);
  if (length > largestWallCodeBytes)
    throw new Error(`the service worker's code has ${length} bytes; ${largestWallCodeBytes} are allowed`);
  return code.replace('__ALLOW_LIST__', () => allowListText(list));
}

function allowListText(list: AllowList): string {
  const fields = Object.entries(packList(list)).map(([name, value]: [string, unknown]) => {
    const lines = Array.isArray(value) ? value.map((entry) => JSON.stringify(entry)) : null;
    return `${name}: ${lines ? `[\n${lines.join(',\n')}\n]` : JSON.stringify(value)}`;
  });
  return `{\n${fields.join(',\n')}\n}`;
}

/** The gzipped bytes of the page's scripts. @throws Error when they are over the budget, or one needs a room's */
export function checkPageScripts(dist: string, shell: readonly ListedFile[]): number {
  const scripts = shell
    .filter(({ path }) => path.startsWith('assets/') && path.endsWith('.js'))
    .map(({ path }) => ({ path, content: readFileSync(join(dist, path)) }))
    .map(({ path, content }) => {
      // A room is fetched when it is opened; the page must stand without any.
      if (/\bfrom\s*["']\.\.\/rooms\//.test(content.toString()))
        throw new Error(`${path} needs a script of rooms/ to start`);
      return { path, bytes: gzipSync(content).length };
    });
  const total = scripts.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > largestPageScriptBytes) {
    const each = scripts.map(({ path, bytes }) => `${bytes} ${path}`).join('\n');
    throw new Error(
      `the page's scripts have ${total} bytes gzipped; ${largestPageScriptBytes} are allowed\n${each}`,
    );
  }
  return total;
}

export function sumBytes(files: readonly ListedFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
