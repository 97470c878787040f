/**
 * The production server: files of one folder with the headers of privacy/policy.ts, on this machine only unless
 * told otherwise. `npm start` runs it; the tests use `serve` with a base path, or as a host without headers.
 */
import { createReadStream, existsSync, readFileSync, statSync, type Stats } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  cacheControl,
  fileKind,
  headersFor,
  mimeType,
  readHeadersFile,
  type HeaderSet,
} from '../privacy/policy';

export interface ServeOptions {
  readonly dir: string;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Where the app lies on the host, with a slash at both ends. */
  readonly basePath?: string;
  /** False: only the content type, as a host without header settings does; 'isolation': COOP and COEP besides. */
  readonly headers?: boolean | 'isolation';
  /** Remember every request for `requests()`. For tests and measurements: a server that stays up would not end. */
  readonly record?: boolean;
}

export interface ServedRequest {
  readonly method: string;
  /** As it came, with its query. */
  readonly url: string;
  readonly status: number;
  /** What came in: request line, headers and the announced body. */
  readonly bytes: number;
  /** The browser itself asking whether there is a newer service worker; no page or worker sends this. */
  readonly updateCheck: boolean;
}

export interface RunningServer {
  /** The app's address, with a slash at its end. */
  readonly url: string;
  /** Empty unless started with `record`. */
  requests(): readonly ServedRequest[];
  /** Also ends open connections. */
  close(): Promise<void>;
}

interface FoundFile {
  readonly path: string;
  readonly file: string;
  readonly stats: Stats;
}

/** The file for a request's path, or null: outside the base, outside the folder, no plain file. */
function findFile(dir: string, basePath: string, pathname: string): FoundFile | null {
  if (!pathname.startsWith(basePath)) return null;
  try {
    const path = decodeURIComponent(pathname.slice(basePath.length)) || 'index.html';
    const file = resolve(dir, path);
    if (!file.startsWith(resolve(dir) + sep)) return null;
    const stats = statSync(file);
    return stats.isFile() ? { path, file, stats } : null;
  } catch {
    // No such file, or a name that cannot be one.
    return null;
  }
}

/** A kind says its headers; what a grant's worker may fetch, the build knows and wrote into `_headers`. */
function headersOfFile(dir: string, path: string): HeaderSet {
  const hosts = join(dir, '_headers');
  const written = path.startsWith('engine/grant-') && existsSync(hosts);
  const named = written ? readHeadersFile(readFileSync(hosts, 'utf8'), path) : null;
  return named ?? headersFor(fileKind(path));
}

function asSent(policy: HeaderSet, headers: ServeOptions['headers'] = true): HeaderSet {
  if (headers === true) return policy;
  const isolation = ['Cross-Origin-Opener-Policy', 'Cross-Origin-Embedder-Policy'];
  const sent = Object.entries(policy).filter(([name]) => headers && isolation.includes(name));
  return Object.fromEntries(sent);
}

function answer(options: ServeOptions, request: IncomingMessage, response: ServerResponse): void {
  const { dir, basePath = '/', headers } = options;
  const refuse = (status: number, more: Record<string, string> = {}) => {
    response.writeHead(status, {
      ...asSent(headersFor('asset'), headers),
      ...more,
      'Content-Type': 'text/plain',
    });
    response.end(`${status}\n`);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(405, { Allow: 'GET, HEAD' });
    return;
  }
  // Not through URL(): it would resolve dot segments before they can be refused.
  const found = findFile(dir, basePath, (request.url ?? '/').replace(/[?#].*$/, ''));
  if (found === null) {
    refuse(404);
    return;
  }
  const { size, mtimeMs } = found.stats;
  const range = readRange(request.headers.range, size);
  if (range === 'outside') {
    refuse(416, { 'Content-Range': `bytes */${size}` });
    return;
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  response.writeHead(range ? 206 : 200, {
    'Content-Type': mimeType(found.path),
    'Content-Length': end - start + 1,
    ...(range ? { 'Content-Range': `bytes ${start}-${end}/${size}` } : {}),
    'Accept-Ranges': 'bytes',
    ETag: `"${size.toString(16)}-${Math.round(mtimeMs).toString(16)}"`,
    ...(headers === false ? {} : { 'Cache-Control': cacheControl(found.path) }),
    ...asSent(headersOfFile(dir, found.path), headers),
  });
  if (request.method === 'HEAD') response.end();
  // A file that cannot be read (a new build may be on its way) ends this answer, not the server.
  else pipeline(createReadStream(found.file, range ?? {}), response, () => undefined);
}

/**
 * One range as a client asks for it, both ends counted in; null for the whole file, also where several ranges
 * or something else is asked for (RFC 9110, section 14.2: a server may ignore what it does not know).
 */
function readRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'outside' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (start >= size) return 'outside';
  return start <= end ? { start, end } : null;
}

function bytesOf({ method = '', url = '', rawHeaders, headers }: IncomingMessage): number {
  const head = `${method} ${url} ${rawHeaders.join(' ')}`;
  return Buffer.byteLength(head) + Number(headers['content-length'] ?? 0);
}

/** @throws the server's own error (EADDRINUSE, EACCES) when it cannot listen */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { host = '127.0.0.1', port = 4173, basePath = '/', record = false } = options;
  const seen: ServedRequest[] = [];
  const server: Server = createServer((request, response) => {
    answer(options, request, response);
    if (!record) return;
    const { method = '', url = '', headers } = request;
    const updateCheck = headers['service-worker'] === 'script';
    seen.push({ method, url, status: response.statusCode, bytes: bytesOf(request), updateCheck });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(port, host, listening);
  });
  const { port: bound } = server.address() as AddressInfo;
  const name = host === '127.0.0.1' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${bound}${basePath}`,
    requests: () => [...seen],
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string', default: '4173' } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${values.port} is not a port.`);
  const dir = fileURLToPath(new URL('../../dist', import.meta.url));
  if (!existsSync(join(dir, 'index.html'))) throw new Error('There is no dist yet; run npm run build first.');
  try {
    const { url } = await serve({ dir, host: values.host, port });
    console.log(`Obscura is on ${url.slice(0, -1)}`);
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    const taken = `Port ${port} is taken by another program; stop it, or choose another with --port.`;
    throw new Error(code === 'EADDRINUSE' ? taken : message, { cause: thrown });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((thrown: unknown) => {
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    process.exitCode = 1;
  });
}
