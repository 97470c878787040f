/**
 * What the browser itself says of requests and refusals, beside the ledger: a second witness that no code of ours
 * writes. Counts only. It sees this page alone, not the workers.
 */
export interface Testimony {
  /** Null where the browser tells no timings. */
  readonly timings: Timings | null;
  readonly violations: number;
  readonly reports: number;
}

/** Counts of requests. */
interface Timings {
  readonly timed: number;
  /** Of these, not through the service worker. */
  readonly pastWall: number;
  /** Of these, to another origin. */
  readonly foreign: number;
}

export interface Witness {
  /** What has happened until now. */
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
  takeRecords(): readonly unknown[];
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
  const count = { violations: 0, reports: 0 };
  let readTimings: () => Timings | null = () => null;
  let tell: () => void = () => undefined;
  page.addEventListener('securitypolicyviolation', () => {
    count.violations += 1;
    tell();
  });
  if (page.PerformanceObserver) {
    const timings = { timed: 0, pastWall: 0, foreign: 0 };
    const take = (entries: readonly unknown[]) => {
      for (const entry of entries as readonly ResourceTime[]) {
        const url = new URL(entry.name, page.location.origin);
        if (!url.protocol.startsWith('http')) continue;
        timings.timed += 1;
        if (entry.workerStart === 0) timings.pastWall += 1;
        if (url.origin !== page.location.origin) timings.foreign += 1;
      }
    };
    const observer = new page.PerformanceObserver((list) => {
      take(list.getEntries());
      tell();
    });
    observer.observe({ type: 'resource', buffered: true });
    readTimings = () => {
      take(observer.takeRecords());
      return { ...timings };
    };
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
    testimony: () => ({ ...count, timings: readTimings() }),
    listen: (heard) => {
      tell = heard;
    },
  };
}
