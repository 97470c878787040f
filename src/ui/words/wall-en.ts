/** What the page says of the wall, and of how to mend it. */
import type { WallCondition } from '../../state/wall.svelte';
import { named } from './named';

export const wallEn = {
  sealed: 'Sealed',
  sealing: 'Sealing',
  fetching: 'Fetching',
  fetchingFrom: (hosts: string) =>
    `A worker made for one model may reach ${hosts} and nothing else, until it has come. A job ends it first.`,
  elsewhere: (hosts: string) =>
    `Another tab of this app has a worker that may reach ${hosts}. This tab reaches no other host. A job here asks that tab to stop first.`,
  open: 'Not sealed',
  title: 'What is measured now',
  wall: 'Seal',
  condition: named<WallCondition>({
    raising: 'Being closed. No photo is taken in before it is.',
    standing: 'Closed. Our own guard controls this page, and the page carries its protecting headers.',
    'insecure-origin': 'Missing: this page came over plain http.',
    'no-service-worker':
      'Missing: the browser gives this page no service worker, often because of a private window or blocked site data.',
    'hard-reload': 'Missing: a forced reload went round it.',
    headers: 'Missing: the page came without its protecting headers.',
    erased: 'Gone: everything was erased, and its files with it.',
    gone: 'Missing: our guard was removed while this page was open, as clearing site data does.',
  }),
  mend: named<WallCondition>({
    raising: '',
    standing: '',
    'insecure-origin': 'Open it over https, or on localhost.',
    'no-service-worker': 'Use an ordinary window of a current browser and allow this site to store data.',
    'hard-reload': 'Reload once more, without holding Shift.',
    headers: 'Reload the page once.',
    erased: 'Close every tab of this page; open it again to use it.',
    gone: 'Save your results, then reload the page.',
  }),
  missing: 'This page is not sealed, so no photo is taken in.',
  erasedElsewhere: 'Erased from another tab: photos and results of this one are gone too.',
  device: 'Drawn by',
  memory: 'In this tab',
  memoryNow: (photos: number, unsaved: number) =>
    photos === 0 ? 'No photo.' : `${photos} in the strip, ${unsaved} not saved. Gone when the tab closes.`,
  kept: 'Kept on this device',
  keptNow: (models: number, bytes: string) =>
    `${models === 1 ? '1 model' : `${models} models`} (${bytes}), and theme and language once chosen. What else there is stands under Kept.`,
  update: 'A newer version is ready.',
  reload: 'Reload',
};
