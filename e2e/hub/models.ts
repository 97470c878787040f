/** Two models on a hub of the tests, in the places of YuNet's cards: one may be read by pages, one may not. */
import { createHash } from 'node:crypto';
import type { ModelCard } from '../../src/models/model';
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

function onHub(
  size: 's' | 'n',
  bytes: Uint8Array,
  remote: NonNullable<ModelCard['part']['remote']>,
): ModelCard {
  const card = yunetCard(size, bytes.length, createHash('sha256').update(bytes).digest('hex'));
  return { ...card, part: { ...card.part, remote } };
}

/** By the folder whose card each takes the place of. */
export function hubCards({ hub, far }: HubOrigins): Readonly<Record<string, ModelCard>> {
  return {
    'yunet-n': onHub('n', weights, { url: `${hub}/open.onnx`, redirects: [far] }),
    'yunet-s': onHub('s', closedWeights, { url: `${hub}/closed.onnx`, redirects: [] }),
  };
}
