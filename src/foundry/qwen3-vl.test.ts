/** What the builder reads and refuses. What its graphs compute is judged in pipelines/vision-language/agreement.test.ts. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Precision } from './layers';
import { Layers } from './layers';
import { ExternalWriter } from './external-data';
import { memoryFolder, memorySink, miniatureFolder, noise, seededWeights, type Weights } from './miniature';
import { readOnnx } from './onnx';
import { quantizeRows } from './quantize';
import { buildQwen3Vl } from './qwen3-vl';
import { readQwen3VlConfig } from './qwen3-vl-config';
import { memorySource } from '../base/byte-source';

type Json = Record<string, unknown>;
type Settings = Json & { text_config: Json; vision_config: Json };

const settings = (label: string): Settings =>
  (
    JSON.parse(readFileSync(resolve(import.meta.dirname, `reference/qwen3-vl-${label}.json`), 'utf8')) as {
      config: Settings;
    }
  ).config;
const signal = new AbortController().signal;

/** One layer of each, and weights that say nothing: where only what stands around them is asked for. */
const slight = (): Settings => ({
  ...settings('tied'),
  vision_config: { ...settings('tied').vision_config, depth: 1, deepstack_visual_indexes: [0] },
  text_config: { ...settings('tied').text_config, num_hidden_layers: 1, vocab_size: 32 },
});
const ones: Weights = (_, dims) => new Float32Array(dims.reduce((product, dim) => product * dim, 1)).fill(1);

/** The published files of a miniature, some of them exchanged. */
function source(config = slight(), files: Record<string, unknown> = {}): Map<string, Uint8Array> {
  const folder = miniatureFolder(JSON.stringify(config), ones);
  for (const [name, value] of Object.entries(files)) {
    folder.set(name, new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)));
  }
  return folder;
}

async function build(folder: Map<string, Uint8Array>, precision: Precision = 'q4') {
  const files = new Map<string, Uint8Array>();
  await buildQwen3Vl(memoryFolder(folder), memorySink(files), { precision, signal });
  return files;
}

const factsOf = (files: Map<string, Uint8Array>) =>
  JSON.parse(new TextDecoder().decode(files.get('model.json'))) as Record<string, Json>;

test('one file and many shards give the same bytes', async () => {
  const config = JSON.stringify(settings('untied'));
  const whole = await build(miniatureFolder(config, seededWeights('any')));
  const shards = await build(miniatureFolder(config, seededWeights('any'), 3));
  expect([...shards.keys()]).toEqual([...whole.keys()]);
  for (const [name, bytes] of whole) expect(Buffer.compare(shards.get(name)!, bytes), name).toBe(0);
});

test('a tied head is the embedding table, once', async () => {
  const files = await build(source());
  const { tensors } = readOnnx(files.get('decoder.onnx')!);
  const head = tensors.find(({ name }) => name === 'lm_head.packed')!;
  expect(factsOf(files)['embeddings']).toMatchObject({
    file: 'decoder-0.bin',
    offset: head.external!.offset,
  });
});

test('the parts say which values they take, whatever the taps', async () => {
  const files = await build(source(settings('untied')));
  const inputs = (part: string) => readOnnx(files.get(`${part}.onnx`)!).inputs.map(({ name }) => name);
  expect(inputs('vision')).toEqual(['patches', 'position_indices', 'position_weights', 'cos', 'sin']);
  expect(inputs('decoder').filter((name) => !name.startsWith('past_key_values'))).toEqual([
    'embeddings',
    'cos',
    'sin',
    'deepstack_0',
    'deepstack_1',
    'seqlens_k',
    'total_sequence_length',
  ]);
  const { outputs } = readOnnx(files.get('decoder.onnx')!);
  expect(outputs[0]).toMatchObject({ name: 'logits', dims: [1, 504] });
});

test('answers end where generation_config.json says, or else where config.json does', async () => {
  const stop = async (files: Record<string, unknown>) =>
    factsOf(await build(source(undefined, files)))['tokens'];
  expect(await stop({})).toMatchObject({ stop: [511] });
  expect(await stop({ 'generation_config.json': { eos_token_id: [7, 8] } })).toMatchObject({ stop: [7, 8] });
  expect(await stop({ 'generation_config.json': { eos_token_id: 9 } })).toMatchObject({ stop: [9] });
});

test('a Thinking model is known by its template', async () => {
  const template = (thought: string) => `{{- '<|im_start|>assistant\\n${thought}' }}`;
  const thinking = async (files: Record<string, unknown>) =>
    factsOf(await build(source(undefined, files)))['thinking'];
  expect(await thinking({ 'chat_template.jinja': template('<think>\\n') })).toBe(true);
  expect(await thinking({ 'chat_template.json': { chat_template: template('<think>\\n') } })).toBe(true);
  expect(await thinking({ 'chat_template.jinja': template('') })).toBe(false);
  expect(await thinking({})).toBe(false);
});

const text = (change: Json) => ({
  ...settings('tied'),
  text_config: { ...settings('tied').text_config, ...change },
});
const vision = (change: Json) => ({
  ...settings('tied'),
  vision_config: { ...settings('tied').vision_config, ...change },
});

