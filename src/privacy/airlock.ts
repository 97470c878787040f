/**
 * The airlock: the only `fetch` of the code. Sealed, it reaches files of our own folder and nothing else. In the
 * worker of a grant it reaches the files of that grant, what their host states of them where it must be asked, and
 * nothing of ours but that worker's own script.
 */
import { StudioError, isAbort } from '../base/errors';
import type { ByteRange } from './allow-list';
import { appBase } from './app-base';
import { counted } from './counted';
import type { LedgerRow } from './ledger';
import { rowNames } from './ledger-line';
import { isGrantable, type ForeignFile } from './policy';

export interface AirlockOptions {
  readonly signal?: AbortSignal;
  /** What is asked for; a host may answer with the whole file (200) all the same. */
  readonly range?: ByteRange;
  /** For tests: another folder, another line. */
  readonly base?: string;
  readonly line?: (url: string, init: RequestInit) => Promise<Response>;
}

/** What the worker of a grant gives its airlock. */
interface AirlockPowers {
  readonly line?: AirlockOptions['line'];
  /** Hears of every answer and its bytes. */
  readonly note?: (row: LedgerRow) => void;
}

const overNetwork = (url: string, init: RequestInit) => fetch(url, init);

/** Plain segments only: no scheme, host, query, fragment, dot segment or escape can be written with these. */
const plainPath = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

/**
 * Fetches a file that ships with the app; `path` is relative to the app's folder. A redirect is never followed.
 * @throws StudioError network/refused for any other address, network/host-busy (with `retryAfterMs` where the
 * host says it) for 429 and 5xx, network/not-the-file for a page in its place, network/failed for the rest
 */
export async function airlockFetch(path: string, options: AirlockOptions = {}): Promise<Response> {
  // The address itself is not put into the error: it may be what somebody tried to leak.
  if (!plainPath.test(path)) throw new StudioError('network/refused', { reason: 'not a path of this app' });
  const { base = appBase, line = overNetwork } = options;
  const init = { ...askFor(options), credentials: 'same-origin', redirect: 'error' } as const;
  const dead = new StudioError('network/failed', { path });
  const response = await onTheLine(() => line(new URL(path, base).href, init), dead, options.signal);
  return wanted(response, refusalOf(response, path));
}

/**
 * The airlock of a worker made for `files`; `script` is that worker's own address. Nobody's cookies, referrer or
 * cache take part. What the host does not let a page read (its ETag, a range's place) is done without.
 * The function it gives @throws as `airlockFetch` does, and network/unreachable where the host did not answer or
 * did not let this page read its answer: the browser tells the two not apart.
 */
export function openAirlock(files: readonly ForeignFile[], script: string, powers: AirlockPowers = {}) {
  const { line = overNetwork, note = () => undefined } = powers;
  const nextRow = rowNames();
  return async (address: string, options: AirlockOptions): Promise<Response> => {
    const file = files.find(({ url, metadata }) => address === url || address === metadata);
    if (!file || !isGrantable(file))
      throw new StudioError('network/refused', { reason: 'not the file of this grant' });
    const { host, origin } = new URL(file.url);
    const init = {
      ...askFor(options),
      cache: 'no-store',
      credentials: 'omit',
      mode: 'cors',
      redirect: file.redirects.length > 0 ? 'follow' : 'error',
    } as const;
    const dead = new StudioError('network/unreachable', { host, address });
    const ask = async () => {
      // The wall lets pass only a worker that it has just seen asking for its own script.
      const { signal } = options;
      await (await line(script, askFor(signal ? { signal } : {}))).body?.cancel();
      return line(address, init);
    };
    const response = await onTheLine(ask, dead, options.signal);
    const row: LedgerRow = {
      ...{ id: nextRow(), time: Date.now(), by: 'library-worker', method: 'GET', pathClass: 'foreign', host },
      ...{ from: 'network', sentBytes: sentBytesOf(address, options.range), bytes: 0, verdict: 'granted' },
    };
    const kept = await wanted(
      response,
      strayed(response, [origin, ...file.redirects]) ?? refusalOf(response, host),
    );
    return counted(kept, row, note);
  };
}

function sentBytesOf(address: string, range: ByteRange | undefined): number {
  return address.length + (range ? `bytes=${range.first}-${range.last}`.length : 0);
}

function askFor({ range, signal }: AirlockOptions): RequestInit {
  return {
    referrerPolicy: 'no-referrer',
    // A part of a model is kept by the model store and must not lie in the browser's cache besides.
    ...(range ? { headers: { Range: `bytes=${range.first}-${range.last}` }, cache: 'no-store' } : {}),
    ...(signal ? { signal } : {}),
  };
}

/** @throws `dead` with what the browser said as its cause; an abort as it is */
async function onTheLine(
  ask: () => Promise<Response>,
  dead: StudioError,
  signal?: AbortSignal,
): Promise<Response> {
  try {
    return await ask();
  } catch (thrown) {
    if (isAbort(thrown) || signal?.aborted === true) throw thrown;
    throw new StudioError(dead.code, dead.details, { cause: thrown });
  }
}

/** The rest of an answer that is not wanted would hold its connection. */
async function wanted(response: Response, refusal: StudioError | null): Promise<Response> {
  if (refusal === null) return response;
  await response.body?.cancel().catch(() => undefined);
  throw refusal;
}

/** An answer that came from another place than agreed; the browser's policy stops it before this does. */
function strayed({ url }: Response, origins: readonly string[]): StudioError | null {
  if (url === '' || origins.includes(new URL(url).origin)) return null;
  return new StudioError('network/refused', { reason: 'redirected to another host' });
}

function refusalOf({ ok, status, headers }: Response, path: string): StudioError | null {
  if (status === 429 || status >= 500) {
    const retryAfterMs = retryAfter(headers.get('Retry-After'));
    const details = retryAfterMs === null ? {} : { retryAfterMs };
    return new StudioError('network/host-busy', { path, status, ...details });
  }
  if (!ok) return new StudioError('network/failed', { path, status });
  // Single-page hosts and captive portals answer 200 with a page in place of the file.
  const type = headers.get('Content-Type') ?? '';
  if (!type.startsWith('text/html')) return null;
  return new StudioError('network/not-the-file', { path, reason: 'html' });
}

/** Milliseconds from a count of seconds or a date, null where neither can be read. */
function retryAfter(value: string | null): number | null {
  if (value === null) return null;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
