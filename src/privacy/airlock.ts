/** The airlock: the only `fetch` of the code. Sealed, it reaches files of our own folder and nothing else. */
import { StudioError, isAbort } from '../base/errors';
import type { ByteRange } from './allow-list';
import { appBase } from './app-base';

export interface AirlockOptions {
  readonly signal?: AbortSignal;
  /** What is asked for; a host may answer with the whole file (200) all the same. */
  readonly range?: ByteRange;
  /** For tests: another folder, another line. */
  readonly base?: string;
  readonly line?: (url: string, init: RequestInit) => Promise<Response>;
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
  const { signal, range, base = appBase, line = overNetwork } = options;
  const init: RequestInit = {
    credentials: 'same-origin',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    // A part of a model is kept by the model store and must not lie in the browser's cache besides.
    ...(range ? { headers: { Range: `bytes=${range.first}-${range.last}` }, cache: 'no-store' } : {}),
    ...(signal ? { signal } : {}),
  };
  let response: Response;
  try {
    response = await line(new URL(path, base).href, init);
  } catch (thrown) {
    if (isAbort(thrown) || signal?.aborted === true) throw thrown;
    throw new StudioError('network/failed', { path }, { cause: thrown });
  }
  const refusal = refusalOf(response, path);
  if (refusal === null) return response;
  // The rest of an answer that is not wanted would hold its connection.
  await response.body?.cancel().catch(() => undefined);
  throw refusal;
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
