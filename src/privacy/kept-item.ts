/** An item of the vault as the page gives it and sees it. */
import type { Retention } from './retention';

/** What is said of a picture beside itself; sealed like it. */
export interface KeptFacts {
  readonly width: number;
  readonly height: number;
  readonly pictureType: string;
  readonly thumbnailType: string;
  /** The measurement record of the result, as it was given; null where there was none. */
  readonly record: unknown;
}

export interface NewItem {
  readonly picture: Blob;
  readonly thumbnail: Blob;
  readonly width: number;
  readonly height: number;
  readonly record: unknown;
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
