/**
 * The tab's memory from outside: the resident anonymous and shared pages of the largest renderer process that descends
 * from this process, by /proc (Linux).
 */
import { readdirSync, readFileSync } from 'node:fs';

const everyMs = 50;

/** Starts watching; the returned function stops and gives the peak in bytes. */
export function peakMemory(): () => number {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, largestRendererBytes());
  };
  const timer = setInterval(look, everyMs);
  return () => {
    look();
    clearInterval(timer);
    return peak;
  };
}

export function largestRendererBytes(): number {
  let largest = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (!readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      if (!isOurs(Number(entry))) continue;
      const status = readFileSync(`/proc/${entry}/status`, 'utf8');
      const kilobytes = ['RssAnon', 'RssShmem'].map((field) =>
        Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0),
      );
      largest = Math.max(largest, kilobytes.reduce((sum, value) => sum + value) * 1024);
    } catch {
      // The process ended between the listing and the look.
    }
  }
  return largest;
}

/** Another browser may run on the machine. */
function isOurs(pid: number): boolean {
  for (let at = pid; at > 1;) {
    if (at === process.pid) return true;
    at = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${at}/status`, 'utf8'))?.[1] ?? 0);
  }
  return false;
}
