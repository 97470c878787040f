import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memoryFolder, memorySink, miniatureFolder, seededWeights } from '../foundry/miniature';
import { buildQwen3Vl } from '../foundry/qwen3-vl';
import { publicMiniature } from '../../build/public-miniature';
import { readManifest } from '../library/manifest';
import { filesOf } from '../models/files';
import { buildModel } from './build-model';

const root = resolve(import.meta.dirname, '../..');
const { config } = JSON.parse(
  readFileSync(join(root, 'src/foundry/reference/qwen3-vl-tied.json'), 'utf8'),
) as {
  config: { text_config: object; vision_config: object };
};

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'obscura-build-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const slight = JSON.stringify({
  ...config,
  vision_config: { ...config.vision_config, depth: 1, deepstack_visual_indexes: [0] },
  text_config: { ...config.text_config, num_hidden_layers: 1, vocab_size: 32 },
});

test('a folder exported for transformers.js is laid out as a model that a manifest may name', async () => {
  for (const [name, bytes] of await publicMiniature(slight, { suffix: '_q4' })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const out = join(folder, 'out');
  await buildModel({ name: 'qwen3-vl', from: folder, to: out, precision: 'q4' });
  const [model] = readManifest(readFileSync(join(out, 'manifest.json'), 'utf8'), () => undefined);
  expect(model).toMatchObject({ use: { role: 'words', spec: { form: 'transformers.js' } } });
  expect(filesOf(model!).map(({ name }) => name)).toContain('decoder_model_merged_q4.onnx_data');
});

test('files on disk become the files that memory gives', async () => {
  const files = miniatureFolder(slight, seededWeights('disk'), 2);
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  const shares: number[] = [];
  const out = join(folder, 'out');
  await buildModel({
    name: 'qwen3-vl',
    from: folder,
    to: out,
    precision: 'q4',
    onShare: (share) => shares.push(share),
  });
  const wanted = new Map<string, Uint8Array>();
  const signal = new AbortController().signal;
  await buildQwen3Vl(memoryFolder(files), memorySink(wanted), { precision: 'q4', signal });
  expect(readdirSync(out).sort()).toEqual([...wanted.keys(), 'manifest.json'].sort());
  for (const [name, bytes] of wanted)
    expect(Buffer.compare(readFileSync(join(out, name)), bytes), name).toBe(0);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
});

test.each([
  ['another name', { name: 'qwen9' }, /no builder qwen9/],
  ['another precision', { precision: 'q3' }, /q4, f16, f32/],
  ['no folder', { from: '/nowhere/at/all' }, /no folder/],
])('%s is said in a sentence', async (_, change, words) => {
  const request = { name: 'qwen3-vl', from: folder, to: join(folder, 'out'), precision: 'q4', ...change };
  await expect(buildModel(request)).rejects.toThrow(words);
});

test('the command line ends with 1 and plain words on a folder without a model', () => {
  const { status, stderr } = spawnSync(
    'npx',
    ['tsx', 'src/cli/model.ts', 'build', 'qwen3-vl', folder, join(folder, 'out')],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  expect([status, stderr]).toEqual([1, expect.stringContaining('config.json')]);
});
