/**
 * The files of this build in the browser's cache: asked for at their listed address only, taken only when
 * length and SHA-256 are those of the build, and served again only under the same hash.
 */
import { StudioError } from '../base/errors';
import type { ByteRange, ListedFile } from './allow-list';

export type Bytes = Uint8Array<ArrayBuffer>;
type CountBytes = (bytes: number) => void;

export interface KeptFilesPowers {
  /** The app's folder, absolute, with a slash at its end. */
  readonly base: string;
  readonly caches: Pick<CacheStorage, 'open' | 'keys' | 'delete' | 'has' | 'match'>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** A kept file carries its hash, so that an answer from another build is never taken for ours. */
const hashHeader = 'Obscura-SHA256';
const ownScript: ListedFile = { path: 'service-worker.js', bytes: 0, sha256: '' };

/** How long a host may be silent about a file that is kept. */
const patienceMs = 10_000;

interface NewestText {
  readonly text: string | null;
  readonly isKept: boolean;
}

interface Arrival {
  readonly bytes: Promise<Bytes>;
  readonly counts: Set<CountBytes>;
}

export class KeptFiles {
  readonly #arriving = new Map<string, Arrival>();
  #underWay = 0;

  constructor(
    readonly powers: KeptFilesPowers,
    /** Told of every file that came over the network. */
    readonly received: (file: ListedFile) => void,
  ) {}

  /** Requests that no ledger has a row for yet: their answer has not begun, or is to be checked whole. */
  get underWay(): number {
    return this.#underWay;
  }

  /** The page is asked for by its folder: some hosts redirect /index.html there. */
  url(file: ListedFile): string {
    return new URL(file.path === 'index.html' ? '' : file.path, this.powers.base).href;
  }

  /**
   * The only way out: a listed path of our own origin, no body and no query of the page's making, and no header
   * but the range of a model, which is not to lie in the browser's cache besides. It ends with `signal`.
   */
  ask(
    file: ListedFile,
    { range, signal }: { range?: ByteRange | null; signal?: AbortSignal } = {},
  ): Promise<Response> {
    return this.#counted(() =>
      this.powers.fetch(this.url(file), {
        ...(signal ? { signal } : {}),
        ...(range ? { headers: { Range: `bytes=${range.first}-${range.last}` } } : {}),
        cache: range ? 'no-store' : 'no-cache',
        credentials: 'same-origin',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
      }),
    );
  }

  /**
   * Fetched and checked; the askers of one file share one download, and each is told how far it is.
   * @throws StudioError network/failed
   */
  arrive(file: ListedFile, count?: CountBytes): Promise<Bytes> {
    const { bytes, counts } = this.#arriving.get(file.path) ?? this.#begin(file);
    if (count !== undefined) counts.add(count);
    return bytes;
  }

  async find(cacheName: string, file: ListedFile): Promise<Response | undefined> {
    const hit = await this.#lookUp(cacheName, this.url(file));
    return hit?.headers.get(hashHeader) === file.sha256 ? hit : undefined;
  }

  /**
   * A file of the host's own that no build knows: its newest text, null where there is none (some hosts answer with
   * their page then), and without a line what was kept last; undefined when nobody can tell. `cacheName`: null to keep
   * nothing.
   */
  async newest(cacheName: string | null, path: string): Promise<NewestText | undefined> {
    const file = { path, bytes: 0, sha256: '' };
    const url = this.url(file);
    try {
      const answer = await this.ask(file, { signal: AbortSignal.timeout(patienceMs) });
      const isPage = answer.headers.get('Content-Type')?.startsWith('text/html') === true;
      const text = answer.ok && !isPage ? await answer.text() : null;
      if (text !== null || isPage || answer.status === 404 || answer.status === 410) {
        if (cacheName !== null) await this.#keepNewest(cacheName, url, text);
        return { text, isKept: false };
      }
    } catch {
      // There is no line.
    }
    const kept = cacheName === null ? undefined : await this.#lookUp(cacheName, url);
    return kept && { text: kept.ok ? await kept.text() : null, isKept: true };
  }

