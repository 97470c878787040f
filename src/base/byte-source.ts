/** Bytes that lie somewhere and are read by place, so that a file larger than memory can be used. */
import { StudioError } from './errors';

export interface ByteSource {
  readonly bytes: number;
  /** Exactly `length` bytes from `offset`. @throws StudioError model/damaged beyond the end */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** The same for who cannot wait: a thread that blocks while it reads. */
export interface SyncByteSource {
  readonly bytes: number;
  /** @throws where they cannot be read any more */
  read(offset: number, length: number): Uint8Array;
  /** The same, for who copies them at once: good until the next loan. @throws as `read` */
  lend(offset: number, length: number): Uint8Array;
}

/** Bytes taken one after another; what is written is whole once `close` resolves. */
export interface ByteSink {
  append(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A folder that is read; names are plain file names. */
export interface SourceFolder {
  /** Null where there is no such file. */
  open(name: string): Promise<ByteSource | null>;
}

/** A folder that is written, file by file. */
export interface SinkFolder {
  create(name: string): Promise<ByteSink>;
}

/** Bytes already in memory. */
export function memorySource(whole: Uint8Array): ByteSource {
  return {
    bytes: whole.length,
    read: (offset, length) => {
      if (!(offset >= 0 && length >= 0 && offset + length <= whole.length)) {
        return Promise.reject(beyondTheEnd(whole.length, offset + length));
      }
      return Promise.resolve(whole.subarray(offset, offset + length));
    },
  };
}

export function beyondTheEnd(bytes: number, wanted: number): StudioError {
  return new StudioError('model/damaged', { reason: 'ends early', bytes, wanted });
}
