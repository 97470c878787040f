import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { convertDctNet } from '../foundry/dct-net-pb';
import { readOnnx } from '../foundry/onnx';
import { onnxType, tensorValues } from '../foundry/onnx-tensor';
import { GraphBuilder, writeOnnx } from '../foundry/onnx-writer';
import { outlineOf } from '../foundry/outline';
import { cardOfContent } from '../library/catalog';
import { readManifest, type ListedFile } from '../library/manifest';
import type { FileCard } from '../models/model';
import { filesNamed } from '../privacy/mirror-list';
import { pack } from './pack';

const root = resolve(import.meta.dirname, '../..');
const anime = resolve(root, '../shared/data/dct-net/anime.onnx');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'obscura-pack-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A painter whose weights alone are longer than one chunk. */
function largePainter(): string {
  const graph = new GraphBuilder();
  graph.tensor([5 * 1024 * 1024], new Float32Array(5 * 1024 * 1024));
  graph.finish(graph.node('Add', ['x', graph.scalar(1)]), 'y');
  const picture = (name: string) => ({ name, elementType: onnxType.float32, dims: [1, 3, 'h', 'w'] });
  const { nodes, tensors } = graph;
  const model = { opset: 17, inputs: [picture('x')], outputs: [picture('y')], nodes, tensors };
  const file = join(folder, '我的 painter.onnx');
  writeFileSync(file, writeOnnx('painter', model));
  return file;
}

test('a model that nobody knows is described by its graph, and every chunk by its hash', async () => {
  const file = largePainter();
  const out = join(folder, 'models');
  const [model] = await pack([file], out);
  expect(model).toMatchObject({ title: '我的 painter', licence: { spdx: 'unknown', commercialUse: false } });
  const text = readFileSync(join(out, 'manifest.json'), 'utf8');
  const { part, ...card } = model as FileCard<ListedFile>;
  expect(readManifest(text, cardOfContent)).toEqual([{ ...card, part: { ...part, name: 'model.onnx' } }]);
  const [named] = filesNamed(text);
  const bytes = readFileSync(join(out, part.path));
  expect(named).toEqual({ path: `models/${part.path}`, bytes: bytes.length, sha256: part.sha256 });
  const chunk = 16 * 1024 * 1024;
  const hash = (piece: Buffer) => createHash('sha256').update(piece).digest('hex');
  expect(part.chunks.sha256).toEqual([hash(bytes.subarray(0, chunk)), hash(bytes.subarray(chunk))]);
});

const weights = Float32Array.of(1, 2, 3);

/** A painter, and its outline, whose weights lie in a file called `location` that is the painter itself. */
function outlinedPainter(location: string): { whole: Uint8Array; outline: Uint8Array } {
  const graph = new GraphBuilder();
  graph.finish(graph.node('Add', ['x', graph.tensor([3, 1, 1], weights)]), 'y');
  const picture = (name: string) => ({ name, elementType: onnxType.float32, dims: [1, 3, 'h', 'w'] });
  const { nodes, tensors } = graph;
  const model = { opset: 17, inputs: [picture('x')], outputs: [picture('y')], nodes, tensors };
  const whole = writeOnnx('painter', model);
  const read = (offset: number, length: number) => whole.subarray(offset, offset + length);
  return { whole, outline: outlineOf({ bytes: whole.length, read, lend: read }, location, 1) };
}

test('a folder stands for its models: weights beside one are taken in, a .pb of DCT-Net is converted', async () => {
  const source = join(folder, 'source');
  mkdirSync(join(source, 'deeper'), { recursive: true });
  const { whole, outline } = outlinedPainter('data/w.bin');
  writeFileSync(join(source, 'painter.onnx'), outline);
  writeFileSync(join(source, 'notes.txt'), 'not a model');
  const pb = join(source, 'deeper/cartoon_bg.pb');
  cpSync(join(root, 'src/foundry/reference/dct-net-maximum.pb'), pb);
  const out = join(folder, 'models');
  await expect(pack([source], out)).rejects.toMatchObject({ code: 'model/missing-file' });
  expect(existsSync(out)).toBe(false);
  mkdirSync(join(source, 'data'));
  writeFileSync(join(source, 'data/w.bin'), whole);
  const models = await pack([source], out);
  expect(models.map(({ title }) => title)).toEqual(['cartoon_bg', 'painter']);
  const [converted, painter] = models.map(({ part }) => readFileSync(join(out, part!.path)));
  expect(converted).toEqual(Buffer.from(convertDctNet(readFileSync(pb))));
  const { externalFiles, tensors } = readOnnx(painter!);
  expect(externalFiles).toEqual([]);
  expect(tensorValues(tensors[0]!)).toEqual(weights);
  expect(readManifest(readFileSync(join(out, 'manifest.json'), 'utf8'), cardOfContent)).toHaveLength(2);
});

test('weights that lie outside the folder of their model are not read', async () => {
  const { whole, outline } = outlinedPainter('../secret.bin');
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'secret.bin'), whole);
  writeFileSync(join(folder, 'in/p.onnx'), outline);
  await expect(pack([join(folder, 'in')], join(folder, 'models'))).rejects.toMatchObject({
    code: 'model/unsafe-path',
  });
});

test.skipIf(!existsSync(anime))('a model that the catalogue knows keeps its card', async () => {
  const [model] = await pack([anime], folder);
  expect(model).toMatchObject({ id: 'dct-net-anime', part: { path: 'dct-net-anime/anime.onnx' } });
});

test('what is no model, ships with the app or is named twice is refused, and nothing is written', async () => {
  const file = largePainter();
  const letter = join(folder, 'letter.onnx');
  writeFileSync(letter, 'Dear Sir or Madam,');
  const shipped = join(root, 'public/models/obscura-faces/obscura-faces.onnx');
  const out = join(folder, 'models');
  await expect(pack([file, letter], out)).rejects.toThrow('model/damaged');
  await expect(pack([file, shipped], out)).rejects.toThrow('ships with the app');
  await expect(pack([file, file], out)).rejects.toThrow('twice');
  expect(existsSync(out)).toBe(false);
});
