/** What the cards say of a model's work, against the graphs themselves. The weights of others lie beside the checkout. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readOnnx, type OnnxGraph, type OnnxNode } from '../foundry/onnx';
import { catalog } from '../library/catalog';
import { fallbacksOf } from './fit';
import { ofOneFile } from './files';
import type { FileCard, ModelCard } from './model';

const root = resolve(import.meta.dirname, '../..');
const data = resolve(root, '../shared/data');

function intsOf(node: OnnxNode, name: string): readonly number[] {
  const attribute = node.attributes[name];
  return attribute && 'ints' in attribute ? attribute.ints : [];
}

/**
 * Multiplications of all convolutions for each pixel of the input: [out, in / group, kh, kw] at every place of the
 * output, whose share of the input's pixels follows from the strides before it.
 */
function workPerPx({ inputs, nodes, tensors }: OnnxGraph): number {
  const share = new Map(inputs.map(({ name }) => [name, 1]));
  const shapes = new Map(tensors.map(({ name, dims }) => [name, dims]));
  let work = 0;
  for (const node of nodes) {
    // Weights kept in 16 bits are widened on the way.
    if (node.op === 'Cast') shapes.set(node.outputs[0] ?? '', shapes.get(node.inputs[0] ?? '') ?? []);
    let here = Math.min(...node.inputs.map((name) => share.get(name) ?? Infinity));
    if (!Number.isFinite(here)) continue;
    const strides = intsOf(node, 'strides').reduce((product, stride) => product * stride, 1);
    if (['Conv', 'MaxPool', 'AveragePool'].includes(node.op)) here /= strides;
    if (node.op === 'Resize' || node.op === 'Upsample') here *= 4;
    if (node.op === 'SpaceToDepth') here /= blockArea(node);
    if (node.op === 'DepthToSpace') here *= blockArea(node);
    if (node.op === 'Conv') {
      const weights = shapes.get(node.inputs[1] ?? '') ?? [];
      expect(weights, node.outputs[0]).toHaveLength(4);
      work += here * weights.reduce((product, side) => product * side, 1);
    }
    expect(node.op, 'an operator this test does not count').not.toBe('ConvTranspose');
    for (const output of node.outputs) share.set(output, here);
  }
  return Math.round(work);
}

function blockArea(node: OnnxNode): number {
  const size = node.attributes.blocksize;
  return size && 'i' in size ? size.i ** 2 : Number.NaN;
}

function fileOf({ id, part }: FileCard): string {
  if (part.path !== undefined) return resolve(root, 'public', part.path);
  return id.startsWith('yunet-') ? resolve(data, 'yunet', part.name) : resolve(data, 'dct-net', part.name);
}

for (const card of catalog.flatMap((each) => ofOneFile(each) ?? [])) {
  const file = fileOf(card);
  test.skipIf(!card.builtIn && !existsSync(file))(`${card.id} tells its work`, () => {
    expect(card.needs?.workPerPx).toBe(workPerPx(readOnnx(readFileSync(file))));
  });
}

test.each(catalog.map((card) => [card.id, card] as const))('%s has stand-ins that do the same', (_, card) => {
  expect(catalog.some(({ id }) => card.fallback === undefined || id === card.fallback)).toBe(true);
  const same = ({ use }: ModelCard) => [
    use.pipeline,
    use.role,
    use.role === 'cartoon' ? use.spec.style : null,
  ];
  const chain = fallbacksOf(card, catalog);
  for (const other of chain) expect(same(other)).toEqual(same(card));
  const work = chain.map(({ needs }) => needs?.workPerPx ?? Number.NaN);
  expect(work).toEqual(work.toSorted((a, b) => b - a));
});

test('nothing that ships asks for more than a processor or a GPU with the least WebGPU allows', () => {
  /** gpuweb: the default of maxStorageBufferBindingSize. */
  const leastBytes = 128 * 2 ** 20;
  for (const { needs, builtIn, id } of catalog) {
    if (!builtIn) continue;
    expect([needs?.gpu, needs?.f16], id).toEqual([undefined, undefined]);
    expect(needs?.gpuBufferBytes, id).toBeLessThanOrEqual(leastBytes);
    expect(needs?.gpuPeakBytes, id).toBeGreaterThan(needs?.gpuBufferBytes ?? 0);
  }
});
