/**
 * The wall: what Obscura's service worker does. It answers from the files of its own build and from nothing
 * else, adds the headers to every answer, and counts what it refused. It fetches no foreign address: for the
 * worker of a grant it stands aside, and the browser holds that worker to its own headers.
 */
import { asStudioError } from '../base/errors';
import {
  answerHeaders,
  decide,
  modelHeaders,
  rangeOf,
  type AllowList,
  type ByteRange,
  type Decision,
  type ListedFile,
} from './allow-list';
import { KeptFiles, type KeptFilesPowers } from './kept-files';
import { Ledger, type LedgerRow } from './ledger';
import { Mirror } from './mirror';
import { headersFor } from './policy';
import type { WallAnswer, WallQuestion } from './wall-messages';

/** What the wall takes from the browser. */
export interface WallPowers extends KeptFilesPowers {
  readonly now: () => number;
  /** True for an engine file this browser never runs, which is then not fetched ahead. */
  readonly needless: (path: string) => boolean;
  /** The address of the page or worker of this id, as the browser itself knows it. */
  readonly clientUrl: (clientId: string) => Promise<string | undefined>;
  /** True when no tab of the app is open and no newer build is coming. */
  readonly isAlone: () => Promise<boolean>;
  readonly takeClients: () => Promise<void>;
  readonly skipWaiting: () => Promise<void>;
}

type Allowed = Extract<Decision, { allow: true }>;
type Reply = (answer: WallAnswer) => void;
/** A `Request`, as far as the wall reads it. */
type Asked = Pick<Request, 'method' | 'url'> & Partial<Pick<Request, 'mode' | 'headers' | 'signal'>>;
type Passed = Pick<Allowed, 'file' | 'shelf' | 'headers'>;

export class Wall {
  readonly #ledger = new Ledger();
  readonly #files: KeptFiles;
  readonly #mirror: Mirror;
  /** Caches belong to the whole origin; the folder in their names keeps two deployments on one host apart. */
  readonly #folder: string;
  readonly #shellCache: string;
  readonly #engineCache: string;
  /** The granted address by the id of its worker; see `#noteGrant`. */
  readonly #granted = new Map<string, string>();

