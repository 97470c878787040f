/**
 * Pictures and a question to words: Qwen3-VL looks at each picture, reads the conversation, and answers token by token.
 * What differs between its sizes and variants stands in `model.json` among its parts, so that a further one is a card.
 */
import type { RgbaImage } from '../../runtime/image';
import type { HoldingSession, OpenOptions, Session } from '../../runtime/runtime';
import type { ByteSource } from '../../base/byte-source';
import type { Answer, Memory } from './answer';
import type { SamplingOptions } from './sampling';
import type { Size } from './smart-resize';

export type TextPart = 'facts' | 'tokenizer';
export type GraphPart = 'vision' | 'decoder' | 'embed';

/** How the parts are laid out: `obscura` is what the foundry writes, the other what others publish for transformers.js. */
export interface VisionLanguageSpec {
  readonly form: 'obscura' | 'transformers.js';
  /** It thinks aloud before it answers. */
  readonly thinking?: true;
}

/** A picture in its file: nothing of it is decoded before there is room for it. */
export interface PictureFile {
  /** More see more, and take longer. */
  readonly mostTokens: number;
  /** What it is known by, and its size as the header has it, upright or not; null where that does not say. @throws StudioError image/*, file/gone */
  readonly read: () => Promise<{ readonly bytes: Uint8Array; readonly size: Size | null }>;
  /** Upright. @throws StudioError image/*, file/gone */
  readonly decode: () => Promise<RgbaImage>;
}

export interface AskedTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: readonly ({ readonly text: string } | { readonly picture: PictureFile })[];
}

/** The longest answer that may be asked for, in tokens. */
export const mostAnswerTokens = 4096;

export interface AnswerOptions extends SamplingOptions {
  /** 1…`mostAnswerTokens` */
  readonly mostNewTokens: number;
  readonly numbered: boolean;
  readonly seed: number;
  /** A JSON Schema of the profile (grammar/schema.ts): the answer is JSON that fits it, and ends when it is whole. */
  readonly schema?: unknown;
}

export const answerStages = ['open', 'look', 'read', 'write'] as const;
export type AnswerStage = (typeof answerStages)[number];

/** Of this stage: pictures looked at, tokens read, tokens written of those that may come. */
export interface AnswerProgress {
  readonly stage: AnswerStage;
  readonly done: number;
  readonly total: number;
  /** What came of the answer with this step, which may be nothing while a letter is half here. */
  readonly text?: string;
}

export interface VisionLanguageResult extends Answer {
  /** Before the answer stands a thought, which ends with `</think>`. */
  readonly thinking: boolean;
  /** Each token's own text, which may be half a letter's nothing, and how likely it was, 0…1. */
  readonly written: readonly { readonly text: string; readonly probability: number }[];
  /** The decoder was open from an earlier question. */
  readonly reused: boolean;
}

export interface VisionLanguageContext {
  /** The caller releases what is opened. @throws StudioError model/not-installed, model/damaged, as `Runtime.open` */
  readonly model: {
    openVision(): Promise<Session>;
    /** Rows for tokens, where a graph of its own gives them. */
    openEmbed(): Promise<Session>;
    /** With the files its weights lie in, by name: the rows that tokens stand for are read there. */
    openDecoder(
      options?: OpenOptions,
    ): Promise<{ session: HoldingSession; weights: (file: string) => ByteSource }>;
    text(part: TextPart): Promise<string>;
  };
  /** Of this chat and this model alone. */
  readonly memory: Memory;
  readonly signal: AbortSignal;
}

declare module '../pipeline' {
  interface Pipelines {
    'vision-language': {
      roles: { words: VisionLanguageSpec };
      input: readonly AskedTurn[];
      options: AnswerOptions;
      result: VisionLanguageResult;
      progress: AnswerProgress;
      context: VisionLanguageContext;
    };
  }
}
