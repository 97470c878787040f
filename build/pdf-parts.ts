/**
 * What pdf.js reads beside its code, as one file of our own: character maps, the standard fonts, decoders of two kinds
 * of pictures, and their licences. `virtual:pdf-parts` tells the page its address. The interpreter of a PDF's scripts is
 * not among them.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { fileKind, headersFor, mimeType } from '../src/privacy/policy';
import { gzip } from './ort-files';

const virtualId = 'virtual:pdf-parts';
const taken = [
  ['cmaps', /\.bcmap$|^LICENSE/],
  ['standard_fonts', /\.(?:pfb|ttf)$|^LICENSE/],
  ['wasm', /^(?:jbig2|openjpeg)\.wasm$|^LICENSE_(?!PDFJS_QCMS|QCMS)/],
] as const;

/** As `src/runtime/pdf/parts.ts` reads it: the length of a list, the list of names and lengths, the files. */
function readParts() {
  const root = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  const files = taken.flatMap(([folder, wanted]) =>
    readdirSync(join(root, folder))
      .filter((name) => wanted.test(name))
      .sort()
      .map((name) => ({
        name: name === 'LICENSE' ? `LICENSE_${folder}` : name,
        content: readFileSync(join(root, folder, name)),
      })),
  );
  const list = Buffer.from(JSON.stringify(files.map(({ name, content }) => [name, content.length])));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(list.length);
  const content = gzip(Buffer.concat([head, list, ...files.map((file) => file.content)]));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  // Not named .gz, as in ort-files.ts.
  return { path: `engine/pdf-parts-${hash}.bin`, content };
}

export function pdfParts(): Plugin {
  let read: ReturnType<typeof readParts> | undefined;
  const parts = () => (read ??= readParts());
  return {
    name: 'obscura:pdf-parts',
    resolveId: (id) => (id === virtualId ? `\0${virtualId}` : null),
    load: (id) => (id === `\0${virtualId}` ? `export default ${JSON.stringify(parts().path)};` : null),
    generateBundle() {
      const { path, content } = parts();
      this.emitFile({ type: 'asset', fileName: path, source: content });
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const { path, content } = parts();
        if (request.url !== `/${path}`) {
          next();
          return;
        }
        response.setHeaders(new Map(Object.entries(headersFor(fileKind(path)))));
        response.setHeader('Content-Type', mimeType(path)).end(content);
      });
    },
  };
}
