/** The page's entry: connects the workers' bridge, the wall and the state, and mounts the page. */
import { mount } from 'svelte';
import { createEngine, createLibrary, createVault } from './jobs/bridge';
import { databaseNames } from './library/databases';
import { raiseWall } from './privacy/raise-wall';
import { AppState } from './state/app.svelte';
import { openTabs } from './state/tabs';
import App from './ui/App.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app.');

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
  vault: createVault(),
  tabs: openTabs(),
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
