/** Attacks one opened app: every channel in the thread it belongs to, with another side that listens. */
import { resolve } from 'node:path';
import type { BrowserContext, Page, Worker } from 'playwright';
import { build } from 'vite';
import { leakChannels, type LeakChannel } from '../privacy/leaks';
import type { TokenAttempt } from '../privacy/leaks/attack';
import type { OtherSide } from './other-side';
import { PlainError } from './plain-error';

const folder = resolve(import.meta.dirname, '../privacy/leaks');

/** The app's own attack as one script, so that an app that was changed cannot spare itself. */
export async function attackScript(): Promise<string> {
  const entry = 'virtual:leaks';
  const answer = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'obscura:leaks',
        resolveId: (id) => (id === entry ? entry : null),
        load: (id) =>
          id === entry
            ? `import { attack } from '${folder}/attack.ts';
               import { allowlistHolds, pageCarriers } from '${folder}/page-carriers.ts';
               import { workerCarriers } from '${folder}/worker-carriers.ts';
               globalThis.leaks = { attack, allowlistHolds, carriers: { ...pageCarriers, ...workerCarriers } };`
            : null,
      },
    ],
    build: { write: false, minify: false, rolldownOptions: { input: entry, output: { format: 'iife' } } },
  });
  const [first] = Array.isArray(answer) ? answer : [answer];
  if (!('output' in first)) throw new PlainError('The attack could not be built.');
  const [chunk] = first.output;
  return chunk.code;
}

/** One attempt with what the other side's UDP port counted meanwhile. */
export interface SeenAttempt extends TokenAttempt {
  readonly datagrams: number;
}

export interface AttackedApp {
  readonly context: BrowserContext;
  /** Opened anew where a channel left it. */
  page: Page;
  /** Opens the app once more, sealed. */
  readonly again: () => Promise<Page>;
  /** Opens it once more in the state that is attacked. */
  readonly reopen: () => Promise<Page>;
  /** The workers that are alive in this state. */
  readonly kinds: readonly string[];
  readonly url: string;
  readonly script: string;
  readonly other: OtherSide;
}

type Thread = Page | Worker;

export async function attackApp(
  app: AttackedApp,
  channels: readonly LeakChannel[],
  seen: (attempt: SeenAttempt) => void,
): Promise<void> {
  for (const channel of channels) {
    if (!stands(app)) await reopen(app);
    const before = app.other.datagrams();
    const attempt = await tryChannel(app, channel);
    // QUIC and STUN say it again and again; the first datagram is here within this.
    if (/webrtc|webtransport/.test(channel.id)) await new Promise((past) => setTimeout(past, 200));
    seen({ ...attempt, datagrams: app.other.datagrams() - before });
  }
}

/** Still the app, and in this state. */
function stands({ page, url, kinds }: AttackedApp): boolean {
  const there = !page.isClosed() && page.url().startsWith(url);
  return there && kinds.every((kind) => findWorker(page, kind) !== undefined);
}

async function tryChannel(app: AttackedApp, channel: LeakChannel): Promise<TokenAttempt> {
  if (channel.place === 'service-worker') {
    const [worker] = app.context.serviceWorkers();
    if (!worker) throw new PlainError('The app has no service worker.');
    return within(worker, app, channel);
  }
  if (channel.place === 'new-page') {
    const page = await app.again();
    try {
      return await within(page, app, channel);
    } finally {
      for (const opened of app.context.pages()) if (opened !== app.page) await opened.close();
    }
  }
  return within(channel.place === 'page' ? app.page : workerOf(app.page, 'inference'), app, channel);
}

/** The channels of a worker once more, in the worker of a grant. */
export async function attackGrant(
  app: AttackedApp,
  channels: readonly LeakChannel[],
  seen: (attempt: SeenAttempt) => void,
): Promise<void> {
  for (const channel of channels.filter(({ place }) => place === 'worker')) {
    if (!stands(app)) await reopen(app);
    const attempt = await within(workerOf(app.page, 'grant'), app, channel);
    seen({ ...attempt, channel: `grant-${attempt.channel}`, datagrams: 0 });
  }
}

async function reopen(app: AttackedApp): Promise<void> {
  await app.page.close();
  app.page = await app.reopen();
}

function findWorker(page: Page, kind: string): Worker | undefined {
  return page.workers().find((one) => one.url().includes(`/engine/${kind}-`));
}

export function workerOf(page: Page, kind: string): Worker {
  const worker = findWorker(page, kind);
  if (!worker) throw new PlainError(`The app has no ${kind} worker.`);
  return worker;
}

/** A thread that is gone, or a page that was left, is told by the other side alone. */
async function within(thread: Thread, app: AttackedApp, channel: LeakChannel): Promise<TokenAttempt> {
  let told: TokenAttempt | null = null;
  const { port } = app.other;
  const line = {
    base: app.url,
    foreign: app.other.url,
    stun: `leak-test.localhost:${port}`,
    stunAddress: `127.0.0.1:${port}`,
  };
  const token = `t${[...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  const call = `(async () => {
    if (!globalThis.leaks) { ${app.script} }
    let told = null;
    const { attack, carriers } = globalThis.leaks;
    await attack([${JSON.stringify(channel)}], carriers, ${JSON.stringify({ ...line, token })}, (attempt) => (told = attempt));
    return told;
  })()`;
  try {
    const evaluate =
      'goto' in thread ? thread.evaluate<TokenAttempt>(call) : thread.evaluate<TokenAttempt>(call);
    const late = new Promise<null>((past) => setTimeout(() => past(null), 8000));
    told = await Promise.race([evaluate, late]);
  } catch {
    // The page was left while it spoke.
  }
  return (
    told ?? { channel: channel.id, token, tried: 'unsure', directive: null, guarded: false, error: null }
  );
}

export function channelsNamed(names: string | undefined): readonly LeakChannel[] {
  if (names === undefined) return leakChannels;
  const asked = names.split(',');
  const found = leakChannels.filter(({ id }) => asked.includes(id) || asked.includes(id.split(':')[0] ?? ''));
  if (found.length === 0) throw new PlainError(`There is no channel ${names}.`);
  return found;
}
