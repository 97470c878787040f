/** Requests of this page that the wall did not answer, by the browser's own timings: a second witness beside the ledger. */

/** Begins to watch; what it gives ends that and tells how many there were, or 'unknown' where nobody can tell. */
export function watchAroundWall(): () => number | 'unknown' {
  if (typeof PerformanceObserver === 'undefined') return () => 'unknown';
  let count = 0;
  const look = (entries: readonly PerformanceEntry[]) => {
    for (const entry of entries as readonly PerformanceResourceTiming[]) {
      if (/^https?:/.test(entry.name) && entry.workerStart === 0) count += 1;
    }
  };
  const observer = new PerformanceObserver((list) => look(list.getEntries()));
  observer.observe({ type: 'resource' });
  return () => {
    look(observer.takeRecords());
    observer.disconnect();
    return count;
  };
}
