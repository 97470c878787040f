/**
 * The workers of grants: each is made for one download from a foreign host, ended with it, and ended at once when
 * a job begins. After the job another takes its place and goes on with what was kept.
 */
import type { TransferProgress } from '../base/progress';
import { LineGate } from '../library/line-gate';
import type { ModelCard } from '../models/model';
import { unwrap } from './outcome';
import type { LibraryApi } from './protocol';
import { Thread, type WorkerLike } from './thread';

/** Hears the cards whose workers are alive: with none, no foreign host can be reached from this tab. */
export type GrantListener = (cards: readonly ModelCard[]) => void;

export class GrantWorkers {
  readonly #makeWorker: (cardId: string) => WorkerLike;
  readonly #gate = new LineGate();
  readonly #alive = new Map<string, ModelCard>();
  readonly #stops = new Map<string, AbortController>();
  #listener: GrantListener = () => undefined;

  constructor(makeWorker: (cardId: string) => WorkerLike) {
    this.#makeWorker = makeWorker;
  }

  watch(listener: GrantListener): void {
    this.#listener = listener;
  }

  /** Begins or goes on; settles when the model is ready. @throws StudioError; an abort when it was stopped */
  async get(card: ModelCard, report: (progress: TransferProgress) => void): Promise<ModelCard> {
    const stop = new AbortController();
    this.#stops.set(card.id, stop);
    try {
      for (;;) {
        const closing = await this.#gate.pass(stop.signal);
        const end = AbortSignal.any([stop.signal, closing]);
        try {
          return await this.#getOnce(card, report, end);
        } catch (thrown) {
          stop.signal.throwIfAborted();
          if (!closing.aborted) throw thrown;
        }
      }
    } finally {
      this.#stops.delete(card.id);
    }
  }

  stop(cardId: string): void {
    this.#stops.get(cardId)?.abort();
  }

  stopAll(): void {
    for (const stop of this.#stops.values()) stop.abort();
  }

  /** When it returns every worker is ended; none is made before `release`. */
  hold(): void {
    this.#gate.hold();
  }

  release(): void {
    this.#gate.release();
  }

  async #getOnce(
    card: ModelCard,
    report: (progress: TransferProgress) => void,
    end: AbortSignal,
  ): Promise<ModelCard> {
    const thread = new Thread<LibraryApi>(this.#makeWorker(card.id));
    const finish = () => {
      thread.end(end.reason);
      this.#alive.delete(card.id);
      this.#tell();
    };
    end.addEventListener('abort', finish, { once: true });
    this.#alive.set(card.id, card);
    this.#tell();
    try {
      return unwrap(await thread.callHearing(report, (api, hear) => api.get(card.id, hear)));
    } finally {
      end.removeEventListener('abort', finish);
      finish();
    }
  }

  #tell(): void {
    this.#listener([...this.#alive.values()]);
  }
}
