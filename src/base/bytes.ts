/** Bytes that stay where they lie until they are wanted. */
export interface ByteSource {
  readonly bytes: number;
  /** Offset and length within the source. @throws where they cannot be read any more */
  read(offset: number, length: number): Uint8Array;
}
