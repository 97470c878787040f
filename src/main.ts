/** The page's entry: connects the workers' bridge, the wall and the state, and mounts the page. */
import { mount } from 'svelte';
import { createEngine, createLibrary } from './jobs/bridge';
import { appBase } from './privacy/app-base';
import { fetchDeployment } from './privacy/fetch-deployment';
import { guardPage } from './privacy/guard';
import { openLedgerLine } from './privacy/ledger-line';
import { raiseWall } from './privacy/raise-wall';
import { watchBrowser } from './privacy/witness';
import { AppState } from './state/app.svelte';
import App from './ui/App.svelte';

guardPage(window, appBase);

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
  fetchDeployment: () => fetchDeployment(),
  storage: navigator.storage,
  witness: watchBrowser(window),
  ledgerLine: openLedgerLine(appBase),
});
app.route.follow(location.hash);
mount(App, { target, props: { app } });
void app.wall.raise();
// What stopped it is shown by the page.
app.startup.begin().catch(() => undefined);
