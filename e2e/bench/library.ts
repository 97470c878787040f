/**
 * Models on their way into the store and back out, against IndexedDB alone: the same bytes written as Blobs by
 * nobody's rules, and read without a check. On a browser profile on disk, the page cache warm.
 */
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream';
import { chromium, type BrowserContext, type Page } from 'playwright';
import { build, type Rolldown } from 'vite';
import { ensureChromium, launchArgs } from '../../src/cli/browser';
import { serve } from '../../src/cli/serve';
import { layNoiseModel } from '../fixtures/noise-model';
import { openBareShelf } from './bare-page';
import type { Measurement } from './bench';
import { median, round } from './figures';
import { peakMemory } from './memory';

const root = resolve(import.meta.dirname, '../..');
const modelBytes = 512 * 1024 * 1024;
const lineBytesPerSecond = 50e6;
/** So much of the time that this machine was too busy to send is made up for, as by the queue of a real line. */
const queueMs = 100;
const runCount = 3;
const million = 1e6;

/** `download`: from a host on this machine, and on a line limited to 50 MB/s. */
export async function* benchDownload(): AsyncGenerator<Measurement> {
  const model = layNoiseModel(modelBytes);
  const server = await serve({ dir: model.folder, port: 0 });
  const line = await openLine(server.url, lineBytesPerSecond);
  try {
    const rate = (ms: number) => modelBytes / million / (ms / 1000);
    const bare = await inProfile(async (context) => {
      const thread = await openThread(context);
      const times: number[] = [];
      for (let run = 0; run < runCount; run++) times.push(await thread('write', modelBytes));
      return rate(median(times));
    });
    const times: number[] = [];
    for (let run = 0; run < runCount; run++) times.push(await got(server.url, model.title));
    const value = round(rate(median(times)), 1);
    const against = `${round(bare, 1)} MB/s of the same bytes written to IndexedDB as Blobs`;
    yield { bench: 'download', metric: 'rate', value, unit: 'MB/s', against, ratio: round(value / bare) };
    const limited = round(rate(await got(line.url, model.title)), 1);
    const limit = lineBytesPerSecond / million;
    yield {
      ...{ bench: 'download', metric: 'rate on a limited line', value: limited, unit: 'MB/s' },
      ...{ against: `${limit} MB/s of the line`, ratio: round(limited / limit) },
    };
  } finally {
    await Promise.all([server.close(), line.close()]);
    model.remove();
  }
}

/** `load`: every chunk proven and every weight read once, as a session takes them. */
export async function* benchLoad(): AsyncGenerator<Measurement> {
  yield* await inProfile(async (context) => {
    const thread = await openThread(context);
    await thread('keep', modelBytes);
    const rates: Record<string, number> = {};
    for (const verb of ['bare', 'load', 'prove']) {
      await thread(verb, modelBytes);
      const times: number[] = [];
      for (let run = 0; run < runCount; run++) times.push(await thread(verb, modelBytes));
      rates[verb] = modelBytes / million / (median(times) / 1000);
    }
    const { bare = NaN, load = NaN, prove = NaN } = rates;
    const stop = peakMemory();
    await thread('load', modelBytes);
    const against = `${round(bare, 1)} MB/s of raw IndexedDB reads`;
    const ofBench = { bench: 'load', unit: 'MB/s', against };
    return [
      {
        ...ofBench,
        metric: 'verified, then read by a session',
        value: round(load, 1),
        ratio: round(load / bare),
      },
      { ...ofBench, metric: 'verified', value: round(prove, 1), ratio: round(prove / bare) },
      { bench: 'load', metric: 'peak memory of the tab', value: round(stop() / million, 1), unit: 'MB' },
    ];
  });
}

/** Milliseconds from the press of Get to Ready. */
async function got(url: string, title: string): Promise<number> {
  const shelf = await openBareShelf(url, title);
  try {
    const started = performance.now();
    await shelf.press('Get');
    await shelf.isReady(300_000);
    return performance.now() - started;
  } finally {
    await shelf.close();
  }
}

async function openThread(context: BrowserContext) {
  const page: Page = await context.newPage();
  await page.route('http://localhost/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bench</title>' }),
  );
  await page.goto('http://localhost/');
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: join(root, 'e2e/fixtures/load-thread.ts'), formats: ['iife'], name: 'load' },
    },
  });
  const [{ output }] = built as Rolldown.RolldownOutput[] as [Rolldown.RolldownOutput];
  const worker = await page.evaluateHandle(
    (code) => new Worker(URL.createObjectURL(new Blob([code]))),
    output[0].code,
  );
  return async (verb: string, bytes: number): Promise<number> => {
    const answer = await worker.evaluate(
      (thread, message) =>
        new Promise<number | string>((resolve) => {
          thread.onmessage = ({ data }: MessageEvent<number | string>) => resolve(data);
          thread.postMessage(message);
        }),
      [verb, bytes],
    );
    if (typeof answer === 'string') throw new Error(answer);
    return answer;
  };
}

/** A browser of its own on an empty profile on disk: a private window would keep everything in memory. */
async function inProfile<T>(work: (context: BrowserContext) => Promise<T>): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'obscura-profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureChromium(),
    args: [...launchArgs],
    locale: 'en',
  });
  try {
    return await work(context);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** A way to the app that lets through so many bytes a second, over all connections together. */
async function openLine(app: string, bytesPerSecond: number) {
  let freeAt = performance.now();
  async function* paced(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      freeAt = Math.max(freeAt, performance.now() - queueMs) + (piece.length / bytesPerSecond) * 1000;
      const wait = freeAt - performance.now();
      if (wait > 5) await new Promise((resolve) => setTimeout(resolve, wait));
      yield piece;
    }
  }
  const server = createServer(({ url = '/', headers: { range } }, response) => {
    get(new URL(url, app), { headers: range === undefined ? {} : { range } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, paced, response, () => undefined);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