describe('refused:', () => {
  test.each<[string, Json, string]>([
    ['another model', { ...settings('tied'), model_type: 'qwen2_vl' }, 'model/not-recognised'],
    ['another activation', text({ hidden_act: 'gelu' }), 'model/not-recognised'],
    [
      'a rotary embedding of another kind',
      text({ rope_scaling: { rope_type: 'yarn', mrope_section: [6, 5, 5] } }),
      'model/not-recognised',
    ],
    [
      'sections that do not make up a head',
      text({ rope_scaling: { mrope_section: [6, 5, 4] } }),
      'model/not-recognised',
    ],
    ['heads that cannot be shared', text({ num_key_value_heads: 3 }), 'model/not-recognised'],
    ['a thousand layers', text({ num_hidden_layers: 1000 }), 'model/not-recognised'],
    ['a width that is text', text({ hidden_size: '64' }), 'model/damaged'],
    ['a tap after no block', vision({ deepstack_visual_indexes: [0, 9] }), 'model/not-recognised'],
    ['one tap twice', vision({ deepstack_visual_indexes: [1, 1] }), 'model/not-recognised'],
    ['features the decoder cannot take', vision({ out_hidden_size: 32 }), 'model/not-recognised'],
    ['positions that are no square', vision({ num_position_embeddings: 37 }), 'model/not-recognised'],
  ])('%s', (_, config, code) => {
    expect(() => readQwen3VlConfig(JSON.stringify(config))).toThrow(code);
  });

  test('a weight that is missing, and one of another shape', async () => {
    const short = source();
    const taller = { ...slight(), text_config: { ...slight().text_config, vocab_size: 33 } };
    short.set('config.json', new TextEncoder().encode(JSON.stringify(taller)));
    await expect(build(short)).rejects.toMatchObject({ code: 'model/damaged', details: { dims: '32×64' } });
    const untied = source();
    untied.set(
      'config.json',
      new TextEncoder().encode(JSON.stringify({ ...slight(), tie_word_embeddings: false })),
    );
    await expect(build(untied)).rejects.toMatchObject({ details: { missing: 'lm_head.weight' } });
  });

  test('a folder without its settings', async () => {
    const bare = source();
    bare.delete('preprocessor_config.json');
    await expect(build(bare)).rejects.toMatchObject({
      code: 'model/missing-file',
      details: { file: 'preprocessor_config.json' },
    });
  });
});

test('the published files’ own way to write the same settings is read alike', () => {
  const { text_config, ...rest } = settings('tied');
  const { rope_scaling, rope_theta, ...other } = text_config;
  const newer = { ...other, rope_parameters: { ...(rope_scaling as Json), rope_theta } };
  expect(readQwen3VlConfig(JSON.stringify({ ...rest, text_config: newer }))).toEqual(
    readQwen3VlConfig(JSON.stringify(settings('tied'))),
  );
});

test('a table that passes in pieces is the table that passes at once', async () => {
  const [rows, columns] = [2 ** 15 + 3, 130];
  const halves = Uint16Array.from(noise(1, rows * columns), (n) => (n + 600) * 16);
  const files = new Map<string, Uint8Array>();
  const writer = new ExternalWriter(memorySink(files), 'p');
  const reads: number[] = [];
  const whole = memorySource(new Uint8Array(halves.buffer));
  const read = (offset: number, length: number) => {
    reads.push(length);
    return whole.read(offset, length);
  };
  const stored = {
    name: 't',
    elementType: 'BF16',
    dims: [rows, columns],
    offset: 0,
    bytes: halves.byteLength,
  };
  const tensors = new Map([['t', { ...stored, source: { ...whole, read } }]]);
  const layers = new Layers({ tensors, writer, precision: 'q4', signal, onPiece: () => undefined });
  const { values, scales } = await layers.table('t', [rows, columns]);
  await writer.close();
  expect(reads.length).toBeGreaterThan(1);
  expect(Math.max(...reads)).toBeLessThanOrEqual(2 ** 23);
  const bits = Uint32Array.from(halves, (half) => half << 16);
  const once = quantizeRows(new Float32Array(bits.buffer), columns);
  const written = files.get('p-0.bin')!;
  expect(Buffer.compare(written.subarray(values.offset, values.offset + values.bytes!), once.packed)).toBe(0);
  const factors = new Uint8Array(once.scales.buffer);
  expect(Buffer.compare(written.subarray(scales!.offset, scales!.offset + scales!.bytes!), factors)).toBe(0);
});

test('a build that is called off stops, and says so by the signal’s own reason', async () => {
  const abort = new AbortController();
  const files = new Map<string, Uint8Array>();
  const onProgress = (done: number, total: number) => {
    if (done > total / 2) abort.abort();
  };
  const options = { precision: 'q4', signal: abort.signal, onProgress } as const;
  const thrown: unknown = await buildQwen3Vl(memoryFolder(source()), memorySink(files), options).catch(
    (reason: unknown) => reason,
  );
  expect(thrown).toBe(abort.signal.reason);
  expect(files.has('model.json')).toBe(false);
});
