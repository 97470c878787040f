/**
 * Ends a build: puts the policy into index.html, lists and hashes every file, writes the list into the service
 * worker (one readable classic file at a fixed name) and the headers into `_headers`.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';
import type { AllowList } from '../src/privacy/allow-list.ts';
import { headersFile, metaPolicy } from '../src/privacy/policy.ts';
import { checkPageScripts, listFiles, makeAllowList, sumBytes } from './dist-files.ts';

export function wall(): Plugin {
  let root = '';
  let dist = '';
  return {
    name: 'obscura:wall',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      root = config.root;
      dist = resolve(config.root, config.build.outDir);
    },
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: metaPolicy() },
        injectTo: 'head-prepend',
      },
    ],
    // Everything else has been written by now, what lies in public/ too.
    async writeBundle() {
      const list = makeAllowList(listFiles(dist));
      const scriptBytes = checkPageScripts(dist, list.shell);
      await buildServiceWorker(root, dist, list);
      writeFileSync(join(dist, '_headers'), headersOf(list));
      const sizes = [list.shell, list.engine, list.models].map((files) => sumBytes(files));
      this.info(`wall: page script ${scriptBytes} B gzipped`);
      this.info(`wall: shell ${sizes[0]} B, engine ${sizes[1]} B, models ${sizes[2]} B`);
    },
  };
}

/** In development nothing is walled off: a service worker that only says yes lets the page start. */
export function developmentWall(): Plugin {
  const script = `
    self.addEventListener('install', () => self.skipWaiting());
    self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
    self.addEventListener('message', (event) => {
      event.ports[0]?.postMessage({ type: 'host-headers', complete: true });
      event.ports[0]?.postMessage({ type: 'engine-ready' });
    });`;
  return {
    name: 'obscura:development-wall',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use('/service-worker.js', (_request, response) => {
        response.setHeader('Content-Type', 'text/javascript').end(script);
      });
    },
  };
}

/** Kinds differ by file in the engine; every other folder is of one kind. */
function headersOf(list: AllowList): string {
  const paths = [...list.shell, ...list.engine, ...list.models].map(({ path }) => path);
  const rules = paths.map((path) => {
    const slash = path.indexOf('/');
    return slash < 0 || path.startsWith('engine/') ? path : `${path.slice(0, slash)}/*`;
  });
  return headersFile([...new Set(['', ...rules, 'service-worker.js'])]);
}

async function buildServiceWorker(root: string, dist: string, list: AllowList): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    define: { __ALLOW_LIST__: JSON.stringify(list) },
    build: {
      outDir: dist,
      emptyOutDir: false,
      minify: false,
      modulePreload: false,
      target: 'es2022',
      rolldownOptions: {
        input: resolve(root, '../workers/service-worker.ts'),
        output: { format: 'iife', entryFileNames: 'service-worker.js' },
      },
    },
  });
}
