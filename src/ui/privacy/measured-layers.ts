/** Who supplied each header to each client of this page, measured: the host, the service worker, the page's own tag. */
import { airlockFetch } from '../../privacy/airlock';
import { hostLayers } from '../../privacy/ask-wall';
import type { HostLayer } from '../../privacy/host-layers';
import type { Client, Layer } from '../../privacy/report';

export interface MeasuredLayers {
  readonly clients: readonly Client[];
  readonly headers: readonly string[];
  /** By client and header; empty: nobody supplied it. */
  of(client: Client, header: string): readonly Layer[];
}

export async function measureLayers(): Promise<MeasuredLayers> {
  const hosts = await hostLayers(navigator.serviceWorker.controller);
  const wall = new Map<string, ReadonlySet<string>>();
  for (const { kind, path, headers: asked } of hosts) {
    // Its own script never passes through it.
    if (kind === 'wall') continue;
    const passed = kind === 'page' ? pageCameThroughWall() && asked : await answeredByWall(path);
    if (passed) wall.set(kind, new Set(Object.keys(passed).map((name) => name.toLowerCase())));
  }
  const meta = document.querySelector('meta[http-equiv="Content-Security-Policy"]') !== null;
  const clients = hosts.map(({ kind }) => kind).filter((kind) => kind !== 'asset');
  const headers = Object.keys(hosts.find(({ headers: found }) => found)?.headers ?? {});
  return {
    clients,
    headers,
    of(client, header) {
      const layers: Layer[] = fromHost(
        hosts.find(({ kind }) => kind === client),
        header,
      );
      if (wall.get(client)?.has(header.toLowerCase()) === true) layers.push('wall');
      if (meta && client === 'page' && header === 'Content-Security-Policy') layers.push('meta');
      return layers;
    },
  };
}

function fromHost(layer: HostLayer | undefined, header: string): Layer[] {
  if (!layer?.headers) return ['unknown'];
  const says = layer.headers[header] ?? 'none';
  return says === 'none' ? [] : [says === 'same' ? 'host' : 'other'];
}

/** As the browser timed it; the wall puts every header on each of its answers. */
function pageCameThroughWall(): boolean {
  const [entry] = performance.getEntriesByType('navigation');
  return ((entry as PerformanceResourceTiming | undefined)?.workerStart ?? 0) > 0;
}

/** The headers under which the wall gives out a script, as it gave it to the worker; null where it does not. */
async function answeredByWall(path: string): Promise<Record<string, string> | null> {
  const answer = await airlockFetch(path).catch(() => null);
  await answer?.body?.cancel();
  return answer && Object.fromEntries(answer.headers);
}
