/** SHA-256: of one buffer by WebCrypto (about 1 GB/s), of a stream by hash-wasm (about 385 MB/s). */
import { createSHA256 } from 'hash-wasm';

/** Lower-case hex of the SHA-256 of `bytes`. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

export interface StreamingHash {
  update(bytes: Uint8Array): void;
  /** Lower-case hex. */
  digest(): string;
}

export async function streamingSha256(): Promise<StreamingHash> {
  const hasher = await createSHA256();
  return {
    update: (bytes) => void hasher.update(bytes),
    digest: () => hasher.digest('hex'),
  };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
