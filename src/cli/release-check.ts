/** Compares what a host serves with a `release.json`, file by file, as anybody outside can. */
import { createHash } from 'node:crypto';
import { PlainError } from './plain-error';

/** SHA-256 by path. */
export type Release = Readonly<Record<string, string>>;

export interface CheckedFile {
  readonly path: string;
  readonly state: 'same' | 'different' | 'missing';
}

/** @throws PlainError where it is not a release.json; its paths lead nowhere but below the app's folder */
export function readRelease(text: string): Release {
  const not = (reason: string) => new PlainError(`This is not a release.json of Obscura: ${reason}.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw not('it is not JSON');
  }
  const { format, version, files } = parsed as Partial<Record<string, unknown>>;
  if (format !== 'obscura-release' || version !== 1) throw not('it has another format');
  const entries = Object.entries((files ?? {}) as Record<string, unknown>);
  if (entries.length === 0) throw not('it names no file');
  for (const [path, hash] of entries) {
    if (!/^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/.test(path)) throw not('it names a path outside the app');
    if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) throw not(`${path} has no SHA-256`);
  }
  return Object.fromEntries(entries) as Release;
}

/** `base` ends with a slash. @throws PlainError where the host does not answer */
export async function fetchRelease(base: string): Promise<string> {
  const response = await ask(new URL('release.json', base));
  if (!response.ok) throw new PlainError(`${base} has no release.json (status ${response.status}).`);
  return response.text();
}

/** One file after the other, as they come. */
export async function* checkFiles(base: string, release: Release): AsyncGenerator<CheckedFile> {
  for (const [path, hash] of Object.entries(release)) {
    const response = await ask(new URL(path, base));
    const bytes = Buffer.from(await response.arrayBuffer());
    const same = createHash('sha256').update(bytes).digest('hex') === hash;
    yield { path, state: !response.ok ? 'missing' : same ? 'same' : 'different' };
  }
}

/** Past every cache on the way, as far as caches obey. */
async function ask(url: URL): Promise<Response> {
  try {
    return await fetch(url, { cache: 'no-store', headers: { 'Cache-Control': 'no-cache' } });
  } catch (thrown) {
    throw new PlainError(`${url.origin} does not answer.`, { cause: thrown });
  }
}
