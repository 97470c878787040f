/**
 * The wall: what Obscura's service worker does. It answers from the files of its own build and from nothing
 * else, adds the headers to every answer, and counts what it refused. It fetches no foreign address: for the
 * worker of a grant it stands aside, and the browser holds that worker to its own headers.
 */
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
import { GrantedClients } from './granted-clients';
import { KeptFiles, type KeptFilesPowers } from './kept-files';
import { Ledger, ledgerLimit, wallRow, type LedgerRow } from './ledger';
import { rowNames } from './ledger-line';
import { Mirror } from './mirror';
import { configPath } from './mirror-list';
import { sentHeaders } from './sent-headers';
import type { WallAnswer, WallQuestion } from './wall-messages';

/** What the wall takes from the browser. */
interface WallPowers extends KeptFilesPowers {
  readonly now: () => number;
  /** Tells every open tab what the ledger notes. */
  readonly tell: (row: LedgerRow) => void;
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
type Asked = Pick<Request, 'method' | 'url'> &
  Partial<Pick<Request, 'mode' | 'destination' | 'headers' | 'signal'>>;
type Passed = Pick<Allowed, 'file' | 'shelf' | 'headers'>;

export class Wall {
  readonly #ledger: Ledger;
  readonly #nextRow = rowNames();
  readonly #files: KeptFiles;
  readonly #mirror: Mirror;
  /** Caches belong to the whole origin; the folder in their names keeps two deployments on one host apart. */
  readonly #folder: string;
  readonly #shellCache: string;
  readonly #engineCache: string;
  readonly #granted: GrantedClients;
  /** How many requests of each page or worker were refused, by its id. */
  readonly #refused = new Map<string, number>();

