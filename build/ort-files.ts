/**
 * ONNX Runtime's builds as files of our own: the wasm gzipped (a static host's limit is 25 MiB, one of
 * them is 25.5), the glue beside it. `virtual:ort-files` tells the inference worker their addresses.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { fileKind, headersFor, mimeType } from '../src/privacy/policy';

const virtualId = 'virtual:ort-files';
/** By the name that each has in onnxruntime-web's files. */
const builds = { jspi: '.jspi', asyncify: '.asyncify', plain: '' } as const;

interface OrtFile {
  readonly path: string;
  readonly content: Buffer;
}

/** Not named .gz: hosts that map this ending to `Content-Encoding` would have the browser unpack it unasked. */
const wasmEnding = 'bin';

function named(build: string, ending: string, content: Buffer): OrtFile {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  return { path: `engine/ort-${build}-${hash}.${ending}`, content };
}

/** The same bytes on every system: zlib writes no time, and the byte that names the system is set to "unknown". */
export function gzip(content: Buffer): Buffer {
  const packed = gzipSync(content, { level: constants.Z_BEST_COMPRESSION });
  packed[9] = 255;
  return packed;
}

function readOrtFiles() {
  const { resolve } = createRequire(import.meta.url);
  return Object.entries(builds).map(([build, infix]) => {
    const source = (ending: string) =>
      readFileSync(resolve(`onnxruntime-web/ort-wasm-simd-threaded${infix}.${ending}`));
    const wasm = source('wasm');
    // .js, since not every host knows that .mjs is a script.
    return {
      build,
      bytes: wasm.length,
      wasm: named(build, wasmEnding, gzip(wasm)),
      glue: named(build, 'js', source('mjs')),
    };
  });
}

export function ortFiles(): Plugin[] {
  let read: ReturnType<typeof readOrtFiles> | undefined;
  const files = () => (read ??= readOrtFiles());
  const emitted = () => files().flatMap(({ wasm, glue }) => [wasm, glue]);
  return [
    {
      name: 'obscura:ort-files',
      generateBundle() {
        for (const { path, content } of emitted()) {
          this.emitFile({ type: 'asset', fileName: path, source: content });
        }
      },
      configureServer(server) {
        server.middlewares.use((request, response, next) => {
          const file = emitted().find(({ path }) => request.url === `/${path}`);
          if (file === undefined) {
            next();
            return;
          }
          // The glue starts threads from its own address, and a thread needs the headers itself.
          response.setHeaders(new Map(Object.entries(headersFor(fileKind(file.path)))));
          response.setHeader('Content-Type', mimeType(file.path)).end(file.content);
        });
      },
    },
    ortFilesModule(files),
  ];
}

/** Resolves the virtual module; the workers' own pipeline needs it as well. */
export function ortFilesModule(files = readOrtFiles): Plugin {
  return {
    name: 'obscura:ort-files-module',
    resolveId: (id) => (id === virtualId ? `\0${virtualId}` : null),
    load(id) {
      if (id !== `\0${virtualId}`) return null;
      const entries = files().map(({ build, bytes, wasm, glue }) => {
        const mjs = `new URL(/* @vite-ignore */ ${JSON.stringify(`../${glue.path}`)}, import.meta.url).href`;
        return `${build}: { wasmGz: ${JSON.stringify(wasm.path)}, bytes: ${bytes}, mjs: ${mjs} }`;
      });
      return `export default { ${entries.join(', ')} };`;
    },
  };
}
