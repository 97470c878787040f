import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readOnnx } from '../foundry/onnx';
import { catalog } from '../library/catalog';
import { useOf } from '../library/recognise';
import { partPath } from '../privacy/mirror-list';
import { contentOf, filesOf, ofOneFile } from './files';

const root = resolve(import.meta.dirname, '../..');

test('ids are folder names, and no two models are the same bytes', () => {
  for (const { id } of catalog) expect(existsSync(resolve(root, 'src/models', id, 'card.ts')), id).toBe(true);
  expect(new Set(catalog.map(contentOf)).size).toBe(catalog.length);
});

test.each(catalog.map((card) => [card.id, card] as const))(
  '%s says what it is and where it came from',
  (id, card) => {
    const files = filesOf(card);
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
    for (const { name, bytes, sha256, remote } of files) {
      expect(name).toMatch(partPath);
      // What a card leaves open its host must state.
      if (sha256 === '') expect(typeof remote?.metadata).toBe('object');
      else expect([sha256, bytes > 0]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), true]);
    }
    expect(card.licence.spdx).not.toBe('');
    expect(readFileSync(resolve(root, 'src/models', id, 'SOURCE.md'), 'utf8')).toMatch(/^# /);
  },
);

const shipped = catalog.filter(({ builtIn }) => builtIn).flatMap((card) => ofOneFile(card) ?? []);

test('there are four styles and a face finder to start with', () => {
  const styles = shipped.flatMap(({ use }) => (use.role === 'cartoon' ? [use.spec.style] : []));
  expect(styles.sort()).toEqual(['3d', 'anime', 'handdrawn', 'sketch']);
  expect(shipped.filter(({ use }) => use.role === 'faces')).toHaveLength(1);
});

test.each(shipped.map((card) => [card.id, card] as const))(
  '%s ships exactly the bytes of its card',
  (_, card) => {
    const bytes = readFileSync(resolve(root, 'public', card.part.path ?? ''));
    expect(bytes.length).toBe(card.part.bytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(card.part.sha256);
    const onnx = readOnnx(bytes);
    expect(onnx.opset).toBeLessThanOrEqual(21);
    if (card.use.role === 'faces')
      expect(useOf(onnx)).toMatchObject({ role: 'faces', spec: { layout: 'rgba' } });
    if (card.use.role === 'cartoon')
      expect(onnx.outputs.map(({ name }) => name)).toEqual([card.use.spec.output]);
  },
);
