/** The only place that makes a `Worker`. Each is made through the wall, which gives it its own policy. */
import inferenceUrl from '../../workers/inference?worker&url';
import libraryUrl from '../../workers/library?worker&url';
import { trustedUrl } from '../privacy/trusted-url';
import { EngineBridge, type Engine } from './engine-bridge';
import { libraryBridge, type Library } from './library-bridge';

export function createEngine(): Engine {
  return new EngineBridge(() => openWorker(inferenceUrl, 'inference'));
}

export function createLibrary(): Library {
  return libraryBridge(() => openWorker(libraryUrl, 'library'));
}

function openWorker(url: string, name: string): Worker {
  return new Worker(trustedUrl(url), { type: 'module', name });
}
