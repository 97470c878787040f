/** A miniature in the makers' own layout, in two shards, converted into a store in memory. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { publicMiniature } from '../../build/public-miniature';
import { sha256 } from '../base/sha256';
import type { TransferProgress } from '../base/progress';
import { memoryFolder, memorySink, miniatureFolder, seededWeights } from '../foundry/miniature';
import { buildQwen3Vl } from '../foundry/qwen3-vl';
import { filesOf } from '../models/files';
import { chunkBytesFor } from './chunks';
import type { KeyValue } from './key-value';
import { memoryKeyValue, memoryLocks } from './memory-store';
import { convertFolder, planConversion, publishedFolder } from './published-folder';
import { Staging } from './staging';
import { ModelStore } from './store';

const reference = resolve(import.meta.dirname, '../foundry/reference/qwen3-vl-tied.json');
let published: Map<string, Uint8Array>;
let wanted: Map<string, Uint8Array>;
let chunks: KeyValue;
let store: ModelStore;
const locks = memoryLocks();

beforeAll(async () => {
  const { config } = JSON.parse(readFileSync(reference, 'utf8')) as { config: object };
  published = miniatureFolder(JSON.stringify(config), seededWeights('tied'), 2);
  wanted = new Map();
  const { signal } = new AbortController();
  await buildQwen3Vl(memoryFolder(published), memorySink(wanted), { precision: 'q4', signal });
});
beforeEach(() => openStore());

function openStore(options: { failAfter?: number } = {}): void {
  chunks = memoryKeyValue(options);
  store = new ModelStore({ records: memoryKeyValue(), chunks, locks, now: () => Date.now(), chunkBytesFor });
}

function chosen(change: (name: string, bytes: Uint8Array) => Uint8Array = (_, bytes) => bytes): File[] {
  return [...published].map(([name, bytes]) => {
    const file = new File([new Uint8Array(change(name, bytes))], name);
    return Object.assign(file, { webkitRelativePath: `Qwen3-VL/${name}` });
  });
}

interface Watching {
  readonly signal?: AbortSignal;
  readonly onReport?: (progress: TransferProgress) => void;
}

async function convert(files: File[], { signal = new AbortController().signal, onReport }: Watching = {}) {
  const told: TransferProgress[] = [];
  const report = (progress: TransferProgress) => {
    told.push(progress);
    onReport?.(progress);
  };
  const folder = await publishedFolder(files);
  const card = await convertFolder(folder!, { store, room: { chunks, locks } }, { report, signal });
  return { card, told };
}

test('it becomes the model that the command line writes, to the byte, and nothing beside it stays', async () => {
  const { card, told } = await convert(chosen());
  const made = new Map(filesOf(card).map(({ name, sha256: hash }) => [name, hash]));
  expect([...made.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [name, bytes] of wanted) expect(made.get(name), name).toBe(await sha256(new Uint8Array(bytes)));
  expect((await store.list()).map(({ card: kept }) => kept.id)).toEqual([card.id]);
  await store.verify(card.id);
  expect((await chunks.keys()).filter((key) => key.startsWith('staged-'))).toEqual([]);
  const done = told.map(({ doneBytes }) => doneBytes);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect([done[0], done.at(-1)]).toEqual([0, told[0]!.totalBytes]);
});

test('what it reads, keeps and takes is told before', async () => {
  const plan = await planConversion((await publishedFolder(chosen()))!);
  const { card } = await convert(chosen());
  const kept = filesOf(card).reduce((sum, { bytes }) => sum + bytes, 0);
  const weights = [...published].filter(([name]) => name.endsWith('.safetensors'));
  expect(plan.sourceBytes).toBeLessThan(weights.reduce((sum, [, bytes]) => sum + bytes.length, 0));
  expect(plan.sourceBytes).toBeGreaterThan(100_000);
  // Beside the weights stand graphs and the tokenizer, which are as large here.
  expect(plan.keptBytes).toBeLessThan(kept);
  expect(plan.ms).toBeGreaterThan(0);
});

test('called off half way, with a part of it written, nothing of it stays', async () => {
  const abort = new AbortController();
  let written = 0;
  const onReport = ({ doneBytes, totalBytes }: TransferProgress) => {
    if (doneBytes < totalBytes * 0.8 || abort.signal.aborted) return;
    void chunks.keys().then((keys) => (written = keys.length));
    abort.abort();
  };
  const running = convert(chosen(), { signal: abort.signal, onReport });
  const thrown: unknown = await running.catch((why: unknown) => why);
  expect(thrown).toBe(abort.signal.reason);
  expect(written).toBeGreaterThan(0);
  expect([await chunks.keys(), await store.list()]).toEqual([[], []]);
});

test('a shard that ends early, or is not there, is refused, and nothing of it stays', async () => {
  const short = chosen((name, bytes) => (name.startsWith('model-2') ? bytes.subarray(0, -2) : bytes));
  await expect(convert(short)).rejects.toMatchObject({ code: 'model/damaged' });
  const without = chosen().filter(({ name }) => !name.startsWith('model-2'));
  await expect(convert(without)).rejects.toMatchObject({ code: 'model/missing-file' });
  expect([await chunks.keys(), await store.list()]).toEqual([[], []]);
});

test('a disk that is full ends it, and nothing of it stays', async () => {
  openStore({ failAfter: 4 });
  await expect(convert(chosen())).rejects.toMatchObject({ code: 'storage/full' });
  expect([await chunks.keys(), await store.list()]).toEqual([[], []]);
});

test('what a crash leaves behind is swept, and what is being made is not', async () => {
  await Staging.use({ chunks, locks }, async (staging) => {
    const sink = await staging.create('half');
    await sink.append(new Uint8Array(10));
    await sink.close();
    await store.sweep(() => true);
    expect((await chunks.keys()).length).toBe(1);
    const [key] = await chunks.keys();
    await chunks.setMany([[key!.replace(/^staged-[^/]*/, 'staged-by-a-tab-that-is-gone'), new Blob()]]);
    await store.sweep(() => true);
    expect(await chunks.keys()).toEqual([key]);
  });
});

