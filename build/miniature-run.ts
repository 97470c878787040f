/** Drives the text-to-image pipeline on its miniatures in Node, and compares what comes out with what was expected. */
import { inflateSync } from 'node:zlib';
import type {
  CreateProgress,
  KnownPrompts,
  PreviewColours,
  ReadPrompt,
  TextToImageResult,
} from '../src/pipelines/text-to-image/card';
import { run } from '../src/pipelines/text-to-image/run';
import { halfToFloat } from '../src/runtime/half';
import type { Tensor } from '../src/runtime/runtime';
import { miniatureParts, type CountedParts, type Miniature } from './miniature-models';

export interface Case {
  readonly prompt: string;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
}

export function knownPrompts(): KnownPrompts & { readonly kept: Map<string, ReadPrompt> } {
  const kept = new Map<string, ReadPrompt>();
  return {
    kept,
    get: (prompt) => Promise.resolve(kept.get(prompt)),
    set: (prompt, read) => Promise.resolve(void kept.set(prompt, read)),
  };
}

interface Asked {
  readonly seeds?: readonly number[];
  readonly prompts?: KnownPrompts;
  readonly signal?: AbortSignal;
  readonly colours?: PreviewColours;
  readonly onProgress?: (progress: CreateProgress) => void;
}

export async function create(model: CountedParts, asked: Case, more: Asked = {}): Promise<TextToImageResult> {
  const { width, height, prompt, seed } = asked;
  const signal = more.signal ?? new AbortController().signal;
  const steps = run(
    { prompt, seeds: more.seeds ?? [seed] },
    { width, height },
    { model, prompts: more.prompts ?? knownPrompts(), colours: more.colours ?? null, signal },
  );
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
    more.onProgress?.(step.value);
  }
}

/** The last latents that the decoder was given, before it was given them. */
export function watched(name: Miniature, meddle?: Parameters<typeof miniatureParts>[1]) {
  const seen: { latents: Float32Array | null } = { latents: null };
  const model = miniatureParts(name, {
    ...meddle,
    meddle: (part, session) => {
      const inner = meddle?.meddle?.(part, session) ?? session;
      if (part !== 'decoder') return inner;
      return {
        ...inner,
        run: (feeds: Readonly<Record<string, Tensor>>) => {
          const given = feeds['latent_sample'];
          if (given) seen.latents = floats(given);
          return inner.run(feeds);
        },
      };
    },
  });
  return { model, seen };
}

const floats = ({ data }: Tensor): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data as Uint16Array, halfToFloat);
export const unpacked = (text: string) => new Uint8Array(inflateSync(Buffer.from(text, 'base64')));
export const latentsOf = (text: string) => new Float32Array(unpacked(text).buffer);

/** The worst difference, of the largest value that was expected. */
export function worst(found: Float32Array, wanted: Float32Array): number {
  if (found.length !== wanted.length) throw new Error(`${found.length} values, not ${wanted.length}`);
  const most = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return wanted.reduce((error, value, i) => Math.max(error, Math.abs(value - (found[i] ?? NaN))), 0) / most;
}

/** In dB, of pictures whose bytes lie channel by channel in `wanted`. */
export function likeness(result: TextToImageResult, wanted: Uint8Array, picture = 0): number {
  const image = result.pictures[picture]?.image;
  if (!image) throw new Error(`no picture ${picture}`);
  const count = image.width * image.height;
  if (wanted.length !== 3 * count) throw new Error(`${wanted.length} bytes for ${count} pixels`);
  const square = wanted.reduce((sum, value, i) => {
    const found = image.data[4 * (i % count) + Math.floor(i / count)] ?? NaN;
    return sum + (value - found) ** 2;
  }, 0);
  return 10 * Math.log10(255 ** 2 / (square / wanted.length));
}

export const scaled = {
  z: (value: number) => value / 0.3611 + 0.1159,
  sd: (value: number) => value / 0.18215,
};
