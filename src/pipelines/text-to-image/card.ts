/**
 * Text to picture: a text encoder reads the prompt, a network turns noise into latents in a few steps, a decoder makes
 * the picture of them. What differs between models is data here, so that a further one is a card.
 */
import type { WorkProgress } from '../../base/progress';
import type { RgbaImage } from '../../runtime/image';
import type { ModelParts } from '../pipeline';
import type { NamedSize, PictureSize, Tier } from './sizes';

export type GraphName = 'textEncoder' | 'denoiser' | 'decoder';
export type PartName = GraphName | 'tokenizer';

/** How the steps go: along a straight flow (flow-match.ts), or in one step from the last timestep (turbo-step.ts). */
export type Sampler =
  { readonly kind: 'flow'; readonly stepCount: number; readonly shift: number } | { readonly kind: 'turbo' };

/** The names of free dimensions that stand for the latents' size, and others that have one value. */
export interface FreeDimensions {
  readonly width: string;
  readonly height: string;
  readonly fixed?: Readonly<Record<string, number>>;
}

/** A graph's own names for its values. Element types are read from the graph. */
export interface TextToImageSpec {
  /** How a prompt becomes ids: Qwen3's chat with captions in whole 32s (prompt.ts), or CLIP's 77 (clip-prompt.ts). */
  readonly prompt: 'qwen-chat' | 'clip';
  readonly sampler: Sampler;
  /** Of the latents; the decoder is given latents / scale + shift. */
  readonly latents: { readonly channels: number; readonly scale: number; readonly shift: number };
  readonly textEncoder: {
    readonly ids: string;
    readonly mask?: string;
    /** Any one of these: exports of one model differ. */
    readonly outputs: readonly string[];
  };
  readonly denoiser: {
    readonly latents: string;
    readonly time: string;
    readonly caption: string;
    readonly output: string;
    readonly free: FreeDimensions;
  };
  readonly decoder: {
    readonly latents: string;
    readonly output: string;
    readonly free: FreeDimensions;
  };
  /** What the model draws rightly. */
  readonly sizes: Readonly<Partial<Record<Tier, readonly NamedSize[]>>>;
}

export interface TextToImageInput {
  readonly prompt: string;
  /** One picture each, in this order; the parts are opened once for all of them. */
  readonly seeds: readonly number[];
}

export interface TextToImageResult {
  readonly pictures: readonly { readonly seed: number; readonly image: RgbaImage }[];
  /** How many of the prompt's tokens did not fit and were not read. */
  readonly cut: number;
  readonly stepCount: number;
  /** The encoder was not needed, as this prompt had been read before. */
  readonly promptKnown: boolean;
  /** How many of the pictures were decoded in tiles. */
  readonly tiledCount: number;
  readonly colours: PreviewColours;
}

/** Red, green and blue of one latent pixel: for each a factor a channel, then what is added. */
export type PreviewColours = readonly (readonly number[])[];

export const createStages = ['open', 'read', 'draw', 'develop'] as const;
export type CreateStage = (typeof createStages)[number];

export interface CreateProgress extends Omit<WorkProgress, 'stage'> {
  readonly stage: CreateStage;
  /** While drawing: of which picture (0…), and how many steps of it are done. */
  readonly step?: { readonly picture: number; readonly done: number; readonly count: number };
  /** What the picture would be if it ended here; one pixel for 8 × 8 of it. */
  readonly preview?: RgbaImage;
}

/** Prompts as read by an encoder, kept from one run to the next. */
export interface KnownPrompts {
  get(prompt: string): Promise<ReadPrompt | undefined>;
  set(prompt: string, read: ReadPrompt): Promise<void>;
}

export interface ReadPrompt {
  /** [L, width] as the encoder gave them: 32-bit numbers, or bit patterns of 16-bit ones. */
  readonly rows: Float32Array | Uint16Array;
  readonly width: number;
  readonly cut: number;
}

export interface TextToImageContext {
  readonly model: ModelParts<TextToImageSpec, PartName>;
  readonly prompts: KnownPrompts;
  /** As an earlier run of this model found them; without them previews are grey. */
  readonly colours: PreviewColours | null;
  readonly signal: AbortSignal;
}

declare module '../pipeline' {
  interface Pipelines {
    'text-to-image': {
      roles: { picture: TextToImageSpec };
      input: TextToImageInput;
      options: PictureSize;
      result: TextToImageResult;
      progress: CreateProgress;
      context: TextToImageContext;
    };
  }
}
