/**
 * `npm run model -- pack DIR|FILE… [--out DIR]`: models for a folder of one's own, beside the app or on another host.
 * `npm run model -- build NAME IN OUT [--precision q4|f16|f32]`: published weights to a model's parts.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ListedFile } from '../library/manifest';
import { filesOf } from '../models/files';
import { buildModel } from './build-model';
import { pack } from './pack';
import { PlainError, runCommand } from './plain-error';
import { plainWords } from './plain-words';

const usage = `npm run model -- pack DIR|FILE.onnx|FILE.pb… [--out public/models]
       npm run model -- build qwen3-vl IN OUT [--precision q4|f16|f32]`;

/** What the browser lets a page read, and fetch at all, from another origin (Fetch, section 3.3; HTML, COEP). */
const otherHost = `On a host of another origin these files need the headers
  Access-Control-Allow-Origin: https://your-app.example
  Access-Control-Expose-Headers: Accept-Ranges, Content-Range, ETag, Retry-After
  Cross-Origin-Resource-Policy: cross-origin
  Accept-Ranges: bytes`;

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        out: { type: 'string', default: 'public/models' },
        precision: { type: 'string', default: 'q4' },
      },
    });
    const [verb, ...rest] = positionals;
    const { out, precision } = values;
    if (verb === 'pack' && rest.length > 0) return { verb, files: rest, out: resolve(out) } as const;
    const [name, from, to, ...more] = rest;
    if (verb === 'build' && name && from && to && more.length === 0) {
      return { verb, name, from: resolve(from), to: resolve(to), precision } as const;
    }
    throw new PlainError(`Usage: ${usage}`);
  } catch (thrown) {
    if (thrown instanceof PlainError) throw thrown;
    throw new PlainError(`${thrown instanceof Error ? thrown.message : String(thrown)} Usage: ${usage}`);
  }
}

async function main(): Promise<void> {
  const request = readArguments();
  if (request.verb === 'build') {
    let told = 0;
    const onShare = (share: number) => {
      if (share < told + 0.1) return;
      told = Math.floor(share * 10) / 10;
      console.log(`${Math.round(told * 100)} %`);
    };
    await buildModel({ ...request, onShare });
    console.log(
      `${request.to} can be imported under Models with Import folder, or laid beside the app as its folder models.`,
    );
    return;
  }
  const { files, out } = request;
  for (const model of await pack(files, out)) {
    for (const { path, bytes, sha256 } of filesOf<ListedFile>(model))
      console.log(`${path}  ${bytes} bytes  ${sha256}  ${model.title}`);
  }
  console.log(`${out}/manifest.json names them; beside the app they need nothing more.\n\n${otherHost}`);
}

await runCommand(main, plainWords);
