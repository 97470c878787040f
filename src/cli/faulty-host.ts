/** A host of files that fails on command, for the tests of downloads; its log says which bytes it really sent. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Fault {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection ends after this share of the answer, 0 to 1. */
  readonly cutAt?: number;
  readonly ignoreRange?: boolean;
  /** These bytes in place of the file. */
  readonly bytes?: Uint8Array;
  /** The byte at this place of the file has one bit flipped. */
  readonly flipAt?: number;
  /** Pieces of this size with a pause after each. */
  readonly slow?: { readonly pieceBytes: number; readonly pauseMs: number };
  /** Headers, then nothing ever. */
  readonly hang?: boolean;
  /** Null sends none. */
  readonly etag?: string | null;
}

export interface HostRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** First and last byte asked for; null for the whole file. */
  readonly range: readonly [first: number, last: number] | null;
  /** Place in the log, from 0. */
  readonly number: number;
}

export interface LoggedRequest extends HostRequest {
  /** What was sent of the file: offset of the first byte and how many. */
  sentFrom: number;
  sentBytes: number;
  whole: boolean;
}

export interface FaultyHost {
  /** With a slash at its end. */
  readonly url: string;
  readonly files: Map<string, Uint8Array>;
  readonly log: LoggedRequest[];
  /** Asked for every request. */
  fault: (request: HostRequest) => Fault | null;
  /** Requests that are being answered now. */
  readonly open: number;
  close(): Promise<void>;
}

export async function openFaultyHost(): Promise<FaultyHost> {
  let open = 0;
  const server = createServer((request, response) => {
    open += 1;
    response.on('close', () => (open -= 1));
    void answer(host, request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const host: FaultyHost = {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    files: new Map(),
    log: [],
    fault: () => null,
    get open() {
      return open;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return host;
}

async function answer(host: FaultyHost, request: IncomingMessage, response: ServerResponse) {
  const { method = '', url = '/', headers } = request;
  const path = url.slice(1);
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  const range = first === undefined ? null : ([Number(first), Number(last)] as const);
  const row: LoggedRequest = {
    ...{ method, path, headers, range, number: host.log.length },
    ...{ sentFrom: 0, sentBytes: 0, whole: false },
  };
  host.log.push(row);
  const fault = host.fault(row) ?? {};
  const file = fault.bytes ?? host.files.get(path);
  if (!file || (fault.status ?? 200) >= 300) {
    response.writeHead(fault.status ?? 404, fault.headers).end();
    return;
  }
  const ranged = range !== null && fault.ignoreRange !== true;
  if (ranged && range[0] >= file.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${file.length}` }).end();
    return;
  }
  const from = ranged ? range[0] : 0;
  const to = ranged ? Math.min(range[1] + 1, file.length) : file.length;
  const body = Buffer.from(file.slice(from, to));
  const flip = (fault.flipAt ?? -1) - from;
  if (flip >= 0 && flip < body.length) body[flip] = (body[flip] ?? 0) ^ 1;
  const etag = fault.etag === undefined ? '"one"' : fault.etag;
  response.writeHead(ranged ? 206 : 200, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': body.length,
    ...(ranged ? { 'Content-Range': `bytes ${from}-${to - 1}/${file.length}` } : {}),
    ...(etag === null ? {} : { ETag: etag }),
    ...fault.headers,
  });
  row.sentFrom = from;
  await send(body, fault, { row, response });
}

async function send(
  body: Buffer,
  { cutAt = 1, hang = false, slow }: Fault,
  { row, response }: { row: LoggedRequest; response: ServerResponse },
): Promise<void> {
  response.flushHeaders();
  if (hang) return;
  const end = Math.ceil(body.length * cutAt);
  const size = slow?.pieceBytes ?? Math.max(1, end);
  for (let at = 0; at < end && !response.closed; at += size) {
    const piece = body.subarray(at, Math.min(at + size, end));
    await new Promise((sent) => response.write(piece, sent));
    row.sentBytes += piece.length;
    // Not after the last piece: the client already takes the answer for whole and asks the next thing.
    if (slow && at + size < end) await new Promise((resolve) => setTimeout(resolve, slow.pauseMs));
  }
  if (cutAt < 1) {
    response.socket?.destroy();
    return;
  }
  row.whole = row.sentBytes === body.length;
  response.end();
}
