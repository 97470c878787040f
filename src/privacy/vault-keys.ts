/**
 * The keys of the vault. The passphrase gives a key by Argon2id (RFC 9106); that one wraps the vault's key, and the
 * vault's key wraps one key for each item. In memory they are non-extractable; what is stored is wrapped.
 */
import { argon2id } from 'hash-wasm';
import { StudioError } from '../base/errors';
import { randomBytes, sameBytes, type Bytes } from './vault-stream';

const name = new TextEncoder().encode('obscura-vault');
const version = 1;
/** 64 MiB and three passes: over OWASP's least (19 MiB, two passes), and about a third of a second. */
const cost = { kdf: 1, memoryKiB: 64 * 1024, passCount: 3, laneCount: 1 } as const;
const saltBytes = 16;
const keyBytes = 32;
const nonceBytes = 12;

/** `'obscura-vault' ‖ version u8 ‖ kdf u8 ‖ memoryKiB u32 ‖ passes u32 ‖ lanes u32 ‖ salt[16]`, big-endian. */
export const vaultHeaderBytes = name.length + 14 + saltBytes;
/** A wrapped key is `nonce[12] ‖ sealed key[32] ‖ tag[16]`. */
export const wrappedKeyBytes = nonceBytes + keyBytes + 16;

export function vaultHeader(salt: Bytes = randomBytes(saltBytes)): Bytes {
  const header = new Uint8Array(vaultHeaderBytes);
  header.set(name);
  const fields = new DataView(header.buffer, name.length);
  fields.setUint8(0, version);
  fields.setUint8(1, cost.kdf);
  fields.setUint32(2, cost.memoryKiB);
  fields.setUint32(6, cost.passCount);
  fields.setUint32(10, cost.laneCount);
  header.set(salt, name.length + 14);
  return header;
}

/**
 * Its salt. Version 1 has one cost, so that nobody can talk the page into a cheaper one, or one it cannot pay.
 * @throws StudioError vault/not-a-vault, vault/version, vault/weakened
 */
function saltOf(header: Bytes): Bytes {
  if (header.length !== vaultHeaderBytes || !sameBytes(header.slice(0, name.length), name))
    throw new StudioError('vault/not-a-vault');
  if (header[name.length] !== version)
    throw new StudioError('vault/version', { version: header[name.length] ?? 0 });
  const salt = header.slice(vaultHeaderBytes - saltBytes);
  if (!sameBytes(header, vaultHeader(salt))) throw new StudioError('vault/weakened');
  return salt;
}

/** Takes about a third of a second and 64 MiB. @throws StudioError as `saltOf` */
export async function keyOfPassphrase(passphrase: string, header: Bytes): Promise<CryptoKey> {
  const bytes = await argon2id({
    // One passphrase has one form, whatever keyboard it was typed on.
    password: passphrase.normalize('NFKC'),
    salt: saltOf(header),
    memorySize: cost.memoryKiB,
    iterations: cost.passCount,
    parallelism: cost.laneCount,
    hashLength: keyBytes,
    outputType: 'binary',
  });
  const raw = new Uint8Array(bytes);
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['wrapKey', 'unwrapKey']);
  raw.fill(0);
  bytes.fill(0);
  return key;
}

/** What a key is for: the vault's wraps keys and seals lists of items, an item's seals chunks. */
export type Purpose = 'vault' | 'item';
const usages = {
  vault: ['wrapKey', 'unwrapKey', 'encrypt', 'decrypt'],
  item: ['encrypt', 'decrypt'],
} as const satisfies Record<Purpose, readonly KeyUsage[]>;

/** Bound to `about`: the vault's header, or the item's id. */
export interface Wrapping {
  readonly by: CryptoKey;
  readonly about: Bytes;
}

/** A new key, wrapped, and the same non-extractable. */
export async function newKey(
  purpose: Purpose,
  wrapping: Wrapping,
): Promise<{ key: CryptoKey; wrapped: Bytes }> {
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, usages[purpose]);
  const wrapped = await wrap(fresh, wrapping);
  return { key: await unwrap(wrapped, purpose, wrapping), wrapped };
}

/** @throws DOMException where the key or what it is bound to is another */
export function unwrap(wrapped: Bytes, purpose: Purpose, wrapping: Wrapping): Promise<CryptoKey> {
  return opened(wrapped, purpose, wrapping, false);
}

/** The same item's key under another vault's. @throws DOMException as `unwrap` */
export async function rewrap(wrapped: Bytes, from: Wrapping, to: Wrapping): Promise<Bytes> {
  return wrap(await opened(wrapped, 'item', from, true), to);
}

function opened(
  wrapped: Bytes,
  purpose: Purpose,
  wrapping: Wrapping,
  extractable: boolean,
): Promise<CryptoKey> {
  const algorithm = sealing(wrapped.slice(0, nonceBytes), wrapping.about);
  const sealed = wrapped.slice(nonceBytes);
  return crypto.subtle.unwrapKey(
    'raw',
    sealed,
    wrapping.by,
    algorithm,
    'AES-GCM',
    extractable,
    usages[purpose],
  );
}

async function wrap(key: CryptoKey, { by, about }: Wrapping): Promise<Bytes> {
  const nonce = randomBytes(nonceBytes);
  const sealed = await crypto.subtle.wrapKey('raw', key, by, sealing(nonce, about));
  const wrapped = new Uint8Array(wrappedKeyBytes);
  wrapped.set(nonce);
  wrapped.set(new Uint8Array(sealed), nonceBytes);
  return wrapped;
}

function sealing(iv: Bytes, additionalData: Bytes): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData };
}
