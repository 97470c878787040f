/** The stores that only a page can see; the vault's worker sees the others. */
import type { StoreMeasure } from '../privacy/stores';

export interface PageStores {
  /** Asked for each time: reading them can throw. */
  readonly local: () => Storage;
  readonly session: () => Storage;
  /** `document`. A page sees no cookie that a host marked HttpOnly. */
  readonly cookies: { cookie: string };
  readonly registrations: () => Promise<readonly ServiceWorkerRegistration[]>;
}

export async function measurePageStores(stores: PageStores): Promise<StoreMeasure[]> {
  const registrations = await stores.registrations();
  const names = cookieNames(stores.cookies.cookie);
  const all: StoreMeasure[] = [
    measure('local-storage', stores.local),
    measure('session-storage', stores.session),
    { kind: 'cookies', name: '', entries: names.length, bytes: stores.cookies.cookie.length },
    { kind: 'service-worker', name: '', entries: registrations.length, bytes: null },
  ];
  return all.filter(({ entries }) => entries !== 0);
}

export async function erasePageStores(stores: PageStores): Promise<void> {
  for (const open of [stores.local, stores.session]) {
    try {
      open().clear();
    } catch {
      // What the browser refuses holds nothing; it is measured after.
    }
  }
  for (const name of cookieNames(stores.cookies.cookie)) stores.cookies.cookie = `${name}=; max-age=0`;
  for (const registration of await stores.registrations()) await registration.unregister();
}

function measure(kind: 'local-storage' | 'session-storage', open: () => Storage): StoreMeasure {
  let entries: [string, string][] = [];
  try {
    entries = Object.entries(open()) as [string, string][];
  } catch {
    // As above.
  }
  const bytes = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  return { kind, name: '', entries: entries.length, bytes };
}

function cookieNames(cookies: string): string[] {
  return cookies === '' ? [] : cookies.split('; ').map((cookie) => cookie.split('=')[0] ?? '');
}
