/**
 * Fetches the missing chunks of one file: several ranges at once, or in one stream where the host ignores
 * ranges. Each chunk is kept as soon as it is whole; a cut chunk goes on where it was cut.
 */
import { StudioError } from '../base/errors';
import type { Bytes } from './chunks';
import type { ByteRange } from '../privacy/allow-list';
import { askForBytes, type Answer, type Request } from './line';
import type { LineGate } from './line-gate';
import type { OpenPartial } from './partials';
import { Patience, type PatienceLimits } from './patience';
import { rechunk } from './rechunk';
import type { Tally } from './tally';
import type { FreshChunk, WholeHash } from './whole-hash';

export interface Pace extends PatienceLimits {
  /** Requests at once. */
  readonly lanes: number;
  readonly stallMs: number;
}

/** The host has another version of the file than the chunks that are held. */
export class FileChanged extends Error {
  constructor(readonly etag: string) {
    super('the file has changed');
  }
}

/** A range was asked for and the whole file sent. */
class RangesIgnored extends Error {}

/** So often a chunk may arrive with bytes that are not the expected ones. */
const badArrivals = 3;
/** So much in one answer ends a row of failures; one byte a request would go on for ever. */
const gainBytes = 1024;

export interface FetchParts {
  readonly partial: OpenPartial;
  readonly hash: WholeHash;
  readonly tally: Tally;
  readonly gate: LineGate;
  readonly request: Request;
  readonly pace: Pace;
  /** False where the host's version names are not to be relied on. */
  readonly mindVersions: boolean;
}

export class FetchRun {
  readonly #parts: FetchParts;
  readonly #patience: Patience;
  readonly #missing: number[];
  /** Used again: left to the collector, hundreds of megabytes gather. */
  readonly #buffers: Bytes[] = [];
  readonly #inFlight = new Set<number>();
  /** Lanes that ran ahead of the whole hash; each end of a chunk may let them go on. */
  readonly #waiting: (() => void)[] = [];
  #rangesWork: () => void = () => undefined;

  constructor(parts: FetchParts) {
    this.#parts = parts;
    this.#patience = new Patience(parts.pace);
    const { partial } = parts;
    this.#missing = [...Array(partial.cut.count).keys()].filter((index) => !partial.isHeld(index));
  }

  /** @throws FileChanged; StudioError network/*, model/hash-mismatch, storage/*; the signal's reason */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#missing.length === 0) return;
    if (this.#parts.partial.cut.count === 1) return this.#stream(signal);
    try {
      await this.#inLanes(signal);
    } catch (thrown) {
      if (!(thrown instanceof RangesIgnored)) throw thrown;
      await this.#stream(signal);
    }
  }

