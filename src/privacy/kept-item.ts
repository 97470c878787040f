/** An item of the vault as the page gives it and sees it. */
import type { AiSource } from '../base/ai-source';
import type { Retention } from './retention';

/** What is kept of a result, whichever job made it. */
export interface KeptResult {
  /** A picture, or a text of the type that its file would have. */
  readonly content: Blob;
  /** In pixels; null of a text. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** The prompt with its settings, or the question; null where nothing was written. */
  readonly asked: string | null;
  /** The mark that saved copies get; null for none. */
  readonly aiSource: AiSource | null;
  /** The measurement record of the result; null where there is none. */
  readonly record: unknown;
}

export interface NewItem extends KeptResult {
  /** What a list shows of it: a small picture, or the beginning of the text. */
  readonly thumbnail: Blob;
}

/** What is said of a result beside itself; sealed like it. As stored since the first version, when all were pictures. */
export type KeptFacts = (PictureFacts | TextFacts) & {
  readonly thumbnailType: string;
  readonly asked?: string;
  readonly aiSource?: AiSource;
  readonly record: unknown;
};

interface TextFacts {
  readonly textType: string;
}

interface PictureFacts {
  readonly width: number;
  readonly height: number;
  readonly pictureType: string;
}

export function factsOf({ content, thumbnail, size, asked, aiSource, record }: NewItem): KeptFacts {
  return {
    ...(size ? { ...size, pictureType: content.type } : { textType: content.type }),
    thumbnailType: thumbnail.type,
    ...(asked !== null && { asked }),
    ...(aiSource !== null && { aiSource }),
    record,
  };
}

export function isText(facts: KeptFacts): facts is KeptFacts & TextFacts {
  return 'textType' in facts;
}

export function contentTypeOf(facts: KeptFacts): string {
  return isText(facts) ? facts.textType : facts.pictureType;
}

export interface KeptItem {
  readonly id: string;
  readonly keptAt: number;
  readonly retention: Retention;
  readonly expiresAt: number | null;
  readonly bytes: number;
  /** Null where the item is damaged: it can only be deleted. */
  readonly seen: { readonly facts: KeptFacts; readonly thumbnail: Blob } | null;
}

/** What is known outside the vault of an item in it. */
export interface KeptEntry {
  /** Random, 32 hexadecimal digits. */
  readonly id: string;
  readonly retention: Retention;
}

export interface VaultCondition {
  readonly state: 'none' | 'locked' | 'unlocked';
  /** When it locks by itself, in milliseconds since 1970; null unless it is unlocked. */
  readonly locksAt: number | null;
  /** Which items there are is seen without the passphrase; what they are is not. */
  readonly items: readonly KeptEntry[];
  readonly bytes: number;
}