  async #keepNewest(cacheName: string, url: string, text: string | null): Promise<void> {
    try {
      const cache = await this.powers.caches.open(cacheName);
      await cache.put(url, text === null ? new Response(null, { status: 404 }) : new Response(text));
    } catch {
      // On a full disk it is asked for again.
    }
  }

  /** What another build kept at this address, checked when that build kept it. No host is asked. */
  async findOfAnyBuild(cacheNames: readonly string[], url: string): Promise<Response | undefined> {
    for (const cacheName of cacheNames) {
      const hit = await this.#lookUp(cacheName, url);
      if (hit?.headers.has(hashHeader) === true) return hit;
    }
    return undefined;
  }

  /** A full disk must not stop the app: it only means that this file will be fetched again. */
  async keepIfThereIsRoom(cacheName: string, file: ListedFile, bytes: Bytes): Promise<void> {
    try {
      const cache = await this.powers.caches.open(cacheName);
      await cache.put(this.url(file), new Response(bytes, { headers: { [hashHeader]: file.sha256 } }));
    } catch {
      // Nothing was kept.
    }
  }

  /** A service worker cannot read its own code, so it asks for it once, as it is installed. Only its hash is read. */
  async keepOwnScript(cacheName: string): Promise<void> {
    try {
      const response = await this.ask(ownScript);
      if (response.ok) await (await this.powers.caches.open(cacheName)).put(this.url(ownScript), response);
    } catch {
      // Then its hash is not known.
    }
  }

  /** Lower-case hex; null where it did not come. */
  async hashOfOwnScript(cacheName: string): Promise<string | null> {
    const kept = await this.#lookUp(cacheName, this.url(ownScript));
    return kept === undefined ? null : hashOf(await kept.arrayBuffer());
  }

  /** Forgets what the list does not name. */
  async prune(cacheName: string, listed: readonly ListedFile[]): Promise<void> {
    if (!(await this.powers.caches.has(cacheName))) return;
    const cache = await this.powers.caches.open(cacheName);
    const urls = new Set(listed.map((file) => this.url(file)));
    for (const kept of await cache.keys()) if (!urls.has(kept.url)) await cache.delete(kept);
  }

  /** Looking makes no store. One that cannot be opened holds nothing; on a full disk some browsers cannot even do that. */
  async #lookUp(cacheName: string, url: string): Promise<Response | undefined> {
    try {
      return await this.powers.caches.match(url, { cacheName });
    } catch {
      return undefined;
    }
  }

  #begin(file: ListedFile): Arrival {
    const counts = new Set<CountBytes>();
    const tell = (length: number) => counts.forEach((count) => count(length));
    const bytes = this.#counted(() => this.#download(file, tell)).finally(() =>
      this.#arriving.delete(file.path),
    );
    const arrival = { bytes, counts };
    this.#arriving.set(file.path, arrival);
    return arrival;
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
    }
  }

  async #download(file: ListedFile, count: CountBytes): Promise<Bytes> {
    const response = await this.ask(file);
    if (!response.ok) throw new StudioError('network/failed', { path: file.path, status: response.status });
    const bytes = await readExactly(response, file, count);
    this.received(file);
    return bytes;
  }
}

/** @throws StudioError network/failed when length or SHA-256 are not those of the build */
async function readExactly(response: Response, file: ListedFile, count: CountBytes): Promise<Bytes> {
  const otherFile = new StudioError('network/failed', { path: file.path, reason: 'not of this build' });
  const bytes = new Uint8Array(file.bytes);
  const reader = response.body?.getReader();
  let length = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    if (length + part.value.length > file.bytes) throw otherFile;
    bytes.set(part.value, length);
    length += part.value.length;
    count(length);
  }
  if (length !== file.bytes || (await hashOf(bytes)) !== file.sha256) throw otherFile;
  return bytes;
}

async function hashOf(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
