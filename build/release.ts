/**
 * `release.json`: the SHA-256 of every file a host serves, written when all else is. Two builds of one commit have
 * the same, byte for byte, so a stranger's own build tells what a host should serve.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { releasePath, servedFiles } from './dist-files.ts';

/** `shellHash` names the build in the service worker and on the page. */
export function writeRelease(dist: string, shellHash: string): void {
  const package_ = readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8');
  const { version } = JSON.parse(package_) as { version: string };
  const files = Object.fromEntries(servedFiles(dist).map(({ path, sha256 }) => [path, sha256]));
  // What a build's bytes follow from besides the sources: the engine is packed with Node's zlib.
  const builtWith = { zlib: process.versions.zlib, arch: process.arch };
  const release = { format: 'obscura-release', version: 1, app: version, shell: shellHash, builtWith, files };
  // A line for each file: `sed` and `sha256sum -c` can read it (README).
  writeFileSync(join(dist, releasePath), `${JSON.stringify(release, null, 2)}\n`);
}
