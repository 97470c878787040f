/**
 * The chunks of a kept file, each proven as it is read. A model that turns out damaged is listed no more: what can
 * be fetched becomes a partial download of the bad chunks alone.
 */
import { StudioError } from '../base/errors';
import { streamingSha256 } from '../base/sha256';
import { filesOf, modelOf } from '../models/files';
import { isFetchable } from '../models/remote';
import { ChunkRecords, freeChunk, type Bytes, type ReadChunk } from './chunks';
import { withLocks } from './locks';
import { fileRecords, readRecord, type FileRecord, type ModelRecord, type StorePowers } from './model-record';
import { partialKey, wholePartial, type PartialRecord } from './partials';
import { readAhead } from './read-ahead';

/** In order; those that are gone or rotted are found all at once. @throws StudioError model/damaged, storage/unavailable */
export async function* provenChunks(file: FileRecord, powers: StorePowers): AsyncGenerator<ReadChunk> {
  const { chunkSha256, card } = file;
  const chunks = new ChunkRecords(powers.chunks);
  const prove = (index: number) => chunks.prove(card.part.sha256, index, chunkSha256[index] ?? '');
  const bad = new Set<number>();
  let index = 0;
  for await (const chunk of readAhead(chunkSha256.length, prove)) {
    if (chunk === null) bad.add(index);
    else if (bad.size === 0) yield chunk;
    index += 1;
  }
  if (bad.size === 0) return;
  await demote(file, bad, powers);
  throw new StudioError('model/damaged', { model: card.title, damagedChunks: bad.size });
}

export async function* provenBytes(file: FileRecord, powers: StorePowers): AsyncGenerator<Bytes> {
  for await (const { bytes } of provenChunks(file, powers)) yield bytes;
}

/**
 * The whole hash of a kept file. Chunks are hashed one by one only where it is not the card's, to tell which are bad.
 * @throws StudioError model/damaged, storage/unavailable
 */
export async function wholeHashOf(file: FileRecord, powers: StorePowers): Promise<string> {
  const { chunkSha256, card } = file;
  const chunks = new ChunkRecords(powers.chunks);
  const hash = await streamingSha256();
  const find = (index: number) => chunks.find(card.part.sha256, index);
  for await (const chunk of readAhead(chunkSha256.length, find)) {
    if (!chunk) continue;
    hash.update(chunk.bytes);
    freeChunk(chunk);
  }
  const found = hash.digest();
  if (found === card.part.sha256) return found;
  const proving = provenChunks(file, powers);
  while ((await proving.next()).done !== true);
  return found;
}

/** Every model that is ready. */
export async function listRecords({ records }: StorePowers): Promise<ModelRecord[]> {
  const keys = (await records.keys()).filter((key) => !isStatedKey(key));
  const found = await records.getMany<ModelRecord>(keys);
  return found.filter((record) => record !== undefined).map(readRecord);
}

/** Beside the records of models, whose keys are ids: of an address what its host stated, of a hash what was made here. */
export function statedKey(of: string): string {
  return `stated/${of}`;
}

function isStatedKey(key: string): boolean {
  return key.startsWith(statedKey(''));
}

/** As a model that is ready keeps it; a file may be of several. */
export async function fileKept(sha256: string, powers: StorePowers): Promise<FileRecord | undefined> {
  const files = (await listRecords(powers)).flatMap(fileRecords);
  return files.find(({ card }) => card.part.sha256 === sha256);
}

/** Removes what was begun of a file, and its chunks unless a model that is ready has them too. */
export async function dropFile(sha256: string, powers: StorePowers): Promise<void> {
  const { chunks } = powers;
  if (await fileKept(sha256, powers)) return chunks.deleteMany([partialKey(sha256)]);
  const keys = await chunks.keys();
  return chunks.deleteMany(keys.filter((key) => key.startsWith(`${sha256}/`)));
}

/** What can be fetched becomes a partial that lacks the bad chunks; what cannot is dropped. */
async function demote(file: FileRecord, found: ReadonlySet<number>, powers: StorePowers): Promise<void> {
  const { records, chunks, locks, now } = powers;
  const model = modelOf(file.card);
  const files = filesOf(model).map(({ sha256 }) => sha256);
  const { sha256: damaged } = file.card.part;
  await withLocks(locks, { files }, async () => {
    const written = await records.get<ModelRecord>(model.id);
    const kept = written ? fileRecords(readRecord(written)) : [];
    const still = kept.find(({ card }) => card.part.sha256 === damaged);
    // Another tab may have put a newer revision in its place, or mended it, meanwhile.
    if (!still) return;
    const bad = new Set<number>();
    for (const index of found) {
      const expected = still.chunkSha256[index];
      if (expected !== undefined && !(await new ChunkRecords(chunks).read(damaged, index, expected)))
        bad.add(index);
    }
    if (bad.size === 0) return;
    if (!isFetchable(model)) {
      await records.deleteMany([model.id]);
      for (const sha256 of files) await dropFile(sha256, powers);
      return;
    }
    const partials = kept.map((whole): PartialRecord => {
      const partial = wholePartial(whole, now());
      if (whole !== still) return partial;
      return { ...partial, held: partial.held.map((hash, index) => (bad.has(index) ? null : hash)) };
    });
    await chunks.setMany(partials.map((partial) => [partialKey(partial.card.part.sha256), partial]));
    await records.deleteMany([model.id]);
  });
}
