/**
 * What the browser itself says of requests and refusals, beside the ledger: a second witness that no code of ours
 * writes. Counts only. It sees this page alone, not the workers.
 */
export interface Testimony {
  /** Requests that the browser timed, and those of them that did not go through the service worker. */
  readonly timed: number;
  readonly pastWall: number;
  /** Of these, to another origin. */
  readonly foreign: number;
  readonly violations: number;
  readonly reports: number;
}

export interface Witness {
  testimony(): Testimony;
  /** Called whenever a count rises; one listener. */
  listen(heard: () => void): void;
}

interface ResourceTime {
  readonly name: string;
  readonly workerStart: number;
}

interface Observer {
  observe(options?: object): void;
}

/** The few things of the browser used here; `window` is one. */
export interface WitnessedPage {
  readonly location: { readonly origin: string };
  addEventListener(type: 'securitypolicyviolation', heard: () => void): void;
  readonly PerformanceObserver?: new (
    heard: (list: { getEntries(): readonly unknown[] }) => void,
  ) => Observer;
  readonly ReportingObserver?: new (
    heard: (reports: readonly unknown[]) => void,
    options: object,
  ) => Observer;
}

/** Call it before the page asks for anything else. */
export function watchBrowser(page: WitnessedPage): Witness {
  const count = { timed: 0, pastWall: 0, foreign: 0, violations: 0, reports: 0 };
  let tell: () => void = () => undefined;
  page.addEventListener('securitypolicyviolation', () => {
    count.violations += 1;
    tell();
  });
  if (page.PerformanceObserver) {
    const timed = new page.PerformanceObserver((list) => {
      for (const entry of list.getEntries() as readonly ResourceTime[]) {
        const url = new URL(entry.name, page.location.origin);
        if (!url.protocol.startsWith('http')) continue;
        count.timed += 1;
        if (entry.workerStart === 0) count.pastWall += 1;
        if (url.origin !== page.location.origin) count.foreign += 1;
      }
      tell();
    });
    timed.observe({ type: 'resource', buffered: true });
  }
  if (page.ReportingObserver) {
    const observer = new page.ReportingObserver(
      (reports) => {
        count.reports += reports.length;
        tell();
      },
      { buffered: true },
    );
    observer.observe();
  }
  return {
    testimony: () => ({ ...count }),
    listen: (heard) => {
      tell = heard;
    },
  };
}
