/** Measures what a report says, anew where it can be. */
import { appBase } from '../../privacy/app-base';
import { askFact } from '../../privacy/ask-wall';
import { makeReport, type PrivacyReport } from '../../privacy/report';
import type { AppState } from '../../state/app.svelte';
import type { LeakRun } from '../../state/leak-run.svelte';
import { measureLayers } from './measured-layers';

/** @throws where the code that counts the stores does not come */
export async function reportFacts(app: AppState, leaks: LeakRun): Promise<PrivacyReport> {
  const { ledger, line, wall } = app;
  const { controller } = navigator.serviceWorker;
  const stores = await app.stores();
  await stores.measure();
  const layers = await measureLayers();
  const build = await askFact(controller, 'build');
  await ledger.look(controller);
  const { endedAt, allowlist, results } = leaks;
  return makeReport({
    madeAt: Date.now(),
    address: appBase,
    browser: { userAgent: navigator.userAgent, isolated: crossOriginIsolated },
    build,
    wall: { standing: wall.stands, headersFrom: wall.headersFrom },
    airlock: { openHosts: line.openHosts, inOtherTabs: line.hostsElsewhere },
    headers:
      layers.clients.length === 0
        ? null
        : layers.headers.flatMap((header) =>
            layers.clients.map((client) => ({ client, header, from: layers.of(client, header) })),
          ),
    leakTest: endedAt === null ? null : { endedAt, allowlist, results },
    ledger: { rows: ledger.rows, refused: ledger.refused, testimony: ledger.testimony },
    // What could not be counted this time is not told from an earlier one.
    stores: stores.failure ? null : stores.inventory,
    deployment: app.deployment.settings,
  });
}
