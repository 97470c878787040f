/** The inference thread: the engine, given its powers. No foreign origin is reachable from here. */
import { expose } from 'comlink';
import { InferenceEngine } from '../src/jobs/engine';
import { openModelStore } from '../src/library/store';
import { airlockFetch } from '../src/privacy/airlock';
import { startOrt } from '../src/runtime/ort';

expose(
  new InferenceEngine({
    store: openModelStore(),
    startRuntime: (choice) =>
      startOrt(choice, {
        fetchFile: (url) => airlockFetch(url, {}),
        gpu: navigator.gpu,
        isolated: self.crossOriginIsolated,
        coreCount: navigator.hardwareConcurrency,
      }),
  }),
);
