/** What a build says of itself, read as if somebody else had written it. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { memoryFolder, memorySink, miniatureFolder, seededWeights } from '../foundry/miniature';
import { buildQwen3Vl } from '../foundry/qwen3-vl';
import { filesOf } from '../models/files';
import { builtCard } from './built-model';

const reference = resolve(import.meta.dirname, '../foundry/reference/qwen3-vl-tied.json');
type Facts = Record<string, Record<string, unknown>>;
let files: Map<string, Uint8Array>;

beforeAll(async () => {
  const { config } = JSON.parse(readFileSync(reference, 'utf8')) as { config: object };
  files = new Map();
  const source = memoryFolder(miniatureFolder(JSON.stringify(config), seededWeights('tied')));
  await buildQwen3Vl(source, memorySink(files), { precision: 'q4', signal: new AbortController().signal });
});

const facts = () => JSON.parse(new TextDecoder().decode(files.get('model.json'))) as Facts;
const changed = (change: (all: Facts) => void): string => {
  const all = facts();
  change(all);
  return JSON.stringify(all);
};

test('every file of a build is a part, the small ones first', () => {
  const card = builtCard(changed(() => undefined));
  expect(Object.keys(card.parts)).toEqual(['facts', 'tokenizer', 'vision', 'decoder']);
  expect(
    filesOf(card)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...files.keys()].sort());
  expect(card).toMatchObject({ title: 'Qwen3-VL Instruct', licence: { spdx: 'unknown' } });
  expect(card.needs).toBeUndefined();
});

test('one of billions of weights says its size, needs a GPU, and the buffer of its largest table', () => {
  const text = changed((all) => {
    all['text']!['hidden'] = 2048;
    all['embeddings']!['rows'] = 151_936;
    all['embeddings']!['columns'] = 2048;
    (all['parts']!['decoder'] as { data: unknown[] }).data = [
      { location: 'decoder-0.bin', bytes: 1.2e9 },
      { location: 'decoder-1.bin', bytes: 1e6 },
    ];
    Object.assign(all, { thinking: true });
  });
  const card = builtCard(text);
  expect(card).toMatchObject({ title: 'Qwen3-VL 2B Thinking', use: { spec: { thinking: true } } });
  expect(card.needs).toEqual({ gpu: true, gpuBufferBytes: 155_582_464 });
  expect(card.parts['decoder']!.map(({ name }) => name)).toEqual([
    'decoder.onnx',
    'decoder-0.bin',
    'decoder-1.bin',
  ]);
});

test.each([
  ['climbs', '../decoder.onnx'],
  ['lies elsewhere', 'https://elsewhere.example/decoder.onnx'],
  ['lies in a folder', 'more/decoder.onnx'],
  ['runs', 'decoder.js'],
])('a file that %s is refused', (_, graph) => {
  const text = changed((all) => void ((all['parts']!['decoder'] as { graph: string }).graph = graph));
  expect(() => builtCard(text)).toThrow('model/unsafe-path');
});
