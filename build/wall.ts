/**
 * Ends a build: puts the policy into index.html, lists and hashes every file, writes the list into the service
 * worker (one readable classic file at a fixed name) and the headers into `_headers`. Each card with a foreign
 * source gets a script of its own, so that the path alone says what a worker may fetch: the list is made here from
 * the cards, and a page that would reach another address has no script to make a worker from.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build, runnerImport, type Plugin, type PluginOption } from 'vite';
import type { AllowList } from '../src/privacy/allow-list.ts';
import { configPath } from '../src/privacy/mirror-list.ts';
import { grantScript } from '../src/privacy/grant-script.ts';
import { headersFile, isGrantable, metaPolicy, type Grant } from '../src/privacy/policy.ts';
import { writeDeployKit } from './deploy/kit.ts';
import {
  checkPageScripts,
  deployFolder,
  listFiles,
  makeAllowList,
  releasePath,
  serviceWorkerText,
  sumBytes,
} from './dist-files.ts';
import { writeRelease } from './release.ts';

/** `cards`: plugins through which the cards are read, where a build has others than those of `src/models`. */
export function wall(cards: PluginOption = []): Plugin {
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
      const grants = await writeGrants(root, dist, cards);
      const list = makeAllowList(listFiles(dist), grants);
      const scriptBytes = checkPageScripts(dist, list.shell);
      await buildServiceWorker(root, dist, list);
      writeFileSync(join(dist, '_headers'), headersOf(list));
      writeDeployKit(dist, grants);
      writeRelease(dist, list.shellHash);
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
      event.ports[0]?.postMessage({ type: 'settings', known: true, text: null });
      event.ports[0]?.postMessage({ type: 'engine-ready' });
      event.ports[0]?.postMessage({ type: 'build', shell: 'development', serviceWorker: null, files: [] });
      event.ports[0]?.postMessage({ type: 'ledger', rows: [], since: NaN, full: false, underWay: 0, refusedOfAsker: 0 });
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
  const unlisted = ['service-worker.js', releasePath, configPath, `${deployFolder}*`];
  return headersFile([...new Set(['', ...rules, ...unlisted])], list.grants);
}

/** @throws Error for a card whose address or redirect is not to be granted */
async function writeGrants(root: string, dist: string, cards: PluginOption): Promise<Grant[]> {
  const { module } = await runnerImport<typeof import('../src/library/grants.ts')>(
    resolve(root, 'library/grants.ts'),
    { plugins: [cards], logLevel: 'warn' },
  );
  const library = listFiles(dist).find(({ path }) => path.startsWith('engine/library-'))?.path;
  if (library === undefined) throw new Error('the build has no library worker');
  return module.grants.map(({ cardId, ...file }) => {
    if (!isGrantable(file)) throw new Error(`${cardId}: ${JSON.stringify(file)} cannot be granted`);
    const path = grantScript(library, cardId);
    writeFileSync(join(dist, path), `import './${basename(library)}';\n`);
    return { path, ...file };
  });
}

async function buildServiceWorker(root: string, dist: string, list: AllowList): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
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
  // After the code is printed: a bundler would spread each file over five lines.
  const script = join(dist, 'service-worker.js');
  const code = readFileSync(script, 'utf8');
  writeFileSync(script, serviceWorkerText(code, list));
}
