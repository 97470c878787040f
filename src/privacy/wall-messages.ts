/** What the page and the service worker say to each other; every answer comes on the port of its question. */
import type { ErrorCode } from '../base/errors';
import type { LedgerAnswer } from './ledger';

type Headers = Readonly<Record<string, string>>;

export interface SentHeaders {
  readonly path: string;
  /** As the host sends them by itself; null where it did not answer. */
  readonly host: Headers | null;
  /** As the wall answers; none for its own script, which never passes through it. */
  readonly wall: Headers;
}

export type WallQuestion =
  | { readonly type: 'ledger' }
  | { readonly type: 'build' }
  | { readonly type: 'forget-ledger' }
  | { readonly type: 'settings' }
  | { readonly type: 'headers' }
  | { readonly type: 'fetch-engine' }
  | { readonly type: 'skip-waiting' };

export type WallAnswer =
  /** `obscura.config.json`: null for no such file; not known where the host cannot say and nothing was kept. */
  | { readonly type: 'settings'; readonly known: boolean; readonly text: string | null }
  /** Of the page, its workers and the service worker's own script. */
  | { readonly type: 'headers'; readonly files: readonly SentHeaders[] }
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
