/** What is written of a kept model beside its chunks, and the powers that keep both. */
import { fileCards } from '../models/files';
import type { FileCard, ModelCard } from '../models/model';
import { largestChunkBytes } from './chunks';
import type { KeyValue } from './key-value';
import type { Locks } from './locks';

/** The chunks that one file is kept in. */
export interface KeptFile {
  readonly chunkSha256: readonly string[];
  readonly chunkBytes: number;
}

/** Written when every whole hash agreed; `card` is kept whole so that imported models need no catalogue. */
export interface ModelRecord {
  readonly card: ModelCard;
  /** In the order of the card's files. */
  readonly files: readonly KeptFile[];
}

/** As the first builds wrote it: of one file, and the very first of which cut every file alike. */
interface FirstRecord extends Partial<KeptFile> {
  readonly card: ModelCard;
  readonly files?: undefined;
}

export function readRecord(written: ModelRecord | FirstRecord): ModelRecord {
  if (written.files) return written;
  const { card, chunkSha256 = [], chunkBytes = largestChunkBytes } = written;
  return { card, files: [{ chunkSha256, chunkBytes }] };
}

export interface FileRecord extends KeptFile {
  readonly card: FileCard;
}

export function fileRecords({ card, files }: ModelRecord): readonly FileRecord[] {
  return fileCards(card).flatMap((file, index) => {
    const kept = files[index];
    return kept ? [{ ...kept, card: file }] : [];
  });
}

export interface StorePowers {
  readonly records: KeyValue;
  /** Chunks and, beside them, the records of partial downloads. */
  readonly chunks: KeyValue;
  readonly locks: Locks;
  readonly now: () => number;
  readonly chunkBytesFor: (fileBytes: number) => number;
}
