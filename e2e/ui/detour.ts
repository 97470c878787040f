/** A way to the built app that is slow for some files and loses others, as a visitor's line or host may be. */
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningServer } from '../../src/cli/serve';

export interface DetourAnswer {
  readonly path: string;
  /** As it was asked for, '' for the whole file. */
  readonly range: string;
  /** True once the last byte was sent. */
  whole: boolean;
}

export interface Detour {
  readonly url: string;
  /** Every request so far. */
  readonly answers: DetourAnswer[];
  /** Requests that are being answered now. */
  readonly open: number;
  /** Files whose path this matches come in pieces, with a pause after each. */
  slow: RegExp | null;
  /** How long each of these pauses is. */
  pauseMs: number;
  /** Files whose path this matches are not there. */
  lost: RegExp | null;
  close(): Promise<void>;
}

const pieces = 8;
const smallestPieceBytes = 16 * 1024;

async function* slowly(answer: IncomingMessage, pauseMs: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.concat(await answer.toArray());
  const size = Math.max(smallestPieceBytes, Math.ceil(bytes.length / pieces));
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

export async function openDetour(app: RunningServer): Promise<Detour> {
  let open = 0;
  const server = createServer(({ url = '/', headers: { range = '' } }, response) => {
    const row: DetourAnswer = { path: url.slice(1), range, whole: false };
    detour.answers.push(row);
    open += 1;
    response.on('finish', () => (row.whole = true)).on('close', () => (open -= 1));
    if (detour.lost?.test(url)) {
      response.writeHead(404).end();
      return;
    }
    get(new URL(url, app.url), { headers: range === '' ? {} : { range } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (!detour.slow?.test(url)) answer.pipe(response);
      else
        void (async () => {
          for await (const piece of slowly(answer, detour.pauseMs)) response.write(piece);
          response.end();
        })();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const detour: Detour = {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    answers: [],
    get open() {
      return open;
    },
    slow: null,
    pauseMs: 250,
    lost: null,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return detour;
}
