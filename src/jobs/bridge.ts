/** The only place that makes a `Worker`. Each is made through the wall, which gives it its own policy. */
import inferenceUrl from '../../workers/inference?worker&url';
import leakTestUrl from '../../workers/leak-test?worker&url';
import libraryUrl from '../../workers/library?worker&url';
import pdfUrl from '../../workers/pdf?worker&url';
import vaultUrl from '../../workers/vault?worker&url';
import { grantScript } from '../privacy/grant-script';
import { trustedUrl } from '../privacy/trusted-url';
import { EngineBridge, type Engine } from './engine-bridge';
import { GrantWorkers } from './grant-workers';
import { libraryBridge, type Library } from './library-bridge';
import { VaultBridge, type VaultDoor } from './vault-bridge';
import { libraryName } from './worker-name';

export function createEngine(): Engine {
  return new EngineBridge(() => openWorker(inferenceUrl, 'inference'));
}

/** Not a UUID: over plain http, where the page only says what is missing, the browser makes none. */
export const newTabName = (): string => [...crypto.getRandomValues(new Uint32Array(2))].join('-');

export function createLibrary(tab: string): Library {
  const grants = new GrantWorkers((cardId) =>
    openWorker(grantScript(libraryUrl, cardId), libraryName({ tab, cardId })),
  );
  return libraryBridge(() => openWorker(libraryUrl, libraryName({ tab, cardId: null })), grants);
}

/** The worker that tries to leak, under the same policy as the engine. */
export function openLeakTest(): Worker {
  return openWorker(leakTestUrl, 'leak-test');
}

export function createVault(): VaultDoor {
  return new VaultBridge(() => openWorker(vaultUrl, 'vault'));
}

/** For one PDF, which may be hostile: it reaches no address. */
export function openPdfWorker(): Worker {
  return openWorker(pdfUrl, 'pdf');
}

function openWorker(url: string, name: string): Worker {
  return new Worker(trustedUrl(url), { type: 'module', name });
}