test('what others exported for transformers.js is taken as it is, and says what it lacks', async () => {
  const { config } = JSON.parse(readFileSync(reference, 'utf8')) as { config: object };
  const exported = await publicMiniature(JSON.stringify(config), { suffix: '_q4' });
  const files = [...exported].map(([name, bytes]) =>
    Object.assign(new File([new Uint8Array(bytes)], name.split('/').at(-1)!), {
      webkitRelativePath: `Qwen3-VL-ONNX/${name}`,
    }),
  );
  const plan = await planConversion((await publishedFolder(files))!);
  const { card, told } = await convert(files);
  expect(plan).toMatchObject({ kind: 'exported', sourceBytes: told[0]!.totalBytes });
  expect(card).toMatchObject({
    title: 'Qwen3-VL Instruct (ONNX export)',
    use: { spec: { form: 'transformers.js' } },
  });
  expect(card.source).toContain('lacks DeepStack');
  expect(Object.keys(card.parts!)).toEqual(['facts', 'tokenizer', 'embed', 'vision', 'decoder']);
  for (const { name, sha256: hash } of filesOf(card).filter(({ name }) => name.includes('_q4')))
    expect(await sha256(new Uint8Array(exported.get(`onnx/${name}`)!)), name).toBe(hash);
  const without = files.filter(({ name }) => name !== 'embed_tokens_q4.onnx_data');
  await expect(convert(without)).rejects.toMatchObject({ code: 'model/missing-file' });
});

test('other folders are no conversion', async () => {
  expect(await publishedFolder(chosen().filter(({ name }) => name !== 'config.json'))).toBeNull();
  expect(await publishedFolder([new File(['{"model_type": "llama"}'], 'config.json')])).toBeNull();
});
