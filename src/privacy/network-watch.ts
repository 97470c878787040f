/**
 * Counts what went over the network while a job ran, by the wall's ledger. The wall forgets when the browser puts it
 * to sleep, which asking prevents; where its memory has a gap all the same, the count says that it is not complete.
 */
import type { LedgerAnswer } from './ledger';

export interface NetworkCount {
  /** False where the ledger had a gap: there may have been more. */
  readonly complete: boolean;
  /** Answered, failed or still under way over the network, of every open tab of this app. */
  readonly requests: number;
  readonly bytesReceived: number;
  /** Stopped by the wall. */
  readonly refused: number;
  /** Of these, this page's own, without its workers; 0 where the ledger had a gap. */
  readonly refusedHere: number;
}

interface NetworkWatchPowers {
  /** Null where the wall does not answer. */
  readonly ledger: () => Promise<LedgerAnswer | null>;
  readonly now: () => number;
  /** Calls until it is ended by what it gives. */
  readonly every: (ms: number, call: () => void) => () => void;
}

/** Chromium stops a service worker after 30 s without an event. */
const askEveryMs = 10_000;

export class NetworkWatch {
  readonly #powers: NetworkWatchPowers;
  readonly #start: number;
  readonly #refusedBefore: number;
  #last: LedgerAnswer | null;
  #gap: boolean;
  readonly #stop: () => void;

  private constructor(powers: NetworkWatchPowers, first: LedgerAnswer | null) {
    this.#powers = powers;
    this.#last = first;
    this.#refusedBefore = first?.refusedOfAsker ?? 0;
    this.#gap = first === null;
    this.#start = powers.now();
    this.#stop = powers.every(askEveryMs, () => void this.#ask());
  }

  /** Settles when the ledger has answered or not, which is when the job may begin. */
  static async start(powers: NetworkWatchPowers): Promise<NetworkWatch> {
    return new NetworkWatch(powers, await powers.ledger());
  }

  async end(): Promise<NetworkCount> {
    this.#stop();
    const end = this.#powers.now();
    await this.#ask();
    const rows = this.#last?.rows ?? [];
    const [oldest] = rows;
    const overflowed = this.#last?.full === true && (oldest?.time ?? 0) > this.#start;
    const during = rows.filter(({ time }) => time >= this.#start && time <= end);
    const passed = during.filter(({ from }) => from === 'network');
    const refusedHere = this.#gap ? 0 : (this.#last?.refusedOfAsker ?? 0) - this.#refusedBefore;
    return {
      complete: !this.#gap && !overflowed,
      requests: passed.length + (this.#last?.underWay ?? 0),
      bytesReceived: passed.reduce((sum, { bytes }) => sum + bytes, 0),
      refused: during.filter(({ from }) => from === 'none').length,
      refusedHere,
    };
  }

  async #ask(): Promise<void> {
    const answer = await this.#powers.ledger();
    if (answer === null || answer.since !== this.#last?.since) this.#gap = true;
    if (answer !== null) this.#last = answer;
  }
}
