/**
 * `npm run model -- build NAME IN OUT`: published weights in a folder to a model's parts in another, piece by piece, and the
 * manifest by which the page takes them: imported from there, or beside the app.
 */
import {
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  closeSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { beyondTheEnd, type ByteSource, type SinkFolder, type SourceFolder } from '../base/byte-source';
import type { Precision } from '../foundry/layers';
import { buildQwen3Vl } from '../foundry/qwen3-vl';
import { isPublicLayout, takePublicLayout } from '../foundry/qwen3-vl-public';
import { writeManifest } from '../library/manifest';
import { builtIn } from './pack-parts';
import { PlainError } from './plain-error';

const builders = { 'qwen3-vl': buildQwen3Vl };
const precisions: readonly Precision[] = ['q4', 'f16', 'f32'];

export interface BuildRequest {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly precision: string;
  /** Told now and then, 0…1. */
  readonly onShare?: (share: number) => void;
}

/** @throws PlainError for a name, a precision or a folder there is not; StudioError model/* */
export async function buildModel({ name, from, to, precision, onShare }: BuildRequest): Promise<void> {
  const build = Object.entries(builders).find(([known]) => known === name)?.[1];
  if (!build)
    throw new PlainError(`There is no builder ${name}; there is ${Object.keys(builders).join(', ')}.`);
  const known = precisions.find((each) => each === precision);
  if (!known) throw new PlainError(`--precision is one of ${precisions.join(', ')}.`);
  if (!existsSync(from) || !statSync(from).isDirectory()) throw new PlainError(`There is no folder ${from}.`);
  mkdirSync(to, { recursive: true });
  const [source, sink] = [sourceFolder(from), sinkFolder(to)];
  const { signal } = new AbortController();
  const onProgress = (done: number, total: number) => onShare?.(done / total);
  if (await isPublicLayout(source)) await takePublicLayout(source, sink, { signal, onProgress });
  else await build(source, sink, { precision: known, signal, onProgress });
  const built = builtIn(to, { flat: true });
  if (!built) throw new PlainError(`${to} has no model.json.`);
  const manifest = await sinkFolder(to).create('manifest.json');
  await manifest.append(new TextEncoder().encode(writeManifest([built.model])));
  await manifest.close();
}

function sourceFolder(folder: string): SourceFolder {
  return {
    open: (name) => {
      const path = join(folder, name);
      return Promise.resolve(existsSync(path) ? fileSource(path) : null);
    },
  };
}

/** Read by place; the descriptor ends with the process. */
function fileSource(path: string): ByteSource {
  const file = openSync(path, 'r');
  const { size } = statSync(path);
  return {
    bytes: size,
    read: (offset, length) => {
      if (offset + length > size) return Promise.reject(beyondTheEnd(size, offset + length));
      const bytes = new Uint8Array(length);
      // One call gives at most 2 GiB, and may give less than was asked for.
      for (let at = 0; at < length;) {
        const got = readSync(file, bytes, at, Math.min(length - at, 2 ** 30), offset + at);
        if (got === 0) return Promise.reject(beyondTheEnd(size, offset + length));
        at += got;
      }
      return Promise.resolve(bytes);
    },
  };
}

/** A file has its name once it is whole. */
function sinkFolder(folder: string): SinkFolder {
  return {
    create: (name) => {
      const path = join(folder, name);
      const file = openSync(`${path}.part`, 'w');
      return Promise.resolve({
        append: (bytes) => {
          for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
          return Promise.resolve();
        },
        close: () => {
          closeSync(file);
          renameSync(`${path}.part`, path);
          return Promise.resolve();
        },
      });
    },
  };
}
