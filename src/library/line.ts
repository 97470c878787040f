/** One request for a model's bytes: checks what the answer says of itself and watches that bytes keep coming. */
import { StudioError } from '../base/errors';
import type { FileCard } from '../models/model';
import { addressOf } from '../models/remote';
import type { ByteRange } from '../privacy/allow-list';
import type { Bytes } from './chunks';

export type Request = (
  address: string,
  options: { readonly signal: AbortSignal; readonly range?: ByteRange },
) => Promise<Response>;

export interface Answer {
  /** True when the host sent the file from its first byte, whatever was asked for. */
  readonly whole: boolean;
  /** Null where the host gives none, or does not let it be read. */
  readonly etag: string | null;
  /** Throws network/failed when the line is cut. Leaving the loop ends the request. A piece is good until the next. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Ends the request where its bytes are not wanted. */
  readonly end: () => void;
}

/** So much is taken off the line at once. */
const pieceBytes = 512 * 1024;

export interface LineOptions {
  readonly signal: AbortSignal;
  /** Without it the whole file is asked for. */
  readonly range?: ByteRange;
  /** A line on which nothing comes for this long is dead. */
  readonly stallMs: number;
}

/** @throws StudioError network/*, model/hash-mismatch when the file has another length; the signal's reason */
export async function askForBytes(card: FileCard, request: Request, options: LineOptions): Promise<Answer> {
  const { name } = card.part;
  const address = addressOf(card.part);
  if (address === undefined) throw new StudioError('model/not-installed', { model: card.title });
  const { signal, range } = options;
  const stall = new StallWatch(
    options.stallMs,
    new StudioError('network/failed', { name, reason: 'stalled' }),
  );
  const either = AbortSignal.any([signal, stall.signal]);
  try {
    const response = await request(address, { signal: either, ...(range ? { range } : {}) });
    const whole = response.status !== 206;
    checkLength(card, response, range);
    const bytes = arriving(response, { name, either, stall });
    return { whole, etag: response.headers.get('ETag'), bytes, end: () => stall.giveUp() };
  } catch (thrown) {
    either.throwIfAborted();
    stall.giveUp();
    throw wrongLength(card, thrown) ?? thrown;
  }
}

async function* arriving(
  { body }: Response,
  { name, either, stall }: { name: string; either: AbortSignal; stall: StallWatch },
): AsyncGenerator<Uint8Array> {
  const reader = body && readerOf(body);
  try {
    for (let piece = await reader?.read(); piece; piece = await reader?.read()) {
      stall.hear();
      yield piece;
    }
  } catch (thrown) {
    either.throwIfAborted();
    throw new StudioError('network/failed', { name, reason: 'cut' }, { cause: thrown });
  } finally {
    stall.end();
    // Also on the way out of a loop that wants no more: nothing may go on arriving.
    await reader?.cancel().catch(() => undefined);
  }
}

interface Pieces {
  /** Null at the end. */
  read(): Promise<Uint8Array | null>;
  cancel(): Promise<void>;
}

/** What comes is written into the same memory again and again: left to the collector, hundreds of megabytes gather. */
function readerOf(body: ReadableStream<Bytes>): Pieces {
  try {
    const reader = body.getReader({ mode: 'byob' });
    let room = new Uint8Array(pieceBytes);
    return {
      async read() {
        const { value } = await reader.read(room);
        if (!value || value.length === 0) return null;
        room = new Uint8Array(value.buffer);
        return value;
      },
      cancel: () => reader.cancel(),
    };
  } catch {
    // A browser that only gives pieces of its own.
    const reader = body.getReader();
    return { read: async () => (await reader.read()).value ?? null, cancel: () => reader.cancel() };
  }
}

/** Headers that cannot be read are done without; those that can must agree with the card and the question. */
function checkLength(card: FileCard, { status, headers, type }: Response, range?: ByteRange): void {
  if (status === 206) {
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('Content-Range') ?? '') ?? [];
    if (total !== undefined && total !== '*') compare(card, Number(total));
    if (first !== undefined && Number(first) !== range?.first)
      throw new StudioError('network/failed', { name: card.part.name, reason: 'another range' });
  } else if (type !== 'cors' && headers.get('Content-Encoding') === null) {
    // A foreign host's packing cannot be read, and with it the length may be the packed one.
    const length = headers.get('Content-Length');
    if (length !== null) compare(card, Number(length));
  }
}

function compare(card: FileCard, foundBytes: number): void {
  const { bytes: expectedBytes } = card.part;
  if (foundBytes === expectedBytes) return;
  throw new StudioError('model/hash-mismatch', { model: card.title, expectedBytes, foundBytes });
}

/** 416: the host's file ends before the range begins. */
function wrongLength({ title, part }: FileCard, thrown: unknown): StudioError | null {
  if (!(thrown instanceof StudioError) || thrown.details.status !== 416) return null;
  const details = { model: title, expectedBytes: part.bytes, reason: 'the file of the host is shorter' };
  return new StudioError('model/hash-mismatch', details, { cause: thrown });
}

/** Aborts its signal once nothing has been heard for a while. */
class StallWatch {
  readonly #abort = new AbortController();
  readonly #stallMs: number;
  readonly #reason: StudioError;
  #timer: ReturnType<typeof setTimeout>;

  constructor(stallMs: number, reason: StudioError) {
    this.#stallMs = stallMs;
    this.#reason = reason;
    this.#timer = this.#set();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  hear(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#set();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  giveUp(): void {
    this.end();
    this.#abort.abort(this.#reason);
  }

  #set(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.giveUp(), this.#stallMs);
  }
}
