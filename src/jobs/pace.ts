/**
 * Time left, from measured speed alone: a model's milliseconds per work unit as its last job on this worker
 * took them, and for its first job what this job took so far. Says nothing before a tenth of the work is done
 * when there is no earlier job.
 */
const enoughShare = 0.1;

export class Pace {
  readonly #msPerUnit = new Map<string, number>();

  /** `elapsedMs` is counted from the start of the job. */
  withTimeLeft<P extends { readonly done: number; readonly total: number }>(
    modelId: string,
    progress: P,
    elapsedMs: number,
  ): P & { readonly msLeft?: number } {
    const { done, total } = progress;
    const soFar = done / total >= enoughShare ? elapsedMs / done : undefined;
    const msPerUnit = this.#msPerUnit.get(modelId) ?? soFar;
    return msPerUnit === undefined ? progress : { ...progress, msLeft: (total - done) * msPerUnit };
  }

  remember(modelId: string, total: number, elapsedMs: number): void {
    this.#msPerUnit.set(modelId, elapsedMs / total);
  }
}
