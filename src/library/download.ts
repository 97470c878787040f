/**
 * Getting a model from beside the app or from its card's foreign host: begins or goes on where it stopped, chunk by
 * chunk, and makes a model of it only when the hash of the whole is the card's. What has arrived is kept on every way
 * out but two: wrong bytes, and a full disk.
 */
import { StudioError } from '../base/errors';
import type { TransferProgress } from '../base/progress';
import type { ModelCard } from '../models/model';
import { addressOf, isOriginal } from '../models/remote';
import { keepConverted } from './conversion';
import { FetchRun, FileChanged, type Pace } from './fetch-run';
import type { Request } from './line';
import type { LineGate } from './line-gate';
import { heldBytes, type OpenPartial } from './partials';
import type { ModelStore } from './store';
import { Tally } from './tally';
import { WholeHash } from './whole-hash';

export interface DownloadPowers {
  /** The airlock's fetch, for the address of the card's part. @throws StudioError network/* */
  readonly request: Request;
  readonly store: ModelStore;
  readonly gate: LineGate;
  /** Room for this origin as far as the browser says it, else null. */
  readonly freeBytes: () => Promise<number | null>;
  readonly pace: Pace;
}

export const usualPace: Pace = {
  lanes: 4,
  stallMs: 30_000,
  tries: 5,
  backoffMs: 500,
  longestWaitMs: 120_000,
};

const reportEveryMs = 100;
/** A store that gives back other bytes than it took is not asked for ever. */
const mostRounds = 3;

/**
 * For the holder of the file's lock.
 * @throws StudioError model/not-installed without an address, network/*, model/hash-mismatch, storage/*; the
 * signal's reason, after which everything that arrived is kept
 */
export async function download(
  card: ModelCard,
  powers: DownloadPowers,
  options: { readonly signal: AbortSignal; readonly report: (progress: TransferProgress) => void },
): Promise<void> {
  if (addressOf(card.part) === undefined) throw new StudioError('model/not-installed', { model: card.title });
  const partial = await powers.store.openPartial(card);
  try {
    await checkRoom(partial, powers);
    await partial.setPaused(false);
    await fetchAndProve(partial, powers, options);
  } catch (thrown) {
    if (!options.signal.aborted && isWorthless(partial, thrown)) await powers.store.discard(card);
    throw thrown;
  }
  await (isOriginal(card) ? keepConverted(partial, powers.store) : powers.store.commit(partial));
}

async function checkRoom({ record }: OpenPartial, { freeBytes }: DownloadPowers): Promise<void> {
  const neededBytes = record.card.part.bytes - heldBytes(record);
  const free = await freeBytes();
  if (free !== null && free < neededBytes)
    throw new StudioError('storage/full', { neededBytes, freeBytes: free });
}

async function fetchAndProve(
  partial: OpenPartial,
  powers: DownloadPowers,
  options: { readonly signal: AbortSignal; readonly report: (progress: TransferProgress) => void },
): Promise<void> {
  const tally = new Tally(partial, options.report, reportEveryMs);
  // Where every chunk's hash is known, the host's name for the version says nothing more.
  let mindVersions = partial.expected(0) === null;
  for (let round = 0; round < mostRounds; round++) {
    const hash = await WholeHash.of(partial);
    const reading = hash.advance();
    reading.catch(() => undefined);
    try {
      await new FetchRun({ ...powers, partial, hash, tally, mindVersions }).run(options.signal);
      await reading;
    } catch (thrown) {
      if (!(thrown instanceof FileChanged)) throw thrown;
      // Once: a host whose names change with every answer is no longer listened to; the hash decides.
      mindVersions = false;
      await partial.restart(thrown.etag);
      tally.settle();
      continue;
    }
    tally.settle();
    if (!hash.isWhole) continue;
    await prove(partial, hash.digest(), powers);
    tally.complete();
    return;
  }
  throw new StudioError('storage/unavailable', { reason: 'the store gives back other bytes' });
}

async function prove({ record }: OpenPartial, found: string, { store }: DownloadPowers): Promise<void> {
  const { title, part } = record.card;
  if (found === part.sha256) return;
  // Which chunk is wrong nobody can say, so none is trusted.
  await store.discard(record.card);
  throw new StudioError('model/hash-mismatch', { model: title, expected: part.sha256, found });
}

/** Nothing came, or it would fill a disk that is full. A model that was whole once keeps what it has. */
function isWorthless({ record }: OpenPartial, thrown: unknown): boolean {
  if (record.proven !== null) return false;
  return heldBytes(record) === 0 || (thrown instanceof StudioError && thrown.code === 'storage/full');
}
