/**
 * A kept model as files: the ONNX and, last, its `manifest.json`. Without the manifest an export is not one, and
 * a file gets its name only when every byte has been read back and its hash agreed.
 */
import { isAbort, StudioError } from '../base/errors';
import { streamingSha256 } from '../base/sha256';
import type { ModelCard } from '../models/model';
import { largestChunkBytes, type Bytes } from './chunks';
import { plainFileName, writeManifest, type ListedModel } from './manifest';
import type { ModelStore } from './store';

const manifestName = 'manifest.json';

/**
 * Writes into the folder `folder/<model's id>`, over an older export of the same model.
 * @throws StudioError model/not-installed, model/damaged, model/hash-mismatch, model/export-failed
 */
export async function exportTo(
  folder: FileSystemDirectoryHandle,
  cardId: string,
  store: ModelStore,
): Promise<void> {
  const { listed, bytes } = await openProven(cardId, store);
  try {
    const own = await folder.getDirectoryHandle(cardId, { create: true });
    await own.removeEntry(manifestName).catch(() => undefined);
    try {
      await writeFile(own, listed.part.path, bytes);
      await writeFile(own, manifestName, [new TextEncoder().encode(writeManifest([listed]))]);
    } catch (thrown) {
      // Only goes where nothing else lies in it.
      await folder.removeEntry(cardId).catch(() => undefined);
      throw thrown;
    }
  } catch (thrown) {
    if (thrown instanceof StudioError || isAbort(thrown)) throw thrown;
    const reason = thrown instanceof Error ? thrown.name : 'unknown';
    throw new StudioError('model/export-failed', { model: listed.title, reason }, { cause: thrown });
  }
}

/** The two files themselves. @throws StudioError model/not-installed, model/damaged, model/hash-mismatch */
export async function exportFiles(cardId: string, store: ModelStore): Promise<readonly File[]> {
  const { listed, bytes } = await openProven(cardId, store);
  const pieces: Blob[] = [];
  for await (const piece of bytes) pieces.push(new Blob([piece]));
  return [new File(pieces, listed.part.path), new File([writeManifest([listed])], manifestName)];
}

/** What the manifest will say, and the bytes, which end in an error where their hash is not the card's. */
async function openProven(cardId: string, store: ModelStore) {
  const { record, bytes } = await store.open(cardId);
  const { card, chunkSha256, chunkBytes = largestChunkBytes } = record;
  const chunks = { bytes: chunkBytes, sha256: chunkSha256 };
  const part = { ...card.part, path: plainFileName(card), chunks };
  const listed: ListedModel = { ...card, id: exportedId(card), part };
  async function* proven(): AsyncGenerator<Bytes> {
    const hash = await streamingSha256();
    for await (const chunk of bytes) {
      hash.update(chunk);
      yield chunk;
    }
    const found = hash.digest();
    const { sha256: expected } = card.part;
    if (found !== expected)
      throw new StudioError('model/hash-mismatch', { model: card.title, expected, found });
  }
  return { listed, bytes: proven() };
}

/** One that no catalogue knows by its hash is an imported one wherever it is restored. */
function exportedId({ id, converted, part }: ModelCard): string {
  const own = part.sha256.slice(0, 16);
  if (converted) return `imported-dct-net-${own}`;
  return part.stated ? `imported-${own}` : id;
}

/** The browser writes beside the file and lets that take its name at `close`; until then nothing has changed. */
async function writeFile(
  folder: FileSystemDirectoryHandle,
  name: string,
  pieces: AsyncIterable<Bytes> | Iterable<Bytes>,
): Promise<void> {
  const file = await folder.getFileHandle(name, { create: true });
  try {
    const writable = await file.createWritable();
    try {
      for await (const piece of pieces) await writable.write(piece);
    } catch (thrown) {
      await writable.abort().catch(() => undefined);
      throw thrown;
    }
    await writable.close();
  } catch (thrown) {
    // A name was made for it; one that was there before keeps what it had.
    const empty = await file.getFile().then(
      ({ size }) => size === 0,
      () => false,
    );
    if (empty) await folder.removeEntry(name).catch(() => undefined);
    throw thrown;
  }
}
