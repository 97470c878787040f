/**
 * The page's half of the wall: registers the service worker, waits until this page is answered by it, and says
 * what is missing otherwise. The page takes no image before `standing`.
 */
import type { TransferProgress } from '../base/progress';
import { fetchEngine } from './ask-wall';
import { trustedUrl } from './trusted-url';
import type { WallQuestion } from './wall-messages';

/** One that supplies every header: no host knows the addresses that the page's own are made of. */
export type HeaderSource = 'service-worker';

/** 'erased': the visitor took it down with everything else; 'gone': somebody else did. */
export type Missing = 'insecure-origin' | 'no-service-worker' | 'hard-reload' | 'headers' | 'erased' | 'gone';
export type WallState = 'raising' | 'standing' | { readonly missing: Missing };

type ServiceWorkerLike = Pick<
  ServiceWorker,
  'state' | 'postMessage' | 'addEventListener' | 'removeEventListener'
>;

interface RegistrationLike {
  readonly active: ServiceWorkerLike | null;
  readonly waiting: ServiceWorkerLike | null;
  readonly installing: ServiceWorkerLike | null;
  addEventListener(type: 'updatefound', heard: () => void): void;
}

interface ContainerLike {
  readonly controller: ServiceWorkerLike | null;
  register(url: string, options: RegistrationOptions): Promise<RegistrationLike>;
  addEventListener(type: 'controllerchange', heard: () => void): void;
}

/** The few things of the browser used here; `window` is one. */
export interface WallPage {
  readonly isSecureContext: boolean;
  readonly crossOriginIsolated: boolean;
  readonly navigator: { readonly serviceWorker?: ContainerLike };
  readonly location: { reload(): void };
  readonly performance: { getEntriesByType(type: 'navigation'): readonly unknown[] };
  readonly history: { readonly state: unknown; replaceState(state: unknown, unused: string): void };
}

export interface RaisedWall {
  readonly state: WallState;
  /** Who put the headers of the policy on this page, as far as it was seen. */
  readonly headersFrom: HeaderSource | 'unknown';
  /** Has the engine files kept for offline use; ends with `doneBytes === totalBytes`. Call it after first paint. */
  fetchEngine(report: (progress: TransferProgress) => void): Promise<void>;
  /** Has the wall forget what went over the line. */
  forgetLedger(): void;
  /** Calls `found` when a newer build waits; `take` starts it and reloads this page. Nothing reloads by itself. */
  onUpdate(found: (take: () => void) => void): void;
}

const reloadMark = 'obscuraReloaded';

/** Reports 'raising', then once what came of it, except where it reloads the page for its headers. */
export async function raiseWall(page: WallPage, report: (state: WallState) => void): Promise<RaisedWall> {
  const end = (
    state: WallState,
    registration?: RegistrationLike,
    headersFrom: RaisedWall['headersFrom'] = 'unknown',
  ): RaisedWall => {
    report(state);
    return {
      state,
      headersFrom,
      fetchEngine: (progress) => fetchEngine(page.navigator.serviceWorker?.controller, progress),
      forgetLedger: () =>
        page.navigator.serviceWorker?.controller?.postMessage({
          type: 'forget-ledger',
        } satisfies WallQuestion),
      onUpdate: (found) => {
        if (registration !== undefined) watchUpdate(page, registration, found);
      },
    };
  };
  report('raising');
  const container = page.navigator.serviceWorker;
  const throughWall = cameThroughWall(page);
  if (!page.isSecureContext) return end({ missing: 'insecure-origin' });
  if (container === undefined) return end({ missing: 'no-service-worker' });
  let registration: RegistrationLike;
  let stands: boolean;
  try {
    const options = { scope: './', updateViaCache: 'none' } as const;
    registration = await container.register(trustedUrl('service-worker.js'), options);
    // An active service worker that does not answer this page: a hard reload went round it.
    const wentRound = container.controller === null && registration.active?.state === 'activated';
    stands = !wentRound && (await controlled(container, registration));
    if (!stands && !wentRound) return end({ missing: 'no-service-worker' });
  } catch {
    return end({ missing: 'no-service-worker' });
  }
  if (stands && throughWall && page.crossOriginIsolated) {
    remember(page, false);
    // Site data that is cleared takes the service worker along, and this page with it out of its hands.
    container.addEventListener('controllerchange', () => {
      if (container.controller === null) report({ missing: 'gone' });
    });
    return end('standing', registration, 'service-worker');
  }
  // Headers belong to a document from its first byte, so only a reload through the wall can bring the wall's.
  if (!reloadedBefore(page)) {
    remember(page, true);
    page.location.reload();
    return new Promise(() => undefined);
  }
  return end({ missing: stands ? 'headers' : 'hard-reload' }, registration);
}

/**
 * Whether the wall answered this document, and so with every header. Being controlled does not say it: a service
 * worker may take a page that came from the host. Where a browser hides its timings, a reload settles it.
 */
function cameThroughWall(page: WallPage): boolean {
  const [entry] = page.performance.getEntriesByType('navigation') as { readonly workerStart?: number }[];
  if ((entry?.workerStart ?? 0) > 0) return true;
  return reloadedBefore(page) && (page.navigator.serviceWorker?.controller ?? null) !== null;
}

/** False when the first install failed. */
function controlled(container: ContainerLike, registration: RegistrationLike): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      if (container.controller !== null) resolve(true);
    };
    container.addEventListener('controllerchange', look);
    const fresh = registration.installing ?? registration.waiting;
    fresh?.addEventListener('statechange', () => {
      if (fresh.state === 'redundant') resolve(container.controller !== null);
    });
    look();
  });
}

function watchUpdate(
  page: WallPage,
  registration: RegistrationLike,
  found: (take: () => void) => void,
): void {
  const offer = (waiting: ServiceWorkerLike) =>
    found(() => {
      // Another tab may have taken it already; then it will not take over again.
      if (waiting.state !== 'installed') {
        page.location.reload();
        return;
      }
      page.navigator.serviceWorker?.addEventListener('controllerchange', () => page.location.reload());
      waiting.postMessage({ type: 'skip-waiting' } satisfies WallQuestion);
    });
  if (registration.waiting !== null) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const fresh = registration.installing;
    fresh?.addEventListener('statechange', () => {
      if (fresh.state === 'installed') offer(fresh);
    });
  });
}

/** The mark lies in this entry of the tab's own history: no store, and gone with the tab. */
function remember(page: WallPage, reloaded: boolean): void {
  if (reloadedBefore(page) === reloaded) return;
  const state = { ...(page.history.state as Record<string, unknown> | null), [reloadMark]: reloaded };
  page.history.replaceState(state, '');
}

function reloadedBefore(page: WallPage): boolean {
  return (page.history.state as Record<string, unknown> | null | undefined)?.[reloadMark] === true;
}
