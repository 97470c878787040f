/**
 * How often and how long a host that does not answer is waited for. One for all lanes of a download: a cut that
 * hits four requests counts once, and a host that asks for quiet gets it from all.
 */
import { StudioError } from '../base/errors';

export interface PatienceLimits {
  /** Failures in a row, without a byte gained between them, before it is told. */
  readonly tries: number;
  /** The first wait; each further one is twice as long. */
  readonly backoffMs: number;
  /** A host that asks for a longer wait than this is not waited for. */
  readonly longestWaitMs: number;
}

const passingStatus = new Set([408, 425]);

export class Patience {
  readonly #limits: PatienceLimits;
  #failures = 0;
  #hasGained = false;
  #notBefore = 0;

  constructor(limits: PatienceLimits) {
    this.#limits = limits;
  }

  gained(): void {
    this.#failures = 0;
    this.#hasGained = true;
  }

  /** Waits until the host may be asked again. @throws the failure when it is not to be borne; the signal's reason */
  async bear(failure: unknown, signal: AbortSignal): Promise<void> {
    if (!mayPass(failure) || (isUnreachable(failure) && !this.#hasGained)) throw failure;
    const now = performance.now();
    const wanted = Number(failure.details.retryAfterMs ?? 0);
    if (wanted > this.#limits.longestWaitMs) throw failure;
    if (now >= this.#notBefore) {
      this.#failures += 1;
      if (this.#failures > this.#limits.tries) throw failure;
      this.#notBefore = now + this.#limits.backoffMs * 2 ** (this.#failures - 1);
    }
    this.#notBefore = Math.max(this.#notBefore, now + wanted);
    await this.quiet(signal);
  }

  /** Settles once no wait is under way. @throws the signal's reason */
  async quiet(signal: AbortSignal): Promise<void> {
    for (let ms = this.#left(); ms > 0; ms = this.#left()) await sleep(ms, signal);
  }

  #left(): number {
    return Math.ceil(this.#notBefore - performance.now());
  }
}

/** A dead line, a busy host, a chunk that came in with other bytes: the next time may be better. */
function mayPass(failure: unknown): failure is StudioError {
  if (!(failure instanceof StudioError)) return false;
  if (
    isUnreachable(failure) ||
    failure.code === 'network/host-busy' ||
    failure.details.damagedInTransit === true
  )
    return true;
  const { status } = failure.details;
  return failure.code === 'network/failed' && (typeof status !== 'number' || passingStatus.has(status));
}

/** Of a host that never answered it is told at once: it may not let pages fetch from it at all. */
function isUnreachable({ code }: StudioError): boolean {
  return code === 'network/unreachable';
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
