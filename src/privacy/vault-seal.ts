/** Between an item's parts and the sealed chunks that are stored. */
import { StudioError } from '../base/errors';
import { unwrap, type Wrapping } from './vault-keys';
import { bytesOfHex, type PartRecord } from './vault-records';
import {
  checkStreamHeader,
  chunkBytes,
  chunkCount,
  openChunk,
  sealChunk,
  streamHeader,
  type Bytes,
  type Part,
} from './vault-stream';

/** A part as its header and size say, with its sealed chunks in order. */
export interface SealedPart {
  readonly record: PartRecord;
  readonly chunk: (index: number) => Promise<Bytes>;
}

export function aboutItem(id: string, by: CryptoKey): Wrapping {
  return { by, about: bytesOfHex(id) };
}

/** @throws StudioError vault/damaged */
export async function unwrapItem(id: string, wrappedKey: Bytes, vault: CryptoKey): Promise<CryptoKey> {
  try {
    return await unwrap(wrappedKey, 'item', aboutItem(id, vault));
  } catch (thrown) {
    throw new StudioError('vault/damaged', { part: 'key' }, { cause: thrown });
  }
}

export function sealPart(id: string, part: Part, key: CryptoKey, content: Blob): SealedPart {
  const header = streamHeader(bytesOfHex(id), part);
  const count = chunkCount(content.size);
  return {
    record: { header, bytes: content.size },
    async chunk(index) {
      const slice = content.slice(index * chunkBytes, (index + 1) * chunkBytes);
      const bytes = new Uint8Array(await slice.arrayBuffer());
      return sealChunk(key, header, { index, last: index === count - 1 }, bytes);
    },
  };
}

/** Every chunk of the part, opened. @throws StudioError vault/damaged, vault/version */
export async function openPart(
  id: string,
  part: Part,
  key: CryptoKey,
  { record: { header, bytes }, chunk }: SealedPart,
): Promise<Bytes[]> {
  checkStreamHeader(header, bytesOfHex(id), part);
  const count = chunkCount(bytes);
  const opened: Bytes[] = [];
  for (let index = 0; index < count; index++) {
    opened.push(await openChunk(key, header, { index, last: index === count - 1 }, await chunk(index)));
  }
  const length = opened.reduce((sum, piece) => sum + piece.length, 0);
  if (length !== bytes) throw new StudioError('vault/damaged', { part });
  return opened;
}
