/** What a finished `dist` holds, and the rules a release must keep. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AllowList, ListedFile, Shelf } from '../src/privacy/allow-list.ts';
import { filesNamed, manifestPath } from '../src/privacy/mirror-list.ts';
import type { Grant } from '../src/privacy/policy.ts';

/** The limit of the strictest common static host. */
export const largestFileBytes = 25 * 1024 * 1024;
/** What stands between a visitor and the first photo. */
export const largestShellBytes = 300_000;
/** The page's own JavaScript as a host sends it, gzipped. */
export const largestPageScriptBytes = 100_000;

/** Written after the list is made, so they cannot be in it. */
const outsideTheList = new Set(['service-worker.js', '_headers']);

/** What lies beside the app is named by its own manifest, which may change without a new build. */
function filesBeside(dist: string): ReadonlySet<string> {
  const manifest = join(dist, manifestPath);
  if (!existsSync(manifest)) return new Set();
  const named = filesNamed(readFileSync(manifest, 'utf8'));
  return new Set([manifestPath, ...named.map(({ path }) => path)]);
}

export function listFiles(dist: string): ListedFile[] {
  const beside = filesBeside(dist);
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => {
      const content = readFileSync(file);
      const path = file.slice(dist.length + 1).replaceAll('\\', '/');
      return { path, bytes: content.length, sha256: sha256(content) };
    })
    .filter(({ path }) => !outsideTheList.has(path) && !beside.has(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function shelfOf(path: string): Shelf {
  if (path.startsWith('engine/') || path.startsWith('rooms/')) return 'engine';
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
