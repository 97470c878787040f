/** The tied miniature of Qwen3-VL, ready to be asked: its words are noise. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { memorySource } from '../src/base/byte-source';
import { memoryFolder, memorySink, miniatureFolder, seededWeights } from '../src/foundry/miniature';
import { buildQwen3Vl } from '../src/foundry/qwen3-vl';
import type { AnswerParts, OpenedDecoder } from '../src/pipelines/vision-language/answer';
import { openEmbeddings } from '../src/pipelines/vision-language/embed';
import { readModelFacts } from '../src/pipelines/vision-language/model-facts';
import { openTokenizer } from '../src/pipelines/vision-language/tokenizer';
import type { HoldingSession } from '../src/runtime/runtime';
import { openNodeSession } from './node-session';

export interface MiniatureParts extends AnswerParts, Pick<OpenedDecoder, 'embeddings'> {
  readonly vision: HoldingSession;
  readonly decoder: HoldingSession;
}

export async function openMiniatureParts(): Promise<MiniatureParts> {
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
  if (!facts.embeddings) throw new Error('the foundry wrote no table');
  const embeddings = openEmbeddings(facts.embeddings, (file) => memorySource(bytes(file)));
  const opened = { decoder, embeddings };
  return {
    vision,
    ...opened,
    openVision: () => Promise.resolve({ ...vision, release: () => Promise.resolve() }),
    openDecoder: withDecoder(opened),
    tokenizer: openTokenizer(new TextDecoder().decode(bytes('tokenizer.json')), '{}'),
    facts,
  };
}

/** Opens the one decoder, changed in part; it outlives whoever releases it. */
export function withDecoder(
  { decoder, embeddings }: Pick<MiniatureParts, 'decoder' | 'embeddings'>,
  change: Partial<HoldingSession> = {},
): AnswerParts['openDecoder'] {
  const session = { ...decoder, release: () => Promise.resolve(), ...change };
  return () => Promise.resolve({ session, embeddings });
}
