/**
 * What the vault writes, and under which keys. A locked vault shows as much: how many items there are, when each was
 * kept and until when, and its size; never what it is. An item's record holds its only key, so without it the item
 * is nothing; the record is written last and deleted first.
 */
import type { Retention } from './retention';
import { parts, type Bytes, type Part } from './vault-stream';

/** What the vault takes of a key-value store. Each call is one transaction: all of it or nothing. */
export interface VaultStore {
  get<T>(key: string): Promise<T | undefined>;
  getMany<T>(keys: readonly string[]): Promise<(T | undefined)[]>;
  setMany(entries: readonly (readonly [key: string, value: unknown])[]): Promise<void>;
  deleteMany(keys: readonly string[]): Promise<void>;
  keys(): Promise<string[]>;
}

export interface VaultRecord {
  readonly header: Bytes;
  /** The vault's key under the passphrase's. */
  readonly wrappedKey: Bytes;
}

export interface PartRecord {
  readonly header: Bytes;
  /** Of the part as it was, without what sealing adds. */
  readonly bytes: number;
}

export interface ItemRecord {
  /** Random, 32 hexadecimal digits. */
  readonly id: string;
  /** The item's key under the vault's. */
  readonly wrappedKey: Bytes;
  /** Milliseconds since 1970, as `expiresAt`. */
  readonly keptAt: number;
  readonly retention: Retention;
  readonly expiresAt: number | null;
  readonly parts: Readonly<Record<Part, PartRecord>>;
}

export const vaultKey = 'vault';
const itemPrefix = 'item/';
const chunkPrefix = 'chunk/';

export function itemKey(id: string): string {
  return itemPrefix + id;
}

export function chunkKey(id: string, part: Part, index: number): string {
  return `${chunkPrefix}${id}/${part}/${index}`;
}

export function isItemKey(key: string): boolean {
  return key.startsWith(itemPrefix);
}

/** The item whose chunk lies under this key; null for what is no chunk. */
export function itemOfChunk(key: string): string | null {
  return key.startsWith(chunkPrefix) ? (key.split('/')[1] ?? '') : null;
}

export function sizeOf(record: ItemRecord): number {
  return parts.reduce((sum, part) => sum + record.parts[part].bytes, 0);
}

export function hexOf(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function bytesOfHex(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
