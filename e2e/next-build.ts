/** A newer build on the host, as an update finds it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, type Page } from '@playwright/test';

const fileIn = (dir: string, folder: string, pattern: RegExp) =>
  `${folder}/${readdirSync(join(dir, folder)).find((name) => pattern.test(name))!}`;

/** The host gets a build in which a worker has another name of the same length, as it has after every change. */
export function publishNextBuild(dir: string): { old: string; next: string } {
  const old = fileIn(dir, 'engine', /^library-/);
  const next = old.replace(/.{8}(?=\.js$)/, 'newbuild');
  renameSync(join(dir, old), join(dir, next));
  const script = fileIn(dir, 'assets', /^index-.*\.js$/);
  const before = readFileSync(join(dir, script), 'utf8');
  const after = before.replaceAll(basename(old), basename(next));
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const wall = readFileSync(join(dir, 'service-worker.js'), 'utf8')
    .replaceAll(old, next)
    .replaceAll(hash(before), hash(after))
    .replace(/(?<=shellHash\W+)[0-9a-f]{16}/, '0123456789abcdef');
  writeFileSync(join(dir, script), after);
  writeFileSync(join(dir, 'service-worker.js'), wall);
  return { old, next };
}

export async function update(page: Page): Promise<void> {
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect.poll(() => workers(page)).toEqual({ waiting: 'installed', active: 'activated' });
}

export async function take(page: Page): Promise<void> {
  await page.evaluate(async () =>
    (await navigator.serviceWorker.ready).waiting?.postMessage({ type: 'skip-waiting' }),
  );
  await expect.poll(() => workers(page)).toEqual({ waiting: undefined, active: 'activated' });
}

const workers = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return { waiting: registration.waiting?.state, active: registration.active?.state };
  });
