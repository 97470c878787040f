/** Obscura's service worker. All it does is in src/privacy/wall.ts; the build writes the list of files in. */
import { openLedgerLine } from '../src/privacy/ledger-line';
import { isNeedless } from '../src/privacy/needless';
import { unpackList, type PackedList } from '../src/privacy/packed-list';
import { Wall } from '../src/privacy/wall';
import type { WallAnswer, WallQuestion } from '../src/privacy/wall-messages';

declare const self: ServiceWorkerGlobalScope;
declare const __ALLOW_LIST__: PackedList;

const base = new URL('./', self.location.href).href;
const wall = new Wall(unpackList(__ALLOW_LIST__), {
  base,
  caches: self.caches,
  fetch: (url, init) => self.fetch(url, init),
  now: () => Date.now(),
  tell: openLedgerLine(base).post,
  needless: isNeedless,
  clientUrl: async (clientId) => (await self.clients.get(clientId))?.url,
  isAlone: async () => {
    if (self.registration.installing !== null || self.registration.waiting !== null) return false;
    const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
    return !tabs.some(({ url }) => url.startsWith(self.registration.scope));
  },
  takeClients: () => self.clients.claim(),
  skipWaiting: () => self.skipWaiting(),
});

self.addEventListener('install', (event) => event.waitUntil(wall.install()));
self.addEventListener('activate', (event) => event.waitUntil(wall.activate()));
self.addEventListener('fetch', (event) => {
  if (wall.standsAside(event.request, event.clientId)) return;
  event.respondWith(wall.answer(event.request, event.clientId));
  if (event.request.mode === 'navigate') event.waitUntil(wall.tidy());
});
self.addEventListener('message', (event) => {
  const reply = (answer: WallAnswer) => event.ports[0]?.postMessage(answer);
  event.waitUntil(wall.hear(event.data as WallQuestion, reply, (event.source as Client | null)?.id));
});
