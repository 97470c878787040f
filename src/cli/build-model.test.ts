import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  memoryFolder,
  memorySink,
  miniatureFolder,
  noise,
  seededWeights,
  tensorDims,
} from '../foundry/miniature';
import { buildQwen3Vl } from '../foundry/qwen3-vl';
import { readQwen3VlConfig } from '../foundry/qwen3-vl-config';
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

/** Qwen3-VL-2B's own settings, written down in ../shared/reference and in the builder's tests nowhere else. */
const twoBillion = JSON.stringify({
  ...config,
  vision_config: {
    ...config.vision_config,
    ...{ depth: 24, hidden_size: 1024, intermediate_size: 4096, num_heads: 16, patch_size: 16 },
    ...{ out_hidden_size: 2048, num_position_embeddings: 2304, deepstack_visual_indexes: [5, 11, 17] },
  },
  text_config: {
    ...config.text_config,
    ...{
      vocab_size: 151936,
      hidden_size: 2048,
      intermediate_size: 6144,
      num_hidden_layers: 28,
      head_dim: 128,
    },
    ...{ num_attention_heads: 16, num_key_value_heads: 8 },
    rope_scaling: { rope_type: 'default', mrope_section: [24, 20, 20] },
  },
});

test.skipIf(!process.env.LONG)(
  '2B of noise on disk is converted in less than 1 GB of memory',
  { timeout: 1_800_000 },
  () => {
    const bytes = writeNoise(twoBillion, folder);
    expect(bytes).toBeGreaterThan(4e9);
    const out = join(folder, 'out');
    const told =
      "process.on('exit', () => console.error(process.resourceUsage().maxRSS)); import('./src/cli/model.ts');";
    const command = ['--import', 'tsx', '--eval', told, 'build', 'qwen3-vl', folder, out];
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const kilobytes = Number(stderr.trim().split('\n').at(-1));
    expect(kilobytes).toBeGreaterThan(5e4);
    expect(kilobytes).toBeLessThan(1e6);
    expect(statSync(join(out, 'decoder-0.bin')).size).toBeGreaterThan(1e9);
  },
);

/** A whole model's files with the same noise over and over, as large as the published ones. */
function writeNoise(settings: string, to: string): number {
  const piece = Buffer.from(Uint16Array.from(noise(1, 2 ** 20), (n) => (n + 0x3c00) & 0xbfff).buffer);
  const header: Record<string, object> = {};
  let at = 0;
  for (const [name, shape] of tensorDims(readQwen3VlConfig(settings))) {
    const bytes = shape.reduce((product, dim) => product * dim, 2);
    header[name] = { dtype: 'BF16', shape, data_offsets: [at, (at += bytes)] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = openSync(join(to, 'model.safetensors'), 'w');
  writeSync(file, length);
  writeSync(file, json);
  for (let left = at; left > 0; left -= piece.length) writeSync(file, piece, 0, Math.min(left, piece.length));
  closeSync(file);
  for (const [name, bytes] of miniatureFolder(slight, seededWeights('disk'))) {
    if (name !== 'model.safetensors') writeFileSync(join(to, name), bytes);
  }
  writeFileSync(join(to, 'config.json'), settings);
  return at;
}
