/**
 * A kept model as files: its own and, last, a `manifest.json`. Without the manifest an export is not one, and
 * a file gets its name only when every byte has been read back and its hash agreed.
 */
import { isAbort, StudioError } from '../base/errors';
import { streamingSha256 } from '../base/sha256';
import type { ModelCard } from '../models/model';
import { contentOf, filesOf, withFiles } from '../models/files';
import type { Bytes } from './chunks';
import { plainFileName, writeManifest, type ListedModel } from './manifest';
import type { ModelStore, ProvenFile } from './store';

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
  const { listed, files } = await openProven(cardId, store);
  try {
    const own = await folder.getDirectoryHandle(cardId, { create: true });
    await own.removeEntry(manifestName).catch(() => undefined);
    try {
      for (const { path, bytes } of files) await writeFile(own, path, bytes);
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

/** The files themselves. @throws StudioError model/not-installed, model/damaged, model/hash-mismatch */
export async function exportFiles(cardId: string, store: ModelStore): Promise<readonly File[]> {
  const { listed, files } = await openProven(cardId, store);
  const given: File[] = [];
  for (const { path, bytes } of files) {
    const pieces: Blob[] = [];
    for await (const piece of bytes) pieces.push(new Blob([piece]));
    given.push(new File(pieces, path));
  }
  return [...given, new File([writeManifest([listed])], manifestName)];
}

/** What the manifest will say, and each file's bytes, which end in an error where their hash is not the card's. */
async function openProven(cardId: string, store: ModelStore) {
  const { card, files } = await store.open(cardId);
  const chunksOf = new Map(
    files.map(({ record: { card: file, chunkBytes, chunkSha256 } }) => {
      return [file.part.sha256, { bytes: chunkBytes, sha256: chunkSha256 }] as const;
    }),
  );
  const listed: ListedModel = withFiles({ ...card, id: exportedId(card) }, (file) => {
    const chunks = chunksOf.get(file.sha256) ?? { bytes: 0, sha256: [] };
    return { ...file, path: plainFileName(file, card), chunks };
  });
  return {
    listed,
    files: files.map((file) => ({ path: plainFileName(file.record.card.part, card), bytes: proven(file) })),
  };
}

async function* proven({ record, bytes }: ProvenFile): AsyncGenerator<Bytes> {
  const { title, part } = record.card;
  const hash = await streamingSha256();
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  const found = hash.digest();
  const { sha256: expected } = part;
  if (found !== expected) throw new StudioError('model/hash-mismatch', { model: title, expected, found });
}

/** One that no catalogue knows by its hash is an imported one wherever it is restored. */
function exportedId(card: ModelCard): string {
  const own = contentOf(card).slice(0, 16);
  if (card.converted) return `imported-dct-net-${own}`;
  return filesOf(card).some(({ stated }) => stated) ? `imported-${own}` : card.id;
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
