/** Reading a file the visitor chose. */
import { StudioError } from './errors';

/** @throws StudioError file/gone when it was moved, changed or unplugged since */
export async function bytesOfFile(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (thrown) {
    throw new StudioError('file/gone', {}, { cause: thrown });
  }
}
