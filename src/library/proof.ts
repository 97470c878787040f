/**
 * The chunks of a kept model, each proven as it is read. A model that turns out damaged is listed no more: what can
 * be fetched becomes a partial download of the bad chunks alone.
 */
import { StudioError } from '../base/errors';
import { addressOf } from '../models/remote';
import { ChunkRecords, largestChunkBytes, type Bytes, type ProvenChunk } from './chunks';
import { lockName } from './locks';
import type { ModelRecord, StorePowers } from './model-record';
import { newPartial, partialKey, type PartialRecord } from './partials';
import { readAhead } from './read-ahead';

/** In order; those that are gone or rotted are found all at once. @throws StudioError model/damaged, storage/unavailable */
export async function* provenChunks(record: ModelRecord, powers: StorePowers): AsyncGenerator<ProvenChunk> {
  const { chunkSha256, card } = record;
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
  await demote(record, bad, powers);
  throw new StudioError('model/damaged', { model: card.title, damagedChunks: bad.size });
}

export async function* provenBytes(record: ModelRecord, powers: StorePowers): AsyncGenerator<Bytes> {
  for await (const { bytes } of provenChunks(record, powers)) yield bytes;
}

export async function dropChunks({ chunks }: StorePowers, file: string): Promise<void> {
  const keys = await chunks.keys();
  await chunks.deleteMany(keys.filter((key) => key.startsWith(`${file}/`)));
}

/** What can be fetched becomes a partial that lacks the bad chunks; what cannot is dropped. */
async function demote({ card }: ModelRecord, found: ReadonlySet<number>, powers: StorePowers): Promise<void> {
  const { records, chunks, locks, now } = powers;
  const file = card.part.sha256;
  await locks.request(lockName(file), {}, async () => {
    const record = await records.get<ModelRecord>(card.id);
    // Another tab may have put a newer revision in its place, or mended it, meanwhile.
    if (record?.card.part.sha256 !== file) return;
    const { chunkSha256, chunkBytes = largestChunkBytes } = record;
    const bad = new Set<number>();
    for (const index of found) {
      const expected = chunkSha256[index];
      if (expected !== undefined && !(await new ChunkRecords(chunks).read(file, index, expected)))
        bad.add(index);
    }
    if (bad.size === 0) return;
    if (addressOf(card.part) === undefined) {
      await records.deleteMany([card.id]);
      await dropChunks(powers, file);
      return;
    }
    const held = chunkSha256.map((hash, index) => (bad.has(index) ? null : hash));
    const fresh = newPartial(card, chunkBytes, now());
    const partial: PartialRecord = { ...fresh, held, proven: chunkSha256 };
    await chunks.setMany([[partialKey(file), partial]]);
    await records.deleteMany([card.id]);
  });
}
