/** The built app on a server of its own, and a stranger's server that counts who comes. */
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';
import { serve, type ServeOptions } from '../src/cli/serve';

export const serveApp = (options: Omit<ServeOptions, 'dir' | 'port'> = {}) =>
  serve({ dir: fileURLToPath(new URL('../dist', import.meta.url)), port: 0, record: true, ...options });

/** Opens the page and waits until the wall stands, through the one reload that a host without headers needs. */
export async function openBehindWall(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.locator('html[data-wall="standing"]')).toBeAttached({ timeout: 60_000 });
}

export const expectReady = (page: Page) =>
  expect(page.locator('html[data-ready="true"]')).toBeAttached({ timeout: 60_000 });

/** The inference worker, made by the app itself. */
export async function inferenceWorker(page: Page) {
  const find = () => page.workers().find((worker) => worker.url().includes('/engine/inference-'));
  await expect.poll(() => find() !== undefined, { timeout: 60_000 }).toBe(true);
  return find()!;
}

export interface Stranger {
  readonly port: number;
  /** Connections, whatever was said on them. */
  visits(): number;
  close(): Promise<void>;
}

export async function openStranger(): Promise<Stranger> {
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket
      .on('error', () => undefined)
      .resume()
      .end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    visits: () => visits,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