  constructor(
    readonly list: AllowList,
    readonly powers: WallPowers,
  ) {
    this.#folder = new URL(powers.base).pathname;
    this.#shellCache = `${this.#folder}shell-${list.shellHash}`;
    this.#engineCache = `${this.#folder}engine`;
    this.#files = new KeptFiles(powers, (file) => {
      const pathClass = list.shell.includes(file) ? 'shell' : 'engine';
      this.#note({ method: 'GET', pathClass, from: 'network', bytes: file.bytes, verdict: 'allowed' });
    });
    this.#mirror = new Mirror(this.#files);
  }

  /** Has the whole shell or fails: nothing is kept before every hash has agreed. */
  async install(): Promise<void> {
    const arrive = async (file: ListedFile) => ({ file, bytes: await this.#files.arrive(file) });
    const arrived = await Promise.all(this.list.shell.map(arrive));
    for (const { file, bytes } of arrived) {
      await this.#files.keepIfThereIsRoom(this.#shellCache, file, bytes);
    }
  }

  activate(): Promise<void> {
    return this.powers.takeClients();
  }

  /**
   * Drops what other builds kept; engine files that did not change stay. Called when the page is opened, and
   * not while a tab is open that may have come from such a build: it still starts its workers from there.
   */
  async tidy(): Promise<void> {
    if (!(await this.powers.isAlone())) return;
    for (const name of await this.#shellCaches()) {
      if (name !== this.#shellCache) await this.powers.caches.delete(name);
    }
    await this.#files.prune(this.#engineCache, this.list.engine);
  }

  /** True when a grant's worker asks for its file: such a request is not to be answered from here. */
  standsAside({ method, url }: Asked, clientId: string): boolean {
    if (method !== 'GET' || url !== this.#granted.get(clientId)) return false;
    this.#note({ method, pathClass: 'foreign', from: 'network', bytes: 0, verdict: 'granted' });
    return true;
  }

  /** The answer to every other request of the page and its workers. A refusal looks like a dead line. */
  async answer(request: Asked, clientId = ''): Promise<Response> {
    const decision = decide(request, this.powers.base, this.list);
    if (decision.allow) await this.#noteGrant(decision.file, clientId);
    if (!decision.allow) {
      const isUnlisted = decision.reason === 'unlisted';
      const kept = isUnlisted ? await this.#ofAnotherBuild(request.url) : undefined;
      if (kept !== undefined) return kept;
      const beside = isUnlisted ? await this.#beside(request.url, clientId) : undefined;
      if (beside !== undefined) return this.#bytesOf(request, beside);
      const pathClass = decision.reason === 'foreign' ? 'foreign' : 'unknown';
      this.#note({ method: request.method, pathClass, from: 'none', bytes: 0, verdict: decision.reason });
      return Response.error();
    }
    if (decision.from === 'network') return this.#bytesOf(request, decision);
    try {
      const { body, status } = await this.#kept(decision);
      return new Response(body, { status, headers: decision.headers });
    } catch {
      return this.#failed(decision);
    }
  }

  /** Messages of the page. Anything not listed here is ignored. */
  async hear(question: WallQuestion, reply: Reply): Promise<void> {
    switch (question.type) {
      case 'ledger':
        reply({ type: 'ledger', rows: this.#ledger.rows() });
        break;
      case 'forget-ledger':
        this.#ledger.clear();
        break;
      case 'host-headers':
        reply({ type: 'host-headers', complete: await this.#hostHeadersComplete() });
        break;
      case 'skip-waiting':
        await this.powers.skipWaiting();
        break;
      case 'fetch-engine':
        await this.#fetchEngine(reply).catch((thrown: unknown) =>
          reply({ type: 'engine-failed', code: asStudioError(thrown, 'network/failed').code }),
        );
    }
  }

  /** One file after the other, so that the page's own requests are not starved. */
  async #fetchEngine(reply: Reply): Promise<void> {
    const files = this.list.engine.filter((file) => !this.powers.needless(file.path));
    const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const report = (doneBytes: number) => reply({ type: 'engine-progress', doneBytes, totalBytes });
    let before = 0;
    for (const file of files) {
      if ((await this.#files.find(this.#engineCache, file)) === undefined) {
        const bytes = await this.#files.arrive(file, (count) => report(before + count));
        await this.#files.keepIfThereIsRoom(this.#engineCache, file, bytes);
      }
      before += file.bytes;
      report(before);
    }
    reply({ type: 'engine-ready' });
  }

  /** What the host's manifest names, where the library worker asks for it. */
  async #beside(url: string, clientId: string): Promise<Passed | undefined> {
    if (clientId === '' || !this.#mirror.isFor(await this.powers.clientUrl(clientId))) return undefined;
    const file = await this.#mirror.find(new URL(url).pathname.slice(this.#folder.length));
    return file && { file, shelf: 'models', headers: answerHeaders(file.path, []) };
  }

  async #bytesOf(request: Asked, passed: Passed): Promise<Response> {
    try {
      const range = rangeOf(request.headers?.get('Range') ?? null, passed.file);
      const { body, status, headers } = await this.#passOn(passed, range, request.signal);
      return new Response(body, { status, headers: { ...passed.headers, ...modelHeaders(headers) } });
    } catch {
      return this.#failed(passed);
    }
  }

  #failed({ shelf }: Pick<Allowed, 'shelf'>): Response {
    const row = { method: 'GET', pathClass: shelf, from: 'network', verdict: 'failed' } as const;
    this.#note({ ...row, bytes: 0 });
    return Response.error();
  }

  /** From the cache; fetched, checked and kept when it is not there (yet, or any more). */
  async #kept({ file, shelf }: Allowed): Promise<Response> {
    const cacheName = shelf === 'shell' ? this.#shellCache : this.#engineCache;
    const hit = await this.#files.find(cacheName, file);
    if (hit !== undefined) {
      this.#note({ method: 'GET', pathClass: shelf, from: 'cache', bytes: 0, verdict: 'allowed' });
      return hit;
    }
    const bytes = await this.#files.arrive(file);
    await this.#files.keepIfThereIsRoom(cacheName, file, bytes);
    return new Response(bytes);
  }

  /** For a tab that was open before an update: the files of its own build, as long as they are here. */
  async #ofAnotherBuild(url: string): Promise<Response | undefined> {
    const cacheNames = [this.#engineCache, ...(await this.#shellCaches())];
    const hit = await this.#files.findOfAnyBuild(cacheNames, url);
    if (hit === undefined) return undefined;
    const path = new URL(url).pathname.slice(this.#folder.length);
    const pathClass = path.startsWith('engine/') ? 'engine' : 'shell';
    this.#note({ method: 'GET', pathClass, from: 'cache', bytes: 0, verdict: 'allowed' });
    // The grants of that build are not known here, so its workers have none.
    return new Response(hit.body, { headers: answerHeaders(path, []) });
  }

  /**
   * A request must be let past at once or answered, and this memory ends with the service worker. So a grant's
   * worker asks for its own script before each foreign request, and only then is it known here.
   */
  async #noteGrant(file: ListedFile, clientId: string): Promise<void> {
    const grant = this.list.grants.find(({ path }) => path === file.path);
    if (grant === undefined || clientId === '') return;
    if ((await this.powers.clientUrl(clientId)) === this.#files.url(file)) {
      this.#granted.set(clientId, grant.url);
    }
  }

  async #shellCaches(): Promise<string[]> {
    const names = await this.powers.caches.keys();
    return names.filter((name) => name.startsWith(`${this.#folder}shell-`));
  }

  /** Only from here does the page's own address reach the host; the page would be answered by the wall. */
  async #hostHeadersComplete(): Promise<boolean> {
    const page = this.list.shell.find(({ path }) => path === 'index.html');
    if (page === undefined) return false;
    try {
      const { ok, headers, body } = await this.#passOn({ file: page, shelf: 'shell' });
      await body?.cancel();
      return ok && Object.entries(headersFor('page')).every(([name, value]) => headers.get(name) === value);
    } catch {
      return false;
    }
  }

  /** Models are checked and kept by the model store, so they only pass through. */
  async #passOn(
    { file, shelf }: Pick<Allowed, 'file' | 'shelf'>,
    range: ByteRange | null = null,
    signal?: AbortSignal,
  ): Promise<Response> {
    const response = await this.#files.ask(file, { range, ...(signal ? { signal } : {}) });
    const bytes = range && response.status === 206 ? range.last - range.first + 1 : file.bytes;
    const outcome = response.ok
      ? ({ bytes, verdict: 'allowed' } as const)
      : ({ bytes: 0, verdict: 'failed' } as const);
    this.#note({ method: 'GET', pathClass: shelf, from: 'network', ...outcome });
    return response;
  }

  #note(row: Omit<LedgerRow, 'time'>): void {
    this.#ledger.add({ time: this.powers.now(), ...row });
  }
}