  constructor(
    readonly list: AllowList,
    readonly powers: WallPowers,
  ) {
    this.#ledger = new Ledger(ledgerLimit, powers.now());
    this.#folder = new URL(powers.base).pathname;
    this.#shellCache = `${this.#folder}shell-${list.shellHash}`;
    this.#engineCache = `${this.#folder}engine`;
    this.#files = new KeptFiles(powers, (file) => {
      const shelf = list.shell.includes(file) ? 'shell' : 'engine';
      const { length: sentBytes } = this.#files.url(file);
      this.#note(shelf, 'network', 'allowed', { sentBytes, bytes: file.bytes });
    });
    this.#mirror = new Mirror(this.#files);
    this.#granted = new GrantedClients(list.grants);
  }

  /** Has the whole shell or fails: nothing is kept before every hash has agreed. */
  async install(): Promise<void> {
    const arrive = async (file: ListedFile) => ({ file, bytes: await this.#files.arrive(file) });
    const arrived = await Promise.all(this.list.shell.map(arrive));
    for (const { file, bytes } of arrived) {
      await this.#files.keepIfThereIsRoom(this.#shellCache, file, bytes);
    }
    await this.#files.keepOwnScript(this.#shellCache);
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
    if (method !== 'GET' || !this.#granted.lets(clientId, url)) return false;
    const { host } = new URL(url);
    this.#note('foreign', 'network', 'granted', { host });
    return true;
  }

  /** The answer to every other request of the page and its workers. A refusal looks like a dead line. */
  async answer(request: Asked, clientId = ''): Promise<Response> {
    const decision = decide(request, this.powers.base, this.list);
    if (!decision.allow) {
      const isUnlisted = decision.reason === 'unlisted';
      const kept = isUnlisted ? await this.#ofAnotherBuild(request.url) : undefined;
      if (kept !== undefined) return kept;
      const beside = isUnlisted ? await this.#beside(request.url, clientId) : undefined;
      if (beside !== undefined) return this.#bytesOf(request, beside);
      const pathClass = decision.reason === 'foreign' ? 'foreign' : 'unknown';
      this.#note(pathClass, 'none', decision.reason, { method: request.method });
      this.#refused.set(clientId, this.#refusedOf(clientId) + 1);
      return Response.error();
    }
    const { file } = decision;
    const isAsker = async () => (await this.powers.clientUrl(clientId)) === this.#files.url(file);
    await this.#granted.note(file, clientId, isAsker);
    if (decision.from === 'network') return this.#bytesOf(request, decision);
    try {
      const { body, status } = await this.#kept(decision, request.mode === 'navigate');
      return new Response(body, { status, headers: decision.headers });
    } catch {
      return this.#failed(decision);
    }
  }

  /** Messages of the page of this id. Anything not listed here is ignored. */
  async hear(question: WallQuestion, reply: Reply, clientId = ''): Promise<void> {
    switch (question.type) {
      case 'ledger':
        reply({
          type: 'ledger',
          ...this.#ledger.state(),
          underWay: this.#files.underWay,
          refused: [...this.#refused.values()].reduce((sum, count) => sum + count, 0),
          refusedOfAsker: this.#refusedOf(clientId),
        });
        break;
      case 'build': {
        const serviceWorker = await this.#files.hashOfOwnScript(this.#shellCache);
        const { shell, engine, shellHash } = this.list;
        const files = [...shell, ...engine].map(({ path, sha256 }) => ({ path, sha256 }));
        reply({ type: 'build', shell: shellHash, serviceWorker, files });
        break;
      }
      case 'forget-ledger':
        this.#ledger.clear(this.powers.now());
        break;
      case 'settings':
        reply(await this.#settings());
        break;
      case 'headers': {
        const wall = (path: string) => this.answer({ method: 'GET', url: this.powers.base + path });
        reply({ type: 'headers', files: await sentHeaders(this.list, { host: this.#askHost, wall }) });
        break;
      }
      case 'skip-waiting':
        await this.powers.skipWaiting();
        break;
      case 'fetch-engine':
        // Nothing else can happen to it: what cannot be kept is only fetched again.
        await this.#fetchEngine(reply).catch(() => reply({ type: 'engine-failed', code: 'network/failed' }));
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
        if (await this.#keeps()) await this.#files.keepIfThereIsRoom(this.#engineCache, file, bytes);
      }
      before += file.bytes;
      report(before);
    }
    reply({ type: 'engine-ready' });
  }

  /** What the host's manifest names, where the library worker asks for it. */
  async #beside(url: string, clientId: string): Promise<Passed | undefined> {
    if (clientId === '' || !this.#mirror.isFor(await this.powers.clientUrl(clientId))) return undefined;
    const file = await this.#mirror.find(this.#pathOf(url));
    return file && { file, shelf: 'models', headers: answerHeaders(file.path, this.powers.base, []) };
  }

  /** What the deployment's administrator set, which no build can list. */
  async #settings(): Promise<WallAnswer> {
    const cacheName = (await this.#keeps()) ? `${this.#folder}config` : null;
    const newest = await this.#files.newest(cacheName, configPath);
    const text = newest?.text ?? null;
    if (newest === undefined) this.#failed({ shelf: 'shell' });
    else if (newest.isKept) this.#note('shell', 'cache', 'allowed');
    else {
      const sentBytes = this.powers.base.length + configPath.length;
      this.#note('shell', 'network', 'allowed', { sentBytes, bytes: new Blob([text ?? '']).size });
    }
    return { type: 'settings', known: newest !== undefined, text };
  }

  async #bytesOf(request: Asked, passed: Passed): Promise<Response> {
    try {
      const range = rangeOf(request.headers?.get('Range') ?? null, passed.file);
      const response = await this.#passOn(passed, range, request.signal);
      // Read by a script as mere bytes, no header takes effect, and an answer made anew would come at half the speed.
      if (request.destination === '') return response;
      const { body, status, headers } = response;
      return new Response(body, { status, headers: { ...passed.headers, ...modelHeaders(headers) } });
    } catch {
      return this.#failed(passed);
    }
  }

  #failed({ shelf }: Pick<Allowed, 'shelf'>): Response {
    this.#note(shelf, 'network', 'failed');
    return Response.error();
  }

  /** From the cache; fetched, checked and kept when it is not there (yet, or any more). */
  async #kept({ file, shelf }: Allowed, isVisit: boolean): Promise<Response> {
    const cacheName = shelf === 'shell' ? this.#shellCache : this.#engineCache;
    const hit = await this.#files.find(cacheName, file);
    if (hit !== undefined) {
      this.#note(shelf, 'cache', 'allowed');
      return hit;
    }
    const bytes = await this.#files.arrive(file);
    if (isVisit || (await this.#keeps())) await this.#files.keepIfThereIsRoom(cacheName, file, bytes);
    return new Response(bytes);
  }

  /** For a tab that was open before an update: the files of its own build, as long as they are here. */
  async #ofAnotherBuild(url: string): Promise<Response | undefined> {
    const cacheNames = [this.#engineCache, ...(await this.#shellCaches())];
    const hit = await this.#files.findOfAnyBuild(cacheNames, url);
    if (hit === undefined) return undefined;
    const path = this.#pathOf(url);
    this.#note(path.startsWith('engine/') ? 'engine' : 'shell', 'cache', 'allowed');
    // The grants of that build are not known here, so its workers have none.
    return new Response(hit.body, { headers: answerHeaders(path, this.powers.base, []) });
  }

  #refusedOf(clientId: string): number {
    return this.#refused.get(clientId) ?? 0;
  }

  /** Where what install kept is gone, the visitor erased it: a tab still open brings nothing back, the next visit does. */
  #keeps(): Promise<boolean> {
    return this.powers.caches.has(this.#shellCache).catch(() => false);
  }

  #pathOf(url: string): string {
    return new URL(url).pathname.slice(this.#folder.length);
  }

  async #shellCaches(): Promise<string[]> {
    return (await this.powers.caches.keys()).filter((name) => name.startsWith(`${this.#folder}shell-`));
  }

  /** Only from here does the page's own address reach the host; the page would be answered by the wall. */
  readonly #askHost = (path: string): Promise<Response> => {
    const shelf = path.startsWith('engine/') ? 'engine' : 'shell';
    return this.#passOn({ file: { path, bytes: 0, sha256: '' }, shelf });
  };

  /** Models are checked and kept by the model store, so they only pass through. */
  async #passOn(
    { file, shelf }: Pick<Allowed, 'file' | 'shelf'>,
    range: ByteRange | null = null,
    signal?: AbortSignal,
  ): Promise<Response> {
    const response = await this.#files.ask(file, { range, ...(signal ? { signal } : {}) });
    const whole = range && response.status === 206 ? range.last - range.first + 1 : file.bytes;
    const sentBytes =
      this.#files.url(file).length + (range ? `bytes=${range.first}-${range.last}`.length : 0);
    const [bytes, verdict] = response.ok ? ([whole, 'allowed'] as const) : ([0, 'failed'] as const);
    this.#note(shelf, 'network', verdict, { sentBytes, bytes });
    return response;
  }

  #note(...told: Parameters<typeof wallRow>): void {
    const row = { id: this.#nextRow(), time: this.powers.now(), ...wallRow(...told) };
    this.#ledger.add(row);
    this.powers.tell(row);
  }
}
