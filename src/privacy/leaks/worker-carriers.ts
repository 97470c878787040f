/** Ways out of a worker. Runs in one that the wall answered as it answers the engine. */
import { answered, heard, type Carrier } from './carriers';
import { threadCarriers } from './thread-carriers';

function takenFrom(...ids: readonly (keyof typeof threadCarriers)[]): Record<string, Carrier> {
  return Object.fromEntries(ids.map((id) => [`worker-${id}`, threadCarriers[id]]));
}

export const workerCarriers: Readonly<Record<string, Carrier>> = {
  ...takenFrom('fetch', 'post', 'xhr', 'event-source', 'websocket', 'webtransport'),
  'service-worker-fetch': threadCarriers['fetch-no-cors'],
  'worker-import': (address) => answered(import(/* @vite-ignore */ address)),
  'worker-import-scripts'(address) {
    (globalThis as unknown as { importScripts(url: string): void }).importScripts(address);
    return 'sent';
  },
  'worker-nested': (address) => heard(new Worker(address), 'message'),
  'worker-blob'(address) {
    const script = new Blob([`fetch(${JSON.stringify(address)}).then(() => postMessage(1))`]);
    return heard(new Worker(URL.createObjectURL(script)), 'message');
  },
};
