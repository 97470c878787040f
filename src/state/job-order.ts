/** Which jobs the one action starts, and which comes next. Pure, so that the queue can be tested without a page. */
export type JobKind = 'new' | 'waiting' | 'working' | 'done' | 'failed' | 'cancelled';

interface Queued {
  readonly id: string;
  readonly kind: JobKind;
}

/** `run` these in place, or draw the selected photo `again` as one more result. */
export type Start<T> =
  { readonly run: readonly T[]; readonly again: null } | { readonly run: []; readonly again: T };

/**
 * All photos not drawn yet, and the selected one where it failed or was cancelled.
 * With none of these: the selected result's photo again, as a further result, so that nothing is lost.
 */
export function jobsToStart<T extends Queued>(jobs: readonly T[], selectedId: string | null): Start<T> {
  const run = jobs.filter(
    (job) =>
      job.kind === 'new' || (job.id === selectedId && (job.kind === 'failed' || job.kind === 'cancelled')),
  );
  if (run.length > 0) return { run, again: null };
  const selected = jobs.find((job) => job.id === selectedId);
  return selected?.kind === 'done' ? { run: [], again: selected } : { run: [], again: null };
}

/** First come, first drawn. */
export function nextWaiting<T extends Queued>(jobs: readonly T[]): T | null {
  return jobs.find((job) => job.kind === 'waiting') ?? null;
}

/** The neighbour to show when the job at `index` goes: the one after it, else the one before. */
export function neighbour<T extends Queued>(jobs: readonly T[], index: number): T | null {
  return jobs[index + 1] ?? jobs[index - 1] ?? null;
}
