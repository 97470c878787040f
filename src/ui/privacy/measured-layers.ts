/** Who supplied each header to each client of this page, measured: the host, the service worker, the page's own tag. */
import { headerLayers, type HeaderLayers } from '../../privacy/host-layers';
import type { Client, Layer } from '../../privacy/report';

export interface MeasuredLayers {
  readonly clients: readonly Client[];
  readonly headers: readonly string[];
  /** By client and header; empty: nobody supplied it. */
  of(client: Client, header: string): readonly Layer[];
}

export async function measureLayers(): Promise<MeasuredLayers> {
  const hosts = await headerLayers(navigator.serviceWorker.controller);
  const meta = document.querySelector('meta[http-equiv="Content-Security-Policy"]') !== null;
  const clients = hosts.map(({ kind }) => kind).filter((kind) => kind !== 'asset');
  const headers = Object.keys(hosts.find(({ headers: found }) => found)?.headers ?? {});
  return {
    clients,
    headers,
    of(client, header) {
      const found = hosts.find(({ kind }) => kind === client);
      const layers = fromHost(found, header);
      const isAnswered = client !== 'page' || pageCameThroughWall();
      if (isAnswered && found?.wall.includes(header.toLowerCase()) === true) layers.push('wall');
      if (meta && client === 'page' && header === 'Content-Security-Policy') layers.push('meta');
      return layers;
    },
  };
}

function fromHost(layer: HeaderLayers | undefined, header: string): Layer[] {
  if (!layer?.headers) return ['unknown'];
  const says = layer.headers[header] ?? 'none';
  return says === 'none' ? [] : [says === 'same' ? 'host' : 'other'];
}

/** As the browser timed it. */
function pageCameThroughWall(): boolean {
  const [entry] = performance.getEntriesByType('navigation');
  return ((entry as PerformanceResourceTiming | undefined)?.workerStart ?? 0) > 0;
}
