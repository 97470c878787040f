import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { onnxType } from '../foundry/onnx-tensor';
import { GraphBuilder, writeOnnx } from '../foundry/onnx-writer';
import { cardBySha256 } from '../library/catalog';
import { readManifest } from '../library/manifest';
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
  const { part, ...card } = model!;
  expect(readManifest(text, cardBySha256)).toEqual([{ ...card, part: { ...part, name: 'model.onnx' } }]);
  const [named] = filesNamed(text);
  const bytes = readFileSync(join(out, part.path));
  expect(named).toEqual({ path: `models/${part.path}`, bytes: bytes.length, sha256: part.sha256 });
  const chunk = 16 * 1024 * 1024;
  const hash = (piece: Buffer) => createHash('sha256').update(piece).digest('hex');
  expect(part.chunks.sha256).toEqual([hash(bytes.subarray(0, chunk)), hash(bytes.subarray(chunk))]);
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
