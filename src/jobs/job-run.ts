/** One job in the worker, from its first step to its timings: what every pipeline's job does around its run. */
import type { OrtRuntime } from '../runtime/ort';
import { finished } from './finished';
import { nextTurn } from './next-turn';
import type { Pace } from './pace';
import type { JobTimings } from './protocol';

interface Driving<Step> {
  /** Jobs of one kind take as long a work unit; without it no time left is told. */
  readonly paced?: { readonly pace: Pace; readonly kind: string };
  readonly report: (progress: Step & { readonly msLeft?: number }) => void;
  readonly signal: AbortSignal;
}

/** Made when the input is decoded. */
export class JobRun {
  readonly #runtime: OrtRuntime;
  readonly #started = performance.now();
  readonly #before: Pick<OrtRuntime, 'runMs' | 'readbackBytes'>;
  #openMs = 0;
  #totalMs = 0;

  constructor(runtime: OrtRuntime) {
    runtime.resetPeak();
    this.#runtime = runtime;
    this.#before = { runMs: runtime.runMs, readbackBytes: runtime.readbackBytes };
  }

  /** Counts this work as the opening of sessions. */
  async opening<T>(work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const done = await work();
    this.#openMs += performance.now() - started;
    return done;
  }

  /** What the steps make, each of them told with the time left. */
  async drive<Step extends { readonly done: number; readonly total: number }, Made>(
    steps: AsyncGenerator<Step, Made, void>,
    { paced, report, signal }: Driving<Step>,
  ): Promise<Made> {
    let total = 1;
    const made = await finished(steps, async (progress) => {
      const elapsedMs = performance.now() - this.#started;
      report(paced ? paced.pace.withTimeLeft(paced.kind, progress, elapsedMs) : progress);
      total = progress.total;
      // A turn of the event loop, so that a cancel can be heard between two steps.
      await nextTurn();
      signal.throwIfAborted();
    });
    this.#totalMs = performance.now() - this.#started;
    paced?.pace.remember(paced.kind, total, this.#totalMs);
    return made;
  }

  /** Once the result is encoded. */
  timings(decodeMs: number): JobTimings {
    const { runMs, readbackBytes, gpuPeakBytes, gpuLiveBytes } = this.#runtime;
    return {
      decodeMs,
      totalMs: this.#totalMs,
      runMs: runMs - this.#before.runMs,
      openMs: this.#openMs,
      encodeMs: performance.now() - this.#started - this.#totalMs,
      readbackBytes: readbackBytes - this.#before.readbackBytes,
      gpuPeakBytes,
      gpuLeftBytes: gpuLiveBytes,
    };
  }
}
