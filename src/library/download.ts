/**
 * Getting a model from beside the app or from its card's foreign host: begins or goes on where it stopped, chunk by
 * chunk, and makes a model of it only when the hash of the whole is the card's. What has arrived is kept on every way
 * out but two: wrong bytes, and a full disk.
 */
import { StudioError } from '../base/errors';
import type { TransferProgress } from '../base/progress';
import type { ModelCard } from '../models/model';
import { bytesOf, fileCards } from '../models/files';
import { isFetchable, isOriginal } from '../models/remote';
import { keepConverted } from './conversion';
import { FetchRun, FileChanged, type Pace } from './fetch-run';
import type { Request } from './line';
import type { LineGate } from './line-gate';
import { heldBytes, keptFileOf, type OpenPartial } from './partials';
import type { ModelStore } from './store';
import { Tally } from './tally';
import { WholeHash } from './whole-hash';

export interface DownloadPowers {
  /** The airlock's fetch, for the addresses of the card's files. @throws StudioError network/* */
  readonly request: Request;
  readonly store: ModelStore;
  readonly gate: LineGate;
  /** Room for this origin as far as the browser says it, else null. */
  readonly freeBytes: () => Promise<number | null>;
  readonly pace: Pace;
}

export const usualPace: Pace = {
  lanes: 3,
  stallMs: 30_000,
  tries: 5,
  backoffMs: 500,
  longestWaitMs: 120_000,
};

const reportEveryMs = 100;
/** A store that gives back other bytes than it took is not asked for ever. */
const mostRounds = 3;

interface DownloadOptions {
  readonly signal: AbortSignal;
  readonly report: (progress: TransferProgress) => void;
}

/**
 * One file after the other; the model is ready once all are proven. For the holder of the model's lock.
 * @throws StudioError model/not-installed without an address, network/*, model/hash-mismatch, storage/*; the
 * signal's reason, after which everything that arrived is kept
 */
export async function download(
  card: ModelCard,
  powers: DownloadPowers,
  options: DownloadOptions,
): Promise<void> {
  if (!isFetchable(card)) throw new StudioError('model/not-installed', { model: card.title });
  const { store } = powers;
  const partials = await Promise.all(fileCards(card).map((file) => store.openPartial(file)));
  const wasWhole = partials.every(({ record }) => record.proven !== null);
  try {
    await checkRoom(bytesOf(card) - held(partials), powers);
    for (const partial of partials) await partial.setPaused(false);
    const tally = new Tally(partials, options.report, reportEveryMs);
    for (const partial of partials) {
      if (keptFileOf(partial.record)) continue;
      tally.begin(partial);
      await fetchAndProve(partial, tally, { ...powers, signal: options.signal });
    }
    tally.complete();
  } catch (thrown) {
    // A model that was whole once keeps what it has.
    if (!options.signal.aborted && !wasWhole && isWorthless(partials, thrown)) await store.discard(card);
    throw thrown;
  }
  const [only] = partials;
  await (only && isOriginal(card) ? keepConverted(only, store) : store.commit(card));
}

function held(partials: readonly OpenPartial[]): number {
  return partials.reduce((sum, { record }) => sum + heldBytes(record), 0);
}

async function checkRoom(neededBytes: number, { freeBytes }: DownloadPowers): Promise<void> {
  const free = await freeBytes();
  if (free !== null && free < neededBytes)
    throw new StudioError('storage/full', { neededBytes, freeBytes: free });
}

async function fetchAndProve(
  partial: OpenPartial,
  tally: Tally,
  powers: DownloadPowers & { readonly signal: AbortSignal },
): Promise<void> {
  // Where every chunk's hash is known, the host's name for the version says nothing more.
  let mindVersions = partial.expected(0) === null;
  for (let round = 0; round < mostRounds; round++) {
    const hash = await WholeHash.of(partial);
    const reading = hash.advance();
    reading.catch(() => undefined);
    try {
      await new FetchRun({ ...powers, partial, hash, tally, mindVersions }).run(powers.signal);
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
    return;
  }
  throw new StudioError('storage/unavailable', { reason: 'the store gives back other bytes' });
}

async function prove(partial: OpenPartial, found: string, { store }: DownloadPowers): Promise<void> {
  const { card } = partial.record;
  const { sha256: expected } = card.part;
  if (found === expected) return partial.setProven();
  // Which chunk is wrong nobody can say, so none is trusted.
  await store.discard(card);
  throw new StudioError('model/hash-mismatch', { model: card.title, expected, found });
}

/** Nothing came, or it would fill a disk that is full. */
function isWorthless(partials: readonly OpenPartial[], thrown: unknown): boolean {
  return held(partials) === 0 || (thrown instanceof StudioError && thrown.code === 'storage/full');
}
