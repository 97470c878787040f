/** What the page and the service worker say to each other; every answer comes on the port of its question. */
import type { ErrorCode } from '../base/errors';
import type { HeaderLayers } from './host-layers';
import type { LedgerAnswer } from './ledger';

export type WallQuestion =
  | { readonly type: 'ledger' }
  | { readonly type: 'build' }
  | { readonly type: 'forget-ledger' }
  | { readonly type: 'settings' }
  | { readonly type: 'layers' }
  | { readonly type: 'fetch-engine' }
  | { readonly type: 'skip-waiting' };

export type WallAnswer =
  /** `obscura.config.json`: null for no such file; not known where the host cannot say and nothing was kept. */
  | { readonly type: 'settings'; readonly known: boolean; readonly text: string | null }
  | { readonly type: 'layers'; readonly layers: readonly HeaderLayers[] }
  | ({ readonly type: 'ledger' } & LedgerAnswer)
  /** Hashes of the shell, and of the service worker's script as the host served it at install; null where it did not. */
  | {
      readonly type: 'build';
      readonly shell: string;
      readonly serviceWorker: string | null;
      /** Shell and engine, as this build lists them. */
      readonly files: readonly { readonly path: string; readonly sha256: string }[];
    }
  | { readonly type: 'engine-progress'; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly type: 'engine-ready' }
  | { readonly type: 'engine-failed'; readonly code: ErrorCode };
