/**
 * What transformers.js itself says with the miniature of the public layout, for public-layout.test.ts. Never needed to
 * build or test:
 *     npm i --no-save --ignore-scripts @huggingface/transformers@4.3.1
 *     npx tsx build/public-reference.ts
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { seedOf, noise } from '../src/foundry/miniature';
import { publicMiniature } from './public-miniature';

interface Peer {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly Tensor: new (type: string, data: ArrayLike<number> | BigInt64Array, dims: number[]) => unknown;
  readonly Qwen3VLForConditionalGeneration: {
    from_pretrained(
      name: string,
      options: object,
    ): Promise<{ generate(inputs: object): Promise<{ tolist(): (number | bigint)[][] }> }>;
  };
}

const reference = resolve(import.meta.dirname, '../src/foundry/reference/qwen3-vl-tied.json');
const out = resolve(import.meta.dirname, '../src/pipelines/vision-language/reference/public-layout.json');
const answerTokens = 48;

/** Height and width in patches. */
const grid = [4, 6] as const;
const text = (name: string, count: number) =>
  Array.from(noise(seedOf(`public/${name}`), count), (value) => (value + 510) % 490);
const ids = [
  ...text('before', 7),
  501,
  ...Array<number>((grid[0] * grid[1]) / 4).fill(500),
  502,
  ...text('after', 90),
];
const pixels = Float32Array.from(
  noise(seedOf('public/pixels'), grid[0] * grid[1] * 96),
  (value) => value / 510,
);

const folder = mkdtempSync(join(tmpdir(), 'obscura-public-'));
const { config } = JSON.parse(readFileSync(reference, 'utf8')) as { config: { text_config: object } };
Object.assign(config.text_config, { model_type: 'qwen3_vl_text' });
for (const [name, bytes] of await publicMiniature(JSON.stringify(config))) {
  mkdirSync(dirname(join(folder, 'miniature', name)), { recursive: true });
  writeFileSync(join(folder, 'miniature', name), bytes);
}
writeFileSync(join(folder, 'miniature/generation_config.json'), '{}');

const peer = (await import(process.argv[2] ?? '@huggingface/transformers')) as Peer;
peer.env.allowRemoteModels = false;
peer.env.localModelPath = folder;
const model = await peer.Qwen3VLForConditionalGeneration.from_pretrained('miniature', {
  dtype: 'fp32',
  device: 'cpu',
  use_external_data_format: true,
});
const whole = (values: readonly number[], dims: number[]) =>
  new peer.Tensor('int64', BigInt64Array.from(values, BigInt), dims);
const made = await model.generate({
  input_ids: whole(ids, [1, ids.length]),
  attention_mask: whole(
    ids.map(() => 1),
    [1, ids.length],
  ),
  pixel_values: new peer.Tensor('float32', pixels, [grid[0] * grid[1], 96]),
  image_grid_thw: whole([1, ...grid], [1, 3]),
  max_new_tokens: answerTokens,
  do_sample: false,
  eos_token_id: 999,
});
const tokens = (made.tolist()[0] ?? []).slice(ids.length).map(Number);
console.log(tokens.length, new Set(tokens).size, tokens.slice(0, 12));
writeFileSync(out, `${JSON.stringify({ config, grid, ids, pixelSeed: 'public/pixels', tokens })}\n`);
