/** The page's entry: connects the workers' bridge, the wall and the state, and mounts the page. */
import { mount } from 'svelte';
import { createEngine, createLibrary, createVault, newTabName } from './jobs/bridge';
import { openTabs } from './jobs/tabs';
import { databaseNames } from './library/databases';
import { appBase } from './privacy/app-base';
import { askDeployment } from './privacy/ask-deployment';
import { askFact, askSettings } from './privacy/ask-wall';
import { guardPage } from './privacy/guard';
import { openLedgerLine } from './privacy/ledger-line';
import { raiseWall } from './privacy/raise-wall';
import { countStores } from './privacy/store-count';
import { watchBrowser } from './privacy/witness';
import { openAnnouncements } from './state/announcements';
import { AppState } from './state/app.svelte';
import App from './ui/App.svelte';

guardPage(window);

const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app.');

const { serviceWorker } = navigator as Partial<Navigator>;
const witness = watchBrowser(window);
const tab = newTabName();
const app = new AppState({
  engine: createEngine(),
  library: createLibrary(tab),
  tabs: openTabs(tab),
  raiseWall: (report) => raiseWall(window, report),
  settings: {
    query: new URLSearchParams(location.search),
    languages: navigator.languages,
    storage: () => localStorage,
  },
  askDeployment: () => askDeployment(() => askSettings(serviceWorker?.controller)),
  storage: navigator.storage,
  record: {
    ledger: () => askFact(serviceWorker?.controller, 'ledger'),
    build: () => askFact(serviceWorker?.controller, 'build'),
    countStores: () =>
      countStores({
        databases: indexedDB,
        caches,
        storage: navigator.storage,
        settings: () => [localStorage, sessionStorage],
      }),
    pastWall: () => witness.testimony().timings?.pastWall ?? null,
    isolated: crossOriginIsolated,
  },
  witness,
  ledgerLine: openLedgerLine(appBase),
  vault: createVault(),
  announcements: openAnnouncements(),
  locks: navigator.locks,
  databaseNames,
  pageStores: {
    local: () => localStorage,
    session: () => sessionStorage,
    cookies: document,
    registrations: () => navigator.serviceWorker.getRegistrations(),
  },
});
app.route.follow(location.hash);
mount(App, { target, props: { app } });
void app.wall.raise();
// What stopped it is shown by the page.
app.startup
  .begin()
  .catch(() => undefined)
  .then(() => app.keeping.begin())
  .catch(() => undefined);