  /** One request first: only when its answer shows that ranges work do the others begin. */
  async #inLanes(signal: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const lane = async () => {
      for (let index = await this.#next(both); index !== undefined; index = await this.#next(both)) {
        this.#inFlight.add(index);
        try {
          await this.#fetchChunk(index, both);
        } catch (thrown) {
          failures.push(thrown);
          if (!isOfTheLine(thrown)) stop.abort();
          // The others may still bring what they have begun, and take this one over where the host comes back.
          this.#missing.unshift(index);
          return;
        } finally {
          this.#inFlight.delete(index);
          for (const go of this.#waiting.splice(0)) go();
        }
      }
    };
    const works = new Promise<void>((resolve) => (this.#rangesWork = resolve));
    const first = lane();
    await Promise.race([works, first]);
    if (failures.length === 0)
      await Promise.all([first, ...Array.from({ length: this.#parts.pace.lanes - 1 }, lane)]);
    signal.throwIfAborted();
    const worst = failures.find((failure) => !isOfTheLine(failure)) ?? failures[0];
    if (this.#missing.length > 0) throw worst;
  }

  /**
   * The first missing chunk. One far ahead of what the whole hash waits for would be held in memory or read back, so it
   * is not begun before that has come.
   */
  async #next(signal: AbortSignal): Promise<number | undefined> {
    const { hash, pace } = this.#parts;
    const isFar = () => this.#inFlight.has(hash.next) && (this.#missing[0] ?? 0) > hash.next + pace.lanes;
    while (isFar() && !signal.aborted) await new Promise<void>((go) => this.#waiting.push(go));
    return signal.aborted ? undefined : this.#missing.shift();
  }

  async #fetchChunk(index: number, signal: AbortSignal): Promise<void> {
    const { partial, tally } = this.#parts;
    const start = partial.cut.start(index);
    const buffer = this.#buffers.pop() ?? new Uint8Array(partial.cut.chunkBytes);
    const bytes = buffer.subarray(0, partial.cut.length(index));
    let filled = 0;
    let arrivals = 0;
    await this.#persist(signal, async (line) => {
      const range = { first: start + filled, last: start + bytes.length - 1 };
      const answer = await this.#ask(line, range);
      if (answer.whole) {
        answer.end();
        throw new RangesIgnored();
      }
      this.#rangesWork();
      let gained = 0;
      for await (const piece of answer.bytes) {
        const taken = piece.subarray(0, bytes.length - filled);
        bytes.set(taken, filled);
        filled += taken.length;
        gained += taken.length;
        if (gained >= gainBytes) this.#patience.gained();
        tally.coming(index, filled);
        if (filled === bytes.length) break;
      }
      if (filled < bytes.length) throw this.#cutShort();
      filled = 0;
      await this.#keep({ index, bytes, free: () => void this.#buffers.push(buffer) }, ++arrivals);
    });
  }

  /** The whole file from its first byte, as often as it takes; what is held is let pass. */
  async #stream(signal: AbortSignal): Promise<void> {
    const { partial, tally } = this.#parts;
    const { cut } = partial;
    const arrivals = new Map<number, number>();
    await this.#persist(signal, async (line) => {
      const answer = await this.#ask(line);
      let at = 0;
      async function* counted() {
        for await (const piece of answer.bytes) {
          at += piece.length;
          const index = Math.min(cut.count - 1, Math.floor(at / cut.chunkBytes));
          if (!partial.isHeld(index)) tally.coming(index, Math.min(cut.length(index), at - cut.start(index)));
          yield piece;
        }
      }
      let index = 0;
      for await (const chunk of rechunk(counted(), cut.chunkBytes)) {
        if (index === cut.count || chunk.length > cut.length(index)) throw this.#tooLong();
        if (chunk.length < cut.length(index)) throw this.#cutShort();
        if (!partial.isHeld(index)) {
          arrivals.set(index, (arrivals.get(index) ?? 0) + 1);
          await this.#keep({ index, bytes: chunk, free: () => undefined }, arrivals.get(index) ?? 1);
        }
        index += 1;
      }
      if (index < cut.count) throw this.#cutShort();
    });
  }

  /** Tries until it works: waits at the gate without counting, and with patience where the line failed. */
  async #persist(signal: AbortSignal, attempt: (line: AbortSignal) => Promise<void>): Promise<void> {
    for (;;) {
      await this.#patience.quiet(signal);
      const closing = await this.#parts.gate.pass(signal);
      try {
        await attempt(AbortSignal.any([signal, closing]));
        return;
      } catch (thrown) {
        signal.throwIfAborted();
        if (!closing.aborted) await this.#patience.bear(thrown, signal);
      }
    }
  }

  async #ask(signal: AbortSignal, range?: ByteRange): Promise<Answer> {
    const { partial, request, pace } = this.#parts;
    const options = { signal, stallMs: pace.stallMs, ...(range ? { range } : {}) };
    const answer = await askForBytes(partial.record.card, request, options);
    try {
      await this.#mindVersion(answer.etag);
      return answer;
    } catch (thrown) {
      answer.end();
      throw thrown;
    }
  }

  /** Names that are missing or cannot be read are done without. @throws FileChanged */
  async #mindVersion(etag: string | null): Promise<void> {
    const { partial, mindVersions } = this.#parts;
    const known = partial.record.etag;
    if (!mindVersions || etag === null || etag === known) return;
    if (known !== null) throw new FileChanged(etag);
    await partial.setEtag(etag);
  }

  async #keep(chunk: FreshChunk, arrivals: number): Promise<void> {
    const { partial, tally, hash } = this.#parts;
    const { index, bytes } = chunk;
    if (!(await partial.keep(index, bytes))) {
      const details = { model: partial.record.card.title, chunk: index };
      const again = arrivals < badArrivals ? { damagedInTransit: true } : {};
      throw new StudioError('model/hash-mismatch', { ...details, ...again });
    }
    this.#patience.gained();
    tally.settle(index);
    await hash.advance(chunk);
  }

  #cutShort(): StudioError {
    const { name, bytes: totalBytes } = this.#parts.partial.record.card.part;
    return new StudioError('network/failed', { name, totalBytes, reason: 'cut' });
  }

  #tooLong(): StudioError {
    const { title, part } = this.#parts.partial.record.card;
    const details = { model: title, expectedBytes: part.bytes, reason: 'the file of the host is longer' };
    return new StudioError('model/hash-mismatch', details);
  }
}

function isOfTheLine(failure: unknown): boolean {
  return failure instanceof StudioError && failure.code.startsWith('network/');
}
