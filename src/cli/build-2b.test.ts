/**
 * A model as large as Qwen3-VL-2B, of noise, from disk to disk (4.3 GB; long tests only): the memory it takes, and what
 * 4 bits leave of each weight. With KEEP=DIR the files stay there, for foundry/reference/check_build.py.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ByteSource } from '../base/byte-source';
import { miniatureFolder, noise, seededWeights, tensorDims } from '../foundry/miniature';
import { readOnnx } from '../foundry/onnx';
import { readQwen3VlConfig } from '../foundry/qwen3-vl-config';
import { readRows, readSafetensors, type StoredTensor } from '../foundry/safetensors';
import { blockBytes, blocksOf, unpackRow } from '../runtime/four-bit';

const root = resolve(import.meta.dirname, '../..');
const { config } = JSON.parse(
  readFileSync(join(root, 'src/foundry/reference/qwen3-vl-tied.json'), 'utf8'),
) as { config: { text_config: object; vision_config: object } };

/** The published settings, as ../shared/reference has them. */
const twoBillion = JSON.stringify({
  ...config,
  vision_config: {
    ...config.vision_config,
    ...{ depth: 24, hidden_size: 1024, intermediate_size: 4096, num_heads: 16, patch_size: 16 },
    ...{ out_hidden_size: 2048, num_position_embeddings: 2304, deepstack_visual_indexes: [5, 11, 17] },
  },
  text_config: {
    ...config.text_config,
    ...{ vocab_size: 151936, hidden_size: 2048, intermediate_size: 6144, num_hidden_layers: 28 },
    ...{ head_dim: 128, num_attention_heads: 16, num_key_value_heads: 8 },
    rope_scaling: { rope_type: 'default', mrope_section: [24, 20, 20] },
  },
});

describe.skipIf(!process.env.LONG)('2B of noise', { timeout: 1_800_000 }, () => {
  const folder = process.env.KEEP ?? mkdtempSync(join(tmpdir(), 'obscura-2b-'));
  const out = join(folder, 'out');
  afterAll(() => {
    if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
  });

  test('is converted in less than 1 GB of memory', () => {
    mkdirSync(folder, { recursive: true });
    expect(writeNoise(twoBillion, folder)).toBeGreaterThan(4e9);
    const told =
      "process.on('exit', () => console.error(process.resourceUsage().maxRSS)); import('./src/cli/model.ts');";
    const command = ['--import', 'tsx', '--eval', told, 'build', 'qwen3-vl', folder, out];
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const kilobytes = Number(stderr.trim().split('\n').at(-1));
    process.stdout.write(`peak memory ${kilobytes} kB\n`);
    expect(kilobytes).toBeGreaterThan(5e4);
    expect(kilobytes).toBeLessThan(1e6);
    expect(statSync(join(out, 'decoder-0.bin')).size).toBeGreaterThan(1e9);
  });

  test('leaves each weight within what sixteen steps of a block can say', async () => {
    const source = await readSafetensors(fileSource(join(folder, 'model.safetensors')));
    let weights = 0;
    for (const part of ['vision', 'decoder']) {
      for (const tensor of readOnnx(readFileSync(join(out, `${part}.onnx`))).tensors) {
        if (!tensor.name.endsWith('.packed') || !tensor.external) continue;
        const name = tensor.name.replace(/\.packed$/, '');
        const scales = readOnnx(readFileSync(join(out, `${part}.onnx`))).tensors.find(
          (each) => each.name === `${name}.scales`,
        )!;
        const stored = source.get(
          `${name === 'lm_head' ? 'model.language_model.embed_tokens' : name}.weight`,
        )!;
        const error = await relativeError(stored, {
          packed: [fileSource(join(out, tensor.external.location)), tensor.external.offset],
          scales: [fileSource(join(out, scales.external!.location)), scales.external!.offset],
        });
        process.stdout.write(`${name} ${stored.dims.join('×')} ${error.toFixed(4)}\n`);
        expect(error, name).toBeGreaterThan(0.01);
        expect(error, name).toBeLessThan(0.12);
        weights += 1;
      }
    }
    // 7 in each of 28 layers and the head; 4 in each of 24 blocks and 2 in each of 4 mergers.
    expect(weights).toBe(7 * 28 + 1 + 4 * 24 + 2 * 4);
  });
});

