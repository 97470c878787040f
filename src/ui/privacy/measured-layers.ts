/** Who supplied each header to each client of this page, measured: the host, the service worker, the page's own tag. */
import { airlockFetch } from '../../privacy/airlock';
import { appBase } from '../../privacy/app-base';
import { hostLayers } from '../../privacy/ask-wall';
import type { HostLayer } from '../../privacy/host-layers';
import type { FileKind } from '../../privacy/policy';

export type Layer = 'host' | 'wall' | 'meta' | 'other' | 'unknown';
export type Client = Exclude<FileKind, 'asset'>;

export interface MeasuredLayers {
  readonly clients: readonly Client[];
  readonly headers: readonly string[];
  /** By client and header; empty: nobody supplied it. */
  of(client: Client, header: string): readonly Layer[];
}

export async function measureLayers(): Promise<MeasuredLayers> {
  const hosts = await hostLayers(navigator.serviceWorker.controller);
  const wall = new Map<string, Headers>();
  for (const { kind, path } of hosts) {
    if (!cameThroughWall(kind, path)) continue;
    const answer = await airlockFetch(path).catch(() => null);
    await answer?.body?.cancel();
    if (answer) wall.set(kind, answer.headers);
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
      if (wall.get(client)?.has(header) === true) layers.push('wall');
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

/** As the browser timed it: the document itself, and the scripts that its workers were made from. */
function cameThroughWall(kind: FileKind, path: string): boolean {
  const [entry] =
    kind === 'page'
      ? performance.getEntriesByType('navigation')
      : performance.getEntriesByName(new URL(path, appBase).href, 'resource');
  return ((entry as PerformanceResourceTiming | undefined)?.workerStart ?? 0) > 0;
}
