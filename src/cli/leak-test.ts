/**
 * `npm run leak-test [-- URL]`: attacks the built app, or one on a host, in Chromium through every channel of
 * privacy/leaks.ts, with another side that listens. One JSON line a channel; exit 1 if one that is to be closed leaked.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import { isOpen, judge, type LeakChannel, type Verdict } from '../privacy/leaks';
import { ensureChromium, launchArgs } from './browser';
import {
  attackApp,
  attackGrant,
  attackScript,
  channelsNamed,
  type AttackedApp,
  type SeenAttempt,
} from './leak-attack';
import { netLogReader } from './net-log';
import { openOtherSide } from './other-side';
import { PlainError, runCommand } from './plain-error';
import { serve, type RunningServer } from './serve';

export interface LeakTestOptions {
  /** An app on a host; else `dist` is served here. */
  readonly url?: string;
  /** Whether the host of `dist` sends the headers. */
  readonly headers?: boolean;
  /** False starts a Chromium that does not know `Connection-Allowlist`. */
  readonly allowlist?: boolean;
  readonly states?: readonly LeakState[];
  readonly channels?: readonly LeakChannel[];
  readonly dist?: string;
}

export type LeakState = 'sealed' | 'fetching';

export interface LeakRow extends Verdict {
  readonly state: LeakState;
  /** Whether the design says that it is closed here. */
  readonly promised: boolean;
}

/** @throws PlainError where the app does not open */
export async function leakTest(options: LeakTestOptions = {}): Promise<readonly LeakRow[]> {
  const { headers = true, allowlist = true, states = ['sealed', 'fetching'] } = options;
  const channels = options.channels ?? channelsNamed(undefined);
  const dist = options.dist ?? resolve(import.meta.dirname, '../../dist');
  const server =
    options.url === undefined ? await serve({ dir: dist, port: 0, headers, record: true }) : null;
  const url = server?.url ?? options.url ?? '';
  const other = await openOtherSide();
  const hole = await openHole();
  const logs = mkdtempSync(join(tmpdir(), 'obscura-leak-'));
  const netLog = join(logs, 'net.json');
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [
      ...launchArgs,
      `--log-net-log=${netLog}`,
      '--net-log-capture-mode=IncludeSensitive',
      // The one host that a model of this build may come from takes connections and says nothing: it stays fetching.
      `--host-resolver-rules=MAP raw.githubusercontent.com 127.0.0.1:${hole.port}`,
      `--disable-features=LocalNetworkAccessChecks${allowlist ? '' : ',ConnectionAllowlists'}`,
    ],
  });
  const seen: { state: LeakState; attempt: SeenAttempt }[] = [];
  let holds: boolean | null = null;
  try {
    const context = await browser.newContext({ locale: 'en' });
    const again = () => openApp(context.newPage(), url);
    const page = await again();
    const script = await attackScript();
    await page.evaluate(`(() => { ${script} })()`);
    holds = await page.evaluate<boolean | null>('leaks.allowlistHolds()');
    const sealed = { context, again, url, script, other, page };
    for (const state of states) {
      const note = (attempt: SeenAttempt) => seen.push({ state, attempt });
      if (state === 'sealed') {
        await attackApp({ ...sealed, reopen: again, kinds: ['inference'] }, channels, note);
        continue;
      }
      const reopen = async () => beginFetching(await again());
      const fetching: AttackedApp = {
        ...sealed,
        ...{ page: await reopen(), reopen, kinds: ['inference', 'grant'] },
      };
      await attackGrant(fetching, channels, note);
      await attackApp(fetching, channels, note);
    }
    // What a browser puts off, it sends within this.
    await new Promise((past) => setTimeout(past, 1500));
  } finally {
    await browser.close();
    await Promise.all([other.close(), hole.close(), server?.close()]);
  }
  const onTheWire = netLogReader(netLog);
  rmSync(logs, { recursive: true });
  const own = ownLog(server);
  return seen.map(({ state, attempt }) => {
    const { token, datagrams } = attempt;
    const arrived = other.heard(token) || own(token) || datagrams > 0 || onTheWire(token).length > 0;
    const verdict = judge(attempt, { allowlist: holds, arrived });
    return { ...verdict, state, promised: isPromised(attempt.channel, { headers, holds: holds === true }) };
  });
}

function isPromised(channel: string, { headers, holds }: { headers: boolean; holds: boolean }): boolean {
  if (!holds && isOpen(channel, 'without-allowlist')) return false;
  return headers || !isOpen(channel, 'without-host-headers');
}

const ownLog = (server: RunningServer | null) => (token: string) =>
  server?.requests().some(({ url }) => url.includes(token)) ?? false;

async function openApp(opening: Promise<Page>, url: string): Promise<Page> {
  const page = await opening;
  await page.goto(`${url}?backend=wasm&lang=en#/privacy`);
  await page
    .locator('html[data-wall="standing"][data-ready="true"]')
    .waitFor({ state: 'attached', timeout: 60_000 })
    .catch(() => {
      throw new PlainError(`The app at ${url} did not close its wall.`);
    });
  // The engine's worker is made after the first paint.
  await page.waitForFunction(() => document.documentElement.dataset.backend !== undefined);
  return page;
}

/** By the switch of the page itself. */
async function beginFetching(page: Page): Promise<Page> {
  await page.getByRole('switch', { name: 'Airlock' }).click();
  // Its host is the one that takes connections and says nothing.
  const choice = page
    .getByRole('region', { name: 'Airlock' })
    .getByRole('button', { name: /^YuNet/ })
    .first();
  await choice.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Accept licence and get' }).click();
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Fetching/ })
    .waitFor();
  return page;
}

async function openHole(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () => {
      server.close();
      return Promise.resolve();
    },
  };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'no-headers': { type: 'boolean', default: false },
      'no-allowlist': { type: 'boolean', default: false },
      state: { type: 'string' },
      channel: { type: 'string' },
    },
  });
  const [url] = positionals;
  const { state } = values;
  if (state !== undefined && state !== 'sealed' && state !== 'fetching')
    throw new PlainError('--state is sealed or fetching.');
  if (url === undefined && !existsSync(resolve(import.meta.dirname, '../../dist/service-worker.js')))
    throw new PlainError('There is no dist yet; run npm run build first.');
  const rows = await leakTest({
    ...(url === undefined ? {} : { url: new URL('./', url).href }),
    headers: !values['no-headers'],
    allowlist: !values['no-allowlist'],
    ...(state === undefined ? {} : { states: [state] }),
    channels: channelsNamed(values.channel),
  });
  for (const { channel, state: was, leaked, blockedBy } of rows)
    console.log(JSON.stringify({ channel, state: was, leaked, blockedBy }));
  const broken = rows.filter(({ leaked, promised }) => promised && leaked !== false);
  const open = rows.filter(({ leaked, promised }) => !promised && leaked !== false);
  console.error(
    `${rows.length} tried, ${broken.length} leaked that should not, ${open.length} open as said.`,
  );
  return broken.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runCommand(main);
