/** What the page and the service worker say to each other; every answer comes on the port of its question. */
import type { ErrorCode } from '../base/errors';
import type { HostLayer } from './host-layers';
import type { LedgerAnswer } from './ledger';

export type WallQuestion =
  | { readonly type: 'ledger' }
  | { readonly type: 'build' }
  | { readonly type: 'forget-ledger' }
  | { readonly type: 'host-headers' }
  | { readonly type: 'layers' }
  | { readonly type: 'fetch-engine' }
  | { readonly type: 'skip-waiting' };

export type WallAnswer =
  /** Whether the host itself sends the page under every header of the policy. */
  | { readonly type: 'host-headers'; readonly complete: boolean }
  | { readonly type: 'layers'; readonly layers: readonly HostLayer[] }
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
