/** Code of the app in an empty page of the browser, where no service worker and no policy stands in a test's way. */
import type { Page } from '@playwright/test';
import { join, resolve } from 'node:path';
import { build, type Rolldown } from 'vite';

const root = resolve(import.meta.dirname, '..');
const engine = join(root, 'node_modules/onnxruntime-web/dist');

/** What `e2e/fixtures/<file>` exports is `globalThis[name]` in the page; onnxruntime-web's files lie at `/engine/`. */
export async function loadFixture(page: Page, file: string, name: string): Promise<void> {
  // WebGPU wants a secure context, and this name is one.
  await page.route('http://localhost/', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>${name}</title>` }),
  );
  await page.route('http://localhost/engine/*', (route) =>
    route.fulfill({ path: join(engine, new URL(route.request().url()).pathname.slice('/engine/'.length)) }),
  );
  await page.goto('http://localhost/');
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: join(root, 'e2e/fixtures', file), formats: ['iife'], name },
    },
  });
  const [{ output }] = built as Rolldown.RolldownOutput[] as [Rolldown.RolldownOutput];
  await page.addScriptTag({ content: output[0].code });
}
