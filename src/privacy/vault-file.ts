/**
 * The vault as one file, all of it still sealed under its passphrase. Big-endian:
 * `vault header ‖ wrapped key ‖ listBytes u32 ‖ list ‖ items`; the list is sealed under the vault's key and names every
 * item, so that none can be left out: `nonce[12] ‖ (id[16] ‖ keptAt f64 ‖ expiresAt f64 or 0 ‖ retention u8)* ‖ tag`.
 * An item is `wrapped key`, then for each part `stream header ‖ bytes f64 ‖ sealed chunks`.
 */
import { joined } from '../base/bytes';
import { StudioError } from '../base/errors';
import type { Retention } from './retention';
import { vaultHeaderBytes, wrappedKeyBytes } from './vault-keys';
import { bytesOfHex, hexOf, type ItemRecord, type PartRecord, type VaultRecord } from './vault-records';
import {
  chunkBytes,
  chunkCount,
  idBytes,
  parts,
  randomBytes,
  streamHeaderBytes,
  tagBytes,
  type Bytes,
  type Part,
} from './vault-stream';

/** Their places are what such a file says: none is ever moved. */
const filedRetentions: readonly Retention[] = ['until-deleted', 'session', 'day', 'month'];
const nonceBytes = 12;
const entryBytes = idBytes + 17;

/** Where one sealed part lies in the file. */
interface FiledPart extends PartRecord {
  readonly at: number;
}

export interface FiledItem extends ItemRecord {
  readonly parts: Readonly<Record<Part, FiledPart>>;
}

export async function sealList(items: readonly ItemRecord[], key: CryptoKey, header: Bytes): Promise<Bytes> {
  const list = new Uint8Array(items.length * entryBytes);
  items.forEach(({ id, keptAt, expiresAt, retention }, place) => {
    const at = place * entryBytes;
    list.set(bytesOfHex(id), at);
    const fields = new DataView(list.buffer, at + idBytes);
    fields.setFloat64(0, keptAt);
    fields.setFloat64(8, expiresAt ?? 0);
    fields.setUint8(16, filedRetentions.indexOf(retention));
  });
  const iv = randomBytes(nonceBytes);
  const algorithm = { name: 'AES-GCM', iv, additionalData: header };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, list));
  return joined([iv, sealed]);
}

export function sealedBytes(bytes: number): number {
  return bytes + chunkCount(bytes) * tagBytes;
}

/** Reads such a file from its start. Every read @throws StudioError vault/damaged where the file ends too early. */
export class VaultFile {
  readonly #file: Blob;
  #at = 0;

  constructor(file: Blob) {
    this.#file = file;
  }

  async vault(): Promise<VaultRecord> {
    // Nothing says that another file is long enough to be one.
    if (this.#file.size < vaultHeaderBytes + wrappedKeyBytes) throw new StudioError('vault/not-a-vault');
    return { header: await this.#take(vaultHeaderBytes), wrappedKey: await this.#take(wrappedKeyBytes) };
  }

  async items(key: CryptoKey, header: Bytes): Promise<FiledItem[]> {
    const listed = await this.#list(key, header);
    const items: FiledItem[] = [];
    for (const entry of listed) items.push(await this.#item(entry));
    if (this.#at !== this.#file.size) throw damaged('more than it lists');
    return items;
  }

  async chunk({ at, bytes }: FiledPart, index: number): Promise<Bytes> {
    const start = at + index * (chunkBytes + tagBytes);
    const end = Math.min(start + chunkBytes + tagBytes, at + sealedBytes(bytes));
    return new Uint8Array(await this.#file.slice(start, end).arrayBuffer());
  }

  async #list(key: CryptoKey, header: Bytes): Promise<Omit<ItemRecord, 'wrappedKey' | 'parts'>[]> {
    const length = new DataView((await this.#take(4)).buffer).getUint32(0);
    const sealed = await this.#take(length);
    const algorithm = { name: 'AES-GCM', iv: sealed.slice(0, nonceBytes), additionalData: header };
    const list = await crypto.subtle
      .decrypt(algorithm, key, sealed.slice(nonceBytes))
      .catch((cause: unknown) => {
        throw damaged('list', cause);
      });
    return Array.from({ length: list.byteLength / entryBytes }, (_, place) => {
      const entry = new Uint8Array(list, place * entryBytes, entryBytes);
      const fields = new DataView(list, place * entryBytes + idBytes);
      const retention = filedRetentions[fields.getUint8(16)] ?? 'until-deleted';
      const expiresAt = fields.getFloat64(8) || null;
      return { id: hexOf(entry.slice(0, idBytes)), keptAt: fields.getFloat64(0), expiresAt, retention };
    });
  }

  async #item(entry: Omit<ItemRecord, 'wrappedKey' | 'parts'>): Promise<FiledItem> {
    const wrappedKey = await this.#take(wrappedKeyBytes);
    const found = new Map<Part, FiledPart>();
    for (const part of parts) found.set(part, await this.#part());
    return { ...entry, wrappedKey, parts: Object.fromEntries(found) as Record<Part, FiledPart> };
  }

  async #part(): Promise<FiledPart> {
    const header = await this.#take(streamHeaderBytes);
    const bytes = new DataView((await this.#take(8)).buffer).getFloat64(0);
    const at = this.#at;
    if (!Number.isSafeInteger(bytes) || bytes < 0 || at + sealedBytes(bytes) > this.#file.size)
      throw damaged('cut short');
    this.#at += sealedBytes(bytes);
    return { header, bytes, at };
  }

  async #take(length: number): Promise<Bytes> {
    const slice = this.#file.slice(this.#at, this.#at + length);
    if (slice.size !== length) throw damaged('cut short');
    this.#at += length;
    return new Uint8Array(await slice.arrayBuffer());
  }
}

function damaged(reason: string, cause?: unknown): StudioError {
  return new StudioError('vault/damaged', { reason }, { cause });
}
