/** The other side of a leak: a server at an origin of its own that answers everything, and listens by UDP on the same port. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OtherSide {
  /** Any name below this one leads here. */
  readonly url: string;
  readonly port: number;
  /** Request lines, host names, headers and bodies, and what was said before a protocol was agreed on. */
  heard(token: string): boolean;
  /** Datagrams so far: STUN and QUIC say no token that could be read. */
  datagrams(): number;
  close(): Promise<void>;
}

/** Allows everything a browser asks before it would send. */
const open = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Content-Type': 'text/javascript',
};

export async function openOtherSide(): Promise<OtherSide> {
  const lines: string[] = [];
  const server = createServer((request, response) => {
    lines.push(`${request.headers.host} ${request.url} ${request.rawHeaders.join(' ')}`);
    request.on('data', (part: Buffer) => lines.push(part.toString('latin1')));
    response.writeHead(200, open).end('/* heard */');
  });
  server.on('upgrade', (request, socket) => {
    lines.push(`${request.headers.host} ${request.url}`);
    socket.destroy();
  });
  // QUIC and TLS come to the same port, with the name in the clear.
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const udp = createSocket('udp4');
  let datagrams = 0;
  udp.on('message', () => (datagrams += 1));
  await new Promise<void>((bound) => udp.bind(port, '127.0.0.1', bound));
  return {
    url: `http://leak-test.localhost:${port}`,
    port,
    heard: (token) => lines.some((line) => line.includes(token)),
    datagrams: () => datagrams,
    close: () =>
      new Promise((closed) => {
        udp.close();
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
