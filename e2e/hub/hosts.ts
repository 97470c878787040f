/** The app built with models on a hub of the tests, which redirects to a third host; served without header settings. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openFaultyHost, type FaultyHost } from '../../src/cli/faulty-host';
import { serve, type RunningServer } from '../../src/cli/serve';

export interface HubApp {
  readonly hub: FaultyHost;
  readonly far: FaultyHost;
  readonly dist: string;
  readonly server: RunningServer;
  close(): Promise<void>;
}

/** @throws Error with what the build said */
export async function openHubApp(): Promise<HubApp> {
  const [hub, far] = await Promise.all([openFaultyHost(), openFaultyHost()]);
  const dist = mkdtempSync(join(tmpdir(), 'obscura-hub-'));
  const origins = { HUB: new URL(hub.url).origin, FAR: new URL(far.url).origin };
  const { status, stderr } = spawnSync(
    'npx',
    ['vite', 'build', '--config', 'e2e/hub/build.ts', '--outDir', dist, '--emptyOutDir'],
    { cwd: resolve(import.meta.dirname, '../..'), env: { ...process.env, ...origins }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  // What holds here, the service worker alone brings about.
  const server = await serve({ dir: dist, port: 0, headers: false });
  return {
    ...{ hub, far, dist, server },
    async close() {
      await Promise.all([hub.close(), far.close(), server.close()]);
      rmSync(dist, { recursive: true });
    },
  };
}
