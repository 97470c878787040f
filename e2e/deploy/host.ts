/** A real nginx or Caddy over the built app, from the very files of `dist/deploy`, on ports and folders of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const dist = fileURLToPath(new URL('../../dist', import.meta.url));
export const visitor = { username: 'visitor', password: 'let me in' };

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Host {
  readonly url: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** What lies in `/srv/obscura/beside`. */
  readonly beside: string;
  /** Everything that the server wrote, anywhere. */
  written(): string;
  close(): Promise<void>;
}

export const isHere = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

interface Made {
  readonly folder: string;
  readonly port: number;
  readonly plainPort: number;
}

/** The configuration, in the folders of this test and with its passwords switched on. */
function adapted(file: string, { folder, port, plainPort }: Made): string {
  return readFileSync(join(dist, 'deploy', file), 'utf8')
    .replaceAll('/tmp/', `${folder}/`)
    .replaceAll('/srv/obscura/app', dist)
    .replaceAll('/srv/obscura/beside', join(folder, 'beside'))
    .replaceAll('/etc/obscura/tls', folder)
    .replaceAll('/etc/obscura', folder)
    .replaceAll('/var/log/nginx', folder)
    .replace(/listen (?:443|8443) /, `listen ${port} `)
    .replace('listen 80;', `listen ${plainPort};`)
    .replace(/# (auth_basic)/g, '$1');
}

const starts: Record<string, (made: Made) => readonly string[]> = {
  'nginx.conf': (made) => {
    const main = `daemon off; pid ${made.folder}/nginx.pid; events {} http { include ${made.folder}/site.conf; }`;
    writeFileSync(join(made.folder, 'site.conf'), adapted('nginx.conf', made));
    writeFileSync(join(made.folder, 'main.conf'), main);
    return nginx(made, 'main.conf');
  },
  'nginx-unprivileged.conf': (made) => {
    writeFileSync(join(made.folder, 'main.conf'), adapted('nginx-unprivileged.conf', made));
    return nginx(made, 'main.conf');
  },
  Caddyfile: (made) => {
    const hashed = spawnSync('caddy', ['hash-password', '--plaintext', visitor.password], {
      encoding: 'utf8',
    });
    const text = adapted('Caddyfile', made)
      .replace('admin off', `admin off\n\thttps_port ${made.port}\n\thttp_port ${made.plainPort}`)
      .replace(
        /# basicauth \{\n\t# \tvisitor HASH\n\t# \}/,
        // A function, since the hash holds what a replacement would read as its own signs.
        () => `basicauth {\n\tvisitor ${hashed.stdout.trim()}\n}`,
      );
    writeFileSync(join(made.folder, 'Caddyfile'), text);
    return ['caddy', 'run', '--adapter', 'caddyfile', '--config', join(made.folder, 'Caddyfile')];
  },
};

function nginx({ folder }: Made, config: string): readonly string[] {
  const passwords = spawnSync('openssl', ['passwd', '-apr1', visitor.password], { encoding: 'utf8' });
  writeFileSync(join(folder, 'htpasswd'), `${visitor.username}:${passwords.stdout.trim()}\n`);
  // As root nginx would hand its workers to a user who may not see this folder.
  const user = process.getuid?.() === 0 ? ['-g', 'user root;'] : [];
  return ['nginx', '-e', join(folder, 'start.log'), '-c', join(folder, config), ...user];
}

/** `file` is one of `dist/deploy`. @throws Error with what the server said when it does not start */
export async function startHost(file: string): Promise<Host> {
  const folder = mkdtempSync(join(tmpdir(), 'obscura-host-'));
  chmodSync(folder, 0o755);
  const beside = join(folder, 'beside');
  mkdirSync(join(beside, 'models'), { recursive: true });
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const pair = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...pair, ...subject]);
  const made = { folder, port: await freePort(), plainPort: await freePort() };
  const [program = '', ...args] = starts[file]?.(made) ?? [];
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(program, args, { env });
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const url = `https://localhost:${made.port}/`;
  const ca = readFileSync(join(folder, 'cert.pem'));
  const get = (path: string, headers = {}) => ask(new URL(path, url), { ca, headers });
  const filesIn = () => readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const host: Host = {
    url,
    get,
    beside,
    written: () =>
      [
        said,
        ...filesIn()
          .filter((name) => name.endsWith('.log'))
          .map((name) => readFileSync(join(folder, name), 'utf8')),
      ].join('\n'),
    async close() {
      await end(child);
      rmSync(folder, { recursive: true });
    },
  };
  for (let tries = 0; tries < 100; tries += 1) {
    if (child.exitCode !== null) break;
    if (
      await get('').then(
        () => true,
        () => false,
      )
    )
      return host;
    await wait(100);
  }
  const why = host.written();
  await host.close();
  throw new Error(`${file} does not start: ${why}`);
}

function ask(url: URL, options: { ca: Buffer; headers: Record<string, string> }): Promise<Answer> {
  return new Promise((done, failed) => {
    request(url, options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    })
      .on('error', failed)
      .end();
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((exited) => child.once('exit', exited));
  child.kill('SIGTERM');
  await ended;
}
