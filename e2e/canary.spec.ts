/**
 * A whole session with marked photos, a marked PDF, a marked prompt and a marked question leaves no mark: not on the wire,
 * in no store, ledger, record, word of the console or name of a file. The same session of a build with a leak compiled in is
 * caught in every one of these places.
 */
import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { ensureChromium, launchArgs, softwareGpuArg } from '../src/cli/browser';
import { besideApp } from '../src/cli/beside-app';
import { openOtherSide, type OtherSide } from '../src/cli/other-side';
import { serve } from '../src/cli/serve';
import { expectReady, openBehindWall } from './built-app';
import { canaries, found } from './canary/canaries';
import { everythingKept } from './canary/everything-kept';
import {
  askAboutPictures,
  createPictures,
  drawCartoons,
  lookAround,
  packMiniatures,
  prepare,
  type Visit,
} from './canary/rooms';
import { isLong } from './long';

const root = resolve(import.meta.dirname, '..');
test.describe.configure({ timeout: 300_000 });
let other: OtherSide;
let folder: string;

test.beforeAll(async () => {
  other = await openOtherSide();
});
test.afterAll(() => other.close());
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'obscura-canary-'));
});
test.afterEach(() => rmSync(folder, { recursive: true }));

interface Traces {
  /** Requests that reached the host while pictures and prompt were in the tab. */
  readonly requests: readonly string[];
  /** The canaries found, by place. */
  readonly wire: readonly string[];
  readonly stores: readonly string[];
  readonly profile: readonly string[];
  readonly ledger: readonly string[];
  /** Records, the report and the audit log. */
  readonly papers: readonly string[];
  readonly pictures: readonly string[];
  readonly console: readonly string[];
  readonly names: readonly string[];
}

/** The session: every job that there is, every result saved, every room looked into. */
async function session(dist: string): Promise<Traces> {
  const beside = join(folder, 'app');
  mkdirSync(beside);
  const dir = besideApp(dist, await packMiniatures(folder), beside);
  const server = await serve({ dir, port: 0, headers: false, record: true });
  const netLog = join(folder, 'net.json');
  const profile = join(folder, 'profile');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureChromium(),
    args: [...launchArgs, softwareGpuArg, `--log-net-log=${netLog}`, '--net-log-capture-mode=Everything'],
    acceptDownloads: true,
    downloadsPath: join(folder, 'downloads'),
  });
  const said: string[] = [];
  const names: string[] = [];
  const visit: Visit = { papers: [], pictures: [] };
  context.on('console', (message) => said.push(message.text()));
  context.on('weberror', (error) => said.push(String(error.error())));
  try {
    const page = await context.newPage();
    page.on('download', (download) => names.push(download.suggestedFilename()));
    await openBehindWall(page, `${server.url}?backend=wasm&lang=en#/privacy`);
    await expectReady(page);
    await expect(page.locator('html[data-backend]')).toBeAttached({ timeout: 60_000 });
    await prepare(page);
    const before = server.requests().length;
    await drawCartoons(page, visit);
    await createPictures(page, visit);
    await askAboutPictures(page, visit);
    const requests = server
      .requests()
      .slice(before)
      .filter(({ updateCheck }) => !updateCheck)
      .map(({ method, url }) => `${method} ${url}`);
    const ledger = await lookAround(page, visit);
    const kept = await everythingKept(page);
    expect(kept.length, 'the stores were read').toBeGreaterThan(1_000_000);
    await page.waitForTimeout(500);
    await context.close();
    return {
      requests,
      wire: canaries.filter(
        (canary) => other.heard(canary) || found(readFileSync(netLog, 'latin1')).includes(canary),
      ),
      stores: found(kept),
      profile: found(textsOf(profile)),
      ledger: found(ledger),
      papers: found(visit.papers.join('\n')),
      pictures: found(Buffer.concat(visit.pictures).toString('latin1')),
      console: found(said.join('\n')),
      names: found(names.join('\n')),
    };
  } finally {
    await context.close().catch(() => undefined);
    await server.close();
  }
}

function textsOf(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

test('a session with marked photos, a marked PDF, a marked prompt and a marked question leaves no mark anywhere', async () => {
  expect(await session(join(root, 'dist'))).toEqual({
    requests: [],
    wire: [],
    stores: [],
    profile: [],
    ledger: [],
    papers: [],
    pictures: [],
    console: [],
    names: [],
  });
});

test('a leak that is compiled in is caught on the wire, at the host, in stores, ledger, papers, console and names', async () => {
  test.skip(!isLong, 'it runs with npm run test:long');
  const dist = join(folder, 'dist');
  const built = spawnSync(
    'npx',
    ['vite', 'build', '--config', 'e2e/canary/build.ts', '--outDir', dist, '--emptyOutDir'],
    { cwd: root, env: { ...process.env, OTHER: other.url }, encoding: 'utf8' },
  );
  expect(built.status, built.stderr).toBe(0);
  const traces = await session(dist);
  expect(traces.requests.length).toBeGreaterThan(0);
  expect(traces.wire).toEqual(canaries);
  expect(traces.stores).toEqual(canaries);
  expect(traces.papers).toEqual(canaries);
  for (const place of ['ledger', 'console'] as const)
    expect([place, traces[place].length]).toEqual([place, 4]);
  // What was asked last names the files, not what was dropped before.
  expect(traces.names.length).toBe(3);
});
