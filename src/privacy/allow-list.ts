/**
 * What the wall lets through: exactly the files of this build, asked for with GET, without a query; the page may be
 * opened with any. The decision is a pure function, so that every refusal is a unit test.
 */
import { headersOf, mimeType, reachingOnly, withinFolder, type Grant, type HeaderSet } from './policy';

/** Bytes `first` up to and with `last` of a file, counted from 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export interface ListedFile {
  /** Relative to the app's base. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Shell: kept at install. Engine, with the rooms opened later and large icons: kept after first paint. Models: passed through to the model store. */
const shelves = ['shell', 'engine', 'models'] as const;
export type Shelf = (typeof shelves)[number];

/** Written into the service worker by the build. */
export interface AllowList extends Readonly<Record<Shelf, readonly ListedFile[]>> {
  /** Hash over the shell's paths and hashes. */
  readonly shellHash: string;
  /** The engine's scripts that may fetch a foreign file. */
  readonly grants: readonly Grant[];
}

export type RefusalReason = 'foreign' | 'method' | 'outside' | 'query' | 'unlisted';

export type Decision =
  | {
      readonly allow: true;
      readonly file: ListedFile;
      readonly shelf: Shelf;
      readonly from: 'cache' | 'network';
      readonly headers: HeaderSet;
    }
  | { readonly allow: false; readonly reason: RefusalReason };

/**
 * The part of a model that is asked for, written anew from its two numbers, or null for all of it: nothing else
 * of a page's `Range` header reaches the host.
 */
export function rangeOf(header: string | null, { bytes }: ListedFile): ByteRange | null {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header ?? '') ?? [];
  const range = { first: Number(first ?? NaN), last: Number(last ?? NaN) };
  return range.first <= range.last && range.last < bytes ? range : null;
}

/** What the model store must know of the host's answer; never more than this. */
const toldOfModels = ['Content-Range', 'ETag', 'Retry-After'];

/** The host's own words on a model's bytes, beside the headers of the policy. */
export function modelHeaders(host: Headers): HeaderSet {
  const told: Record<string, string> = {};
  for (const name of toldOfModels) {
    const value = host.get(name);
    if (value !== null) told[name] = value;
  }
  const length = host.get('Content-Length');
  // Of a packed answer it is the packed length; the bytes that are passed on are unpacked.
  if (length !== null && host.get('Content-Encoding') === null) told['Content-Length'] = length;
  // A page in place of a model must be known as one.
  if (host.get('Content-Type')?.startsWith('text/html') === true) told['Content-Type'] = 'text/html';
  return told;
}

/** The path alone decides, for a grant this build's own list, and `base` where the app lies. */
export function answerHeaders(path: string, base: string, grants: readonly Grant[]): HeaderSet {
  return { 'Content-Type': mimeType(path), ...withinFolder(headersOf(path, grants), base) };
}

/** Of the page itself, opened at `asked`: it reaches what this build lists, newer service workers and itself again. */
function pageHeaders(asked: URL, base: string, { shell, engine }: AllowList): HeaderSet {
  const paths = [...shell, ...engine].map(({ path }) => (path === 'index.html' ? '' : path));
  const addresses = [...paths, 'service-worker.js'].map((path) => new URL(path, base).href);
  return reachingOnly(answerHeaders('', base, []), base, [...addresses, asked.href]);
}

/**
 * `base` is the app's folder as an absolute URL with a slash at its end. A link to the page may bear a query, as links
 * from elsewhere do: the page is answered from the cache, so no host hears of it.
 */
export function decide(
  request: { method: string; url: string; mode?: RequestMode },
  base: string,
  list: AllowList,
): Decision {
  const refuse = (reason: RefusalReason): Decision => ({ allow: false, reason });
  const asked = new URL(request.url);
  const home = new URL(base);
  if (asked.origin !== home.origin) return refuse('foreign');
  if (!asked.pathname.startsWith(home.pathname)) return refuse('outside');
  if (request.method !== 'GET') return refuse('method');
  const path = asked.pathname.slice(home.pathname.length) || 'index.html';
  const opensPage = path === 'index.html' && request.mode === 'navigate';
  if (asked.search !== '' && !opensPage) return refuse('query');
  for (const shelf of shelves) {
    const file = list[shelf].find((listed) => listed.path === path);
    if (file === undefined) continue;
    const from = shelf === 'models' ? 'network' : 'cache';
    const headers =
      path === 'index.html' ? pageHeaders(asked, base, list) : answerHeaders(path, base, list.grants);
    return { allow: true, file, shelf, from, headers };
  }
  return refuse('unlisted');
}
