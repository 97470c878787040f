/**
 * The one error class of the project. A `code` says what happened, `details` carry the facts;
 * the words a person reads are chosen from the code in `ui/words`. Abort is not an error:
 * `signal.reason` passes through untouched.
 */
export const errorCodes = [
  'file/gone',
  'image/empty',
  'image/not-an-image',
  'image/unreadable',
  'image/truncated',
  'image/too-large',
  'image/too-small',
  'image/too-narrow',
  'image/encode-failed',
  'deployment/invalid',
  'model/not-installed',
  'model/not-allowed',
  'model/not-recognised',
  'model/not-dct-net',
  'model/pickle',
  'model/foreign-operators',
  'model/missing-file',
  'model/unsafe-path',
  'model/manifest',
  'model/manifest-version',
  'model/export-failed',
  'model/damaged',
  'model/hash-mismatch',
  'model/not-stated',
  'model/stated-otherwise',
  'model/wrong-shape',
  'model/not-as-described',
  'model/not-finite',
  'gpu/device-lost',
  'gpu/out-of-memory',
  'engine/failed',
  'engine/out-of-memory',
  'engine/start-failed',
  'storage/full',
  'storage/unavailable',
  'storage/held',
  'storage/erased',
  'network/failed',
  'network/host-busy',
  'network/not-the-file',
  'network/refused',
  'network/unreachable',
  'vault/locked',
  'vault/wrong-passphrase',
  'vault/gone',
  'vault/damaged',
  'vault/version',
  'vault/weakened',
  'vault/not-a-vault',
  'vault/full',
  'vault/failed',
  'wall/missing',
  'page/missing-part',
  'camera/unavailable',
  'chat/full',
  'pdf/damaged',
  'pdf/locked',
  'pdf/page',
  'pdf/too-large',
  'pdf/too-slow',
  'schema/invalid',
  'schema/unsupported',
  'schema/too-long',
] as const;

export type ErrorCode = (typeof errorCodes)[number];
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

/** What crosses a thread in place of a `StudioError` (an `Error` loses its fields on the way). */
export interface WireError {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly message: string;
}

export class StudioError extends Error {
  override readonly name = 'StudioError';

  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(`${code} ${JSON.stringify(details)}`, options);
  }

  toWire(): WireError {
    return { code: this.code, details: this.details, message: this.message };
  }

  static fromWire(wire: WireError): StudioError {
    return new StudioError(wire.code, wire.details);
  }
}

/** Any thrown thing as a `StudioError`; unknown ones become `fallback` with the original as `cause`. */
export function asStudioError(thrown: unknown, fallback: ErrorCode): StudioError {
  if (thrown instanceof StudioError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new StudioError(fallback, { reason }, { cause: thrown });
}

export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}
