/**
 * Models on a hub of the tests, in the places of cards of ours: one may be read by pages, one may not, of one only the
 * hub itself says what it is, and one has two parts on two hosts.
 */
import { createHash } from 'node:crypto';
import type { FileCard, ModelCard, ModelFile, Remote } from '../../src/models/model';
import { huggingFaceFile } from '../../src/models/hugging-face';
import { miniatureCards } from './miniatures';
import { yunetCard } from '../../src/models/yunet';

/** Where the hub listens, and where it sends those who ask for a file. */
export interface HubOrigins {
  readonly hub: string;
  readonly far: string;
}

/** Bytes without a pattern: five chunks of 256 KiB and a short rest. */
export const weights = noise(5 * 256 * 1024 + 1000);

function noise(length: number): Uint8Array<ArrayBuffer> {
  let state = 1;
  return new Uint8Array(length).map(() => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >> 16);
}

/** Of one chunk, and other bytes, since no two parts may be the same. */
export const closedWeights = weights.slice(0, 1000);

/** At a commit, as Hugging Face names its files. */
export const statedFile = {
  repository: 'makers/model',
  commit: '0a1b2c3d'.repeat(5),
  path: 'onnx/model.onnx',
};
export const statedWeights = weights.slice(0, 300_000);

/** Of two parts, by the names of their files. */
export const duoFiles = {
  'duo.onnx': weights.map((byte) => byte ^ 0x55),
  'tokenizer.json': new TextEncoder().encode('{"words":["one","two"]}'),
};

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function duoFile(name: keyof typeof duoFiles, url: string): ModelFile {
  const bytes = duoFiles[name];
  return { name, bytes: bytes.length, sha256: hashOf(bytes), remote: { url, redirects: [] } };
}

function onHub(size: 's' | 'n', bytes: Uint8Array, remote: Remote): FileCard {
  const card = yunetCard(size, bytes.length, hashOf(bytes));
  return { ...card, part: { ...card.part, remote } };
}

/** By the folder whose card each takes the place of. */
export function hubCards({ hub, far }: HubOrigins): Readonly<Record<string, ModelCard>> {
  const remote = huggingFaceFile(statedFile, { origin: hub, redirects: [far] });
  const part = { name: 'model.onnx', remote, bytes: 0, sha256: '' };
  return {
    'dct-net-sketch': { ...yunetCard('n', 0, ''), id: 'dct-net-sketch', title: 'Stated', part },
    'dct-net-design': {
      ...{ ...yunetCard('n', 0, ''), id: 'dct-net-design', title: 'Duo', part: undefined },
      parts: {
        net: [duoFile('duo.onnx', `${hub}/duo.onnx`)],
        words: [duoFile('tokenizer.json', `${far}/tokenizer.json`)],
      },
    },
    ...miniatureCards(hub),
    'yunet-n': onHub('n', weights, { url: `${hub}/open.onnx`, redirects: [far] }),
    'yunet-s': onHub('s', closedWeights, { url: `${hub}/closed.onnx`, redirects: [] }),
  };
}
