/** What is written of a kept model beside its chunks, and the powers that keep both. */
import type { ModelCard } from '../models/model';
import type { KeyValue } from './key-value';
import type { Locks } from './locks';

/** Written when the whole hash agreed; `card` is kept whole so that imported models need no catalogue. */
export interface ModelRecord {
  readonly card: ModelCard;
  readonly chunkSha256: readonly string[];
  /** Absent from records of the first builds, which cut every file alike. */
  readonly chunkBytes?: number;
}

export interface StorePowers {
  readonly records: KeyValue;
  /** Chunks and, beside them, the records of partial downloads. */
  readonly chunks: KeyValue;
  readonly locks: Locks;
  readonly now: () => number;
  readonly chunkBytesFor: (fileBytes: number) => number;
}
