/** The tied miniature of Qwen3-VL, ready to be asked: its words are noise. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { memorySource } from '../src/base/byte-source';
import { memoryFolder, memorySink, miniatureFolder, seededWeights } from '../src/foundry/miniature';
import { buildQwen3Vl } from '../src/foundry/qwen3-vl';
import type { AnswerParts } from '../src/pipelines/vision-language/answer';
import { openEmbeddings } from '../src/pipelines/vision-language/embed';
import { readModelFacts } from '../src/pipelines/vision-language/model-facts';
import { openTokenizer } from '../src/pipelines/vision-language/tokenizer';
import type { HoldingSession } from '../src/runtime/runtime';
import { openNodeSession } from './node-session';

/** Bytes as tokens, and the controls where the miniature's settings have them. */
function tokenizer() {
  const letters: string[] = [];
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const seen = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    letters.push(String.fromCodePoint(seen ? byte : next++));
  }
  const controls = {
    '<|image_pad|>': 500,
    '<|vision_start|>': 501,
    '<|vision_end|>': 502,
    '<|im_start|>': 505,
    '<|im_end|>': 511,
  };
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, use_regex: true, trim_offsets: true };
  const json = {
    added_tokens: Object.entries(controls).map(([content, id]) => ({ id, content, special: true })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: { type: 'BPE', vocab: Object.fromEntries(letters.map((letter, id) => [letter, id])), merges: [] },
  };
  return openTokenizer(JSON.stringify(json), '{}');
}

export async function openMiniatureParts(): Promise<AnswerParts & { readonly vision: HoldingSession }> {
  const { config } = JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../src/foundry/reference/qwen3-vl-tied.json'), 'utf8'),
  ) as { config: object };
  const files = new Map<string, Uint8Array>();
  const source = memoryFolder(miniatureFolder(JSON.stringify(config), seededWeights('tied')));
  await buildQwen3Vl(source, memorySink(files), { precision: 'q4', signal: new AbortController().signal });
  const bytes = (name: string) => files.get(name) ?? new Uint8Array();
  const facts = readModelFacts(new TextDecoder().decode(files.get('model.json')));
  const open = (part: string) =>
    openNodeSession(bytes(`${part}.onnx`), new Map([[`${part}-0.bin`, bytes(`${part}-0.bin`)]]));
  const [vision, decoder] = [await open('vision'), await open('decoder')];
  return {
    vision,
    openVision: () => Promise.resolve({ ...vision, release: () => Promise.resolve() }),
    decoder,
    embeddings: openEmbeddings(facts.embeddings, (file) => memorySource(bytes(file))),
    tokenizer: tokenizer(),
    facts,
  };
}
