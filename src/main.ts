/** The page's entry: connects the workers' bridge, the wall and the state, and mounts the page. */
import { mount } from 'svelte';
import { createEngine, createLibrary } from './jobs/bridge';
import { watchAroundWall } from './privacy/around-wall';
import { askFact } from './privacy/ask-wall';
import { raiseWall } from './privacy/raise-wall';
import { countStores } from './privacy/store-count';
import { AppState } from './state/app.svelte';
import App from './ui/App.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app.');

const { serviceWorker } = navigator as Partial<Navigator>;
const app = new AppState({
  engine: createEngine(),
  library: createLibrary(),
  raiseWall: (report) => raiseWall(window, report),
  settings: {
    query: new URLSearchParams(location.search),
    languages: navigator.languages,
    storage: () => localStorage,
  },
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
    watchAroundWall,
    isolated: crossOriginIsolated,
  },
});
app.route.follow(location.hash);
mount(App, { target, props: { app } });
void app.wall.raise();
// What stopped it is shown by the page.
app.startup.begin().catch(() => undefined);
