/** The house's rules as tests: imports only go down, one door per power, small files. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Lower floors know nothing of higher ones; rooms of one floor do not know each other. */
const floors: Record<string, number> = {
  base: -1,
  runtime: 0,
  privacy: 0,
  pipelines: 1,
  foundry: 1,
  models: 2,
  library: 3,
  jobs: 4,
  state: 5,
  ui: 6,
  cli: 7,
  workers: 7,
};

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly room: string;
}

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name) && !/\.(test|d)\.ts$/.test(entry.name),
    )
    .map((entry) => {
      const path = relative(root, join(entry.parentPath, entry.name));
      const [top = '', second = ''] = path.split('/');
      const room = top === 'workers' ? 'workers' : path.split('/').length === 2 ? 'entry' : second;
      return { path, text: readFileSync(join(root, path), 'utf8'), room };
    });
}

/**
 * The one exception to the doors below: what "Try to leak" and the leak test attack with. A boundary that nobody may
 * attack cannot be checked. It is fetched with `#/privacy` alone, and only two files and the command line reach it.
 */
const isAttack = (path: string) => path.startsWith('src/privacy/leaks/');
const mayAttack = ['src/ui/privacy/leak-powers.ts', 'workers/leak-test.ts'];

const everyFile = [...sourceFiles('src'), ...sourceFiles('workers')];
const files = everyFile.filter(({ path }) => !isAttack(path));

function importsOf(file: SourceFile): string[] {
  return [...file.text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

function roomOf(file: SourceFile, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  const target = relative(root, resolve(dirname(join(root, file.path)), specifier));
  const [top = '', second = ''] = target.split('/');
  if (top === 'workers') return 'workers';
  return top === 'src' && target.split('/').length > 2 ? second : 'entry';
}

test('every file stands in a room of the plan', () => {
  const strangers = files.filter(({ room }) => room !== 'entry' && !(room in floors)).map(({ path }) => path);
  expect(strangers).toEqual([]);
});

test('imports only go down, and never sideways between rooms of one floor', () => {
  const upward: string[] = [];
  for (const file of files) {
    for (const specifier of importsOf(file)) {
      // A worker's URL is an address, not an import of its code.
      if (specifier.endsWith('?worker&url')) continue;
      const target = roomOf(file, specifier);
      if (target === null || target === file.room || file.room === 'entry') continue;
      const from = floors[file.room] ?? 7;
      const to = floors[target] ?? 7;
      if (to >= from) upward.push(`${file.path} → ${specifier}`);
    }
  }
  expect(upward).toEqual([]);
});

const doors: readonly { power: string; pattern: RegExp; door: RegExp }[] = [
  {
    power: 'onnxruntime-web',
    pattern: /from 'onnxruntime-web|import\('onnxruntime-web/,
    door: /^src\/runtime\/ort\.ts$/,
  },
  { power: 'pdfjs-dist', pattern: /'pdfjs-dist/, door: /^src\/runtime\/pdf\/pdf\.ts$/ },
  {
    power: 'fetch',
    pattern: /(?<![\w#])(?<!powers\.)fetch\(/,
    // The last one is the outsider's own check of a host, and no part of the app.
    door: /^(src\/privacy\/airlock\.ts|workers\/service-worker\.ts|src\/cli\/release-check\.ts)$/,
  },
  {
    power: 'localStorage and sessionStorage',
    pattern: /\b(localStorage|sessionStorage)\b/,
    door: /^src\/(main|state\/settings\.svelte)\.ts$/,
  },
  {
    power: 'CacheStorage',
    pattern: /self\.caches|(?<![.\w])caches\./,
    door: /^workers\/(service-worker|vault)\.ts$/,
  },
  {
    power: 'XMLHttpRequest and beacons',
    pattern: /XMLHttpRequest|sendBeacon|EventSource|WebSocket\(/,
    // It takes them away.
    door: /^src\/privacy\/guard\.ts$/,
  },
  { power: 'new Worker', pattern: /new (Shared)?Worker\(/, door: /^src\/jobs\/bridge\.ts$/ },
  // main.ts hands it to what counts the stores.
  {
    power: 'idb-keyval',
    pattern: /from 'idb-keyval'|indexedDB/,
    door: /^src\/(main|library\/(key-value|databases))\.ts$/,
  },
  { power: 'inline HTML', pattern: /innerHTML|\{@html|insertAdjacentHTML|document\.write/, door: /^$/ },
  { power: 'eval', pattern: /\beval\(|new Function\(/, door: /^$/ },
  { power: 'the clipboard', pattern: /navigator\.clipboard\.read/, door: /^$/ },
];

test.each(doors)('$power is behind one door', ({ pattern, door }) => {
  const trespassers = files.filter(({ path, text }) => pattern.test(text) && !door.test(path));
  expect(trespassers.map(({ path }) => path)).toEqual([]);
});

test('the powers of the attack are reached by nobody else', () => {
  const reaching = everyFile.filter(
    ({ path, text }) => !isAttack(path) && /(?<!import type [^;]*)from '[^']*\/leaks\//.test(text),
  );
  // The command line writes such an import into a script of its own.
  const callers = reaching.map(({ path }) => path).filter((path) => !path.startsWith('src/cli/'));
  expect(callers.sort()).toEqual(mayAttack);
});

test('every door is in use, so that no rule is empty', () => {
  for (const { pattern, door } of doors) {
    if (door.source === '^$') continue;
    expect(
      files.some(({ path, text }) => door.test(path) && pattern.test(text)),
      door.source,
    ).toBe(true);
  }
});

test('files stay below 300 lines and thread entries below 40', () => {
  const long = files
    .map(({ path, text, room }) => ({
      path,
      lines: text.split('\n').length,
      limit: room === 'workers' ? 40 : 300,
    }))
    .filter(({ lines, limit }) => lines > limit);
  expect(long).toEqual([]);
});

test('core knows no page: no document, no window, no Svelte', () => {
  const core = files.filter(({ room }) => (floors[room] ?? 9) <= 4);
  const strayed = core.filter(({ text }) => /\bdocument\.|\bwindow\.|from 'svelte/.test(text));
  expect(strayed.map(({ path }) => path)).toEqual([]);
});

test('nothing has a name that says nothing', () => {
  const vague = files.filter(({ path }) =>
    /(^|\/)(utils?|helpers?|common|manager|misc)(\.|\/|$)/i.test(path),
  );
  expect(vague.map(({ path }) => path)).toEqual([]);
});
