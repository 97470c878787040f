/** A model of two parts: a graph that adds two weights, each in a file of its own, and a file that is no graph. */
import { createHash } from 'node:crypto';
import { onnxType } from '../foundry/onnx-tensor';
import { writeOnnx } from '../foundry/onnx-writer';
import type { ListedFile, ListedModel } from '../library/manifest';
import { contentOf } from '../models/files';
import type { ModelFile, PartsCard } from '../models/model';
import { card as style } from '../models/dct-net-anime/card';

export const chunkBytes = 256 * 1024;
export const weightCount = 100_000;

const filled = (value: number) => new Uint8Array(new Float32Array(weightCount).fill(value).buffer);
const dims = [weightCount];
const external = (name: string, location: string) => ({
  ...{ name, elementType: onnxType.float32, dims, raw: new Uint8Array() },
  external: { location, offset: 0, bytes: 4 * weightCount },
});
const node = (op: string, inputs: readonly string[], output: string) => ({
  ...{ op, domain: '', inputs, outputs: [output], attributes: {} },
});
const graph = writeOnnx('sum', {
  opset: 17,
  inputs: [{ name: 'x', elementType: onnxType.float32, dims }],
  outputs: [{ name: 'y', elementType: onnxType.float32, dims }],
  nodes: [node('Add', ['x', 'a'], 'b'), node('Mul', ['b', 'c'], 'y')],
  tensors: [external('a', 'sum.onnx_data'), external('c', 'sum.onnx_data_1')],
});

/** y = (x + 2) · 3 */
export const fileBytes: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  'sum.onnx': graph,
  'sum.onnx_data': filled(2),
  'sum.onnx_data_1': filled(3),
  'tokenizer.json': new TextEncoder().encode('{"words":["one","two"]}'),
};

export const hashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

export function listedFile(name: string, folder = 'duo'): ListedFile {
  const bytes = fileBytes[name] ?? new Uint8Array();
  const count = Math.ceil(bytes.length / chunkBytes);
  const sha256 = Array.from({ length: count }, (_, at) =>
    hashOf(bytes.subarray(at * chunkBytes, (at + 1) * chunkBytes)),
  );
  const chunks = { bytes: chunkBytes, sha256 };
  return { name, path: `${folder}/${name}`, bytes: bytes.length, sha256: hashOf(bytes), chunks };
}

const parts = {
  sum: [listedFile('sum.onnx'), listedFile('sum.onnx_data'), listedFile('sum.onnx_data_1')],
  words: [listedFile('tokenizer.json')],
} as const;
const id = `imported-${parts.sum[0].sha256.slice(0, 16)}`;

/** As a manifest beside the app names it. */
export const duo = {
  ...{ id, title: 'Duo', family: { id, title: 'Duo' }, parts, builtIn: false },
  ...{ use: style.use, licence: style.licence, source: style.source },
} satisfies ListedModel;

/** One that shares its weights with the other. */
export const solo: ListedModel = (() => {
  const part = { ...listedFile('sum.onnx_data', 'solo'), path: 'solo/sum.onnx' };
  const own = `imported-${part.sha256.slice(0, 16)}`;
  return { ...duo, id: own, title: 'Solo', family: { id: own, title: 'Solo' }, part, parts: undefined };
})();

export const content = contentOf(duo);
export const files: readonly ModelFile[] = Object.values(duo.parts).flat();
export const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);

/** As it is imported: with no place to get it from. */
export const fromDisk: PartsCard = {
  ...duo,
  parts: Object.fromEntries(
    Object.entries(duo.parts).map(([name, part]) => {
      const [first, ...others] = part.map((file: ListedFile): ModelFile => {
        return { name: file.name, bytes: file.bytes, sha256: file.sha256 };
      });
      return [name, first ? [first, ...others] : [part[0]]] as const;
    }),
  ),
};