type Stretch = readonly [source: ByteSource, offset: number];

/** √(Σ(w − ŵ)² / Σw²), some rows at a time. */
async function relativeError(
  stored: StoredTensor,
  { packed, scales }: { packed: Stretch; scales: Stretch },
): Promise<number> {
  const [rows = 0, columns = 0] = stored.dims;
  const blocks = blocksOf(columns);
  const step = Math.floor(2 ** 22 / columns);
  let [error, square] = [0, 0];
  for (let from = 0; from < rows; from += step) {
    const count = Math.min(step, rows - from);
    const values = await readRows(stored, from, from + count);
    const bytes = await packed[0].read(packed[1] + from * blocks * blockBytes, count * blocks * blockBytes);
    const raw = (await scales[0].read(scales[1] + from * blocks * 4, count * blocks * 4)).slice();
    const factors = new Float32Array(raw.buffer);
    for (let row = 0; row < count; row++) {
      const own = factors.subarray(row * blocks, (row + 1) * blocks);
      const told = unpackRow(
        bytes.subarray(row * blocks * blockBytes, (row + 1) * blocks * blockBytes),
        own,
        columns,
      );
      for (let i = 0; i < columns; i++) {
        const value = values[row * columns + i]!;
        error += (value - told[i]!) ** 2;
        square += value ** 2;
      }
    }
  }
  return Math.sqrt(error / square);
}

function fileSource(path: string): ByteSource {
  const { size } = statSync(path);
  return {
    bytes: size,
    read: (offset, length) => {
      const bytes = new Uint8Array(length);
      const file = openSync(path, 'r');
      const got = readSync(file, bytes, 0, length, offset);
      closeSync(file);
      return got === length ? Promise.resolve(bytes) : Promise.reject(new RangeError(path));
    },
  };
}

/** A whole model's files, as large as the published ones: bell-shaped noise of deviation 0.02, taken up at a new place for each tensor. */
function writeNoise(settings: string, to: string): number {
  const four = [1, 2, 3, 4].map((seed) => noise(seed, 2 ** 20));
  const bits = new Uint32Array(
    Float32Array.from(four[0]!, (_, i) => four.reduce((sum, each) => sum + each[i]!, 0) * 6e-5).buffer,
  );
  const piece = Buffer.from(Uint16Array.from(bits, (each) => each >>> 16).buffer);
  const header: Record<string, object> = {};
  const shapes = [...tensorDims(readQwen3VlConfig(settings))];
  const sizes = shapes.map(([, shape]) => shape.reduce((product, dim) => product * dim, 2));
  let at = 0;
  for (const [index, [name, shape]] of shapes.entries()) {
    header[name] = { dtype: 'BF16', shape, data_offsets: [at, (at += sizes[index]!)] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = openSync(join(to, 'model.safetensors'), 'w');
  writeSync(file, length);
  writeSync(file, json);
  for (const [index, size] of sizes.entries()) {
    let from = (index * 7919 * 64) % piece.length;
    for (let left = size; left > 0; from = 0) {
      const count = Math.min(left, piece.length - from);
      left -= writeSync(file, piece, from, count);
    }
  }
  closeSync(file);
  const slight = JSON.stringify({
    ...config,
    vision_config: { ...config.vision_config, depth: 1, deepstack_visual_indexes: [0] },
    text_config: { ...config.text_config, num_hidden_layers: 1, vocab_size: 32 },
  });
  for (const [name, bytes] of miniatureFolder(slight, seededWeights('disk'))) {
    if (name !== 'model.safetensors') writeFileSync(join(to, name), bytes);
  }
  writeFileSync(join(to, 'config.json'), settings);
  return at;
}
