/** Progress as it is shown: where a job is begun again (a lost device, a model got anew) its share stays until it is passed. */
import type { WorkProgress } from '../base/progress';

export function steadyProgress(before: WorkProgress | null, now: WorkProgress): WorkProgress {
  if (!before || before.total <= 0) return now;
  const done = before.total === now.total ? before.done : (before.done / before.total) * now.total;
  return done > now.done ? { ...now, done } : now;
}
