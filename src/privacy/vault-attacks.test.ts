/** Whoever can write to the browser's disk can make items unreadable, and nothing else. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryVault } from './memory-vault';
import { Vault } from './vault';
import type { ItemRecord, VaultRecord } from './vault-records';
import { chunkBytes, type Bytes } from './vault-stream';

const passphrase = 'the red lamp is on';
const made = new MemoryVault();
let first: string;
let second: string;
let vault: Vault;
let memory: MemoryVault;

const shades = (seed: number) =>
  Uint8Array.from({ length: 2 * chunkBytes + 500 }, (_, at) => (at >> 9) ^ seed);
const item = (seed: number) => ({
  content: new Blob([shades(seed)], { type: 'image/png' }),
  thumbnail: new Blob([shades(seed).slice(0, 500)]),
  size: { width: 1, height: 1 },
  asked: null,
  aiSource: null,
  record: null,
});

beforeAll(async () => {
  vault = new Vault(made);
  await vault.access.create(passphrase);
  first = await vault.keep(item(1), 'until-deleted');
  second = await vault.keep(item(2), 'until-deleted');
});
const untouched = () => new Map([...made.entries].map(([key, value]) => [key, structuredClone(value)]));
const original = { entries: new Map<string, unknown>() };
beforeAll(() => void (original.entries = untouched()));
beforeEach(() => {
  memory = made;
  made.entries.clear();
  for (const [key, value] of original.entries) made.entries.set(key, structuredClone(value));
});

const chunk = (id: string, index: number) => `chunk/${id}/picture/${index}`;
const sealed = (key: string) => memory.entries.get(key) as Bytes;
const recordOf = (id: string) => memory.entries.get(`item/${id}`) as ItemRecord;
const change = (id: string, to: Partial<ItemRecord>) =>
  memory.entries.set(`item/${id}`, { ...recordOf(id), ...to });
const withPicture = (id: string, to: Partial<ItemRecord['parts']['picture']>) =>
  change(id, { parts: { ...recordOf(id).parts, picture: { ...recordOf(id).parts.picture, ...to } } });
const flip = (bytes: Bytes, at: number) => bytes.with(at, (bytes[at] ?? 0) ^ 1);
const swap = (a: string, b: string) => {
  const [of, other] = [sealed(a), sealed(b)];
  memory.entries.set(a, other).set(b, of);
};

const attacks: Record<string, () => void> = {
  'a flipped bit': () => memory.entries.set(chunk(first, 1), flip(sealed(chunk(first, 1)), 77)),
  'a flipped bit of the tag': () =>
    memory.entries.set(chunk(first, 2), flip(sealed(chunk(first, 2)), sealed(chunk(first, 2)).length - 1)),
  'a chunk cut short': () => memory.entries.set(chunk(first, 2), sealed(chunk(first, 2)).slice(0, 100)),
  'a chunk cut to nothing': () => memory.entries.set(chunk(first, 2), new Uint8Array()),
  'a chunk gone': () => memory.entries.delete(chunk(first, 1)),
  'the last chunk left out': () => void withPicture(first, { bytes: 2 * chunkBytes }),
  'a chunk promised too many': () => void withPicture(first, { bytes: 3 * chunkBytes + 1 }),
  'a size that is not the picture’s': () => void withPicture(first, { bytes: 2 * chunkBytes + 499 }),
  'chunks in another order': () => swap(chunk(first, 0), chunk(first, 1)),
  'a chunk said twice': () => memory.entries.set(chunk(first, 1), sealed(chunk(first, 0))),
  'a chunk of another item': () => swap(chunk(first, 0), chunk(second, 0)),
  'a chunk of another part': () =>
    memory.entries.set(`chunk/${first}/picture/2`, sealed(`chunk/${first}/thumbnail/0`)),
  'another part in its place': () => void withPicture(first, recordOf(first).parts.thumbnail),
  'the key of another item': () => change(first, { wrappedKey: recordOf(second).wrappedKey }),
  'a flipped bit of its key': () => change(first, { wrappedKey: flip(recordOf(first).wrappedKey, 20) }),
  'all of another item under its name': () => {
    change(first, { ...recordOf(second), id: first });
    for (const index of [0, 1, 2]) swap(chunk(first, index), chunk(second, index));
  },
  'another nonce prefix': () =>
    void withPicture(first, { header: flip(recordOf(first).parts.picture.header, 42) }),
  'another chunk size': () =>
    void withPicture(first, { header: flip(recordOf(first).parts.picture.header, 33) }),
};

describe('an item is refused with', () => {
  for (const [attack, strike] of Object.entries(attacks)) {
    it(attack, async () => {
      strike();
      await expect(vault.open(first)).rejects.toMatchObject({ code: 'vault/damaged' });
    });
  }

  it('a header of another version', async () => {
    const header = recordOf(first).parts.picture.header.with(14, 2);
    withPicture(first, { header });
    await expect(vault.open(first)).rejects.toMatchObject({ code: 'vault/version', details: { version: 2 } });
  });

  it('nothing when nothing was done to it', async () => {
    const opened = Buffer.from(await (await vault.open(first)).arrayBuffer());
    expect(opened.equals(shades(1))).toBe(true);
  });

  it('its damage told in the list, where the others are still seen', async () => {
    change(first, { wrappedKey: recordOf(second).wrappedKey });
    const list = await vault.list();
    expect(list.find(({ id }) => id === first)!.seen).toBeNull();
    expect(await list.find(({ id }) => id === second)!.seen!.thumbnail.arrayBuffer()).toHaveProperty(
      'byteLength',
      500,
    );
  });
});

describe('a vault is refused with', () => {
  const name = 'obscura-vault'.length;
  const bent = (at: number, to: (fields: DataView) => void) => {
    const { header, wrappedKey } = memory.entries.get('vault') as VaultRecord;
    const other = header.slice();
    to(new DataView(other.buffer, at));
    memory.entries.set('vault', { header: other, wrappedKey });
    return new Vault(memory).access.unlock(passphrase);
  };

  it('a header of another version', async () => {
    await expect(bent(name, (fields) => fields.setUint8(0, 0))).rejects.toMatchObject({
      code: 'vault/version',
    });
  });

  it('less memory, fewer passes, more lanes or another function than version 1 has, without trying it', async () => {
    const weaker: [number, number][] = [
      [2, 8],
      [2, 65_535],
      [2, 0xffffffff],
      [6, 1],
      [10, 2],
    ];
    for (const [at, value] of weaker) {
      const started = performance.now();
      const refused = bent(name + at, (fields) => fields.setUint32(0, value));
      await expect(refused, `${at}: ${value}`).rejects.toMatchObject({ code: 'vault/weakened' });
      expect(performance.now() - started).toBeLessThan(50);
    }
    await expect(bent(name + 1, (fields) => fields.setUint8(0, 2))).rejects.toMatchObject({
      code: 'vault/weakened',
    });
  });

  it('another salt, or a flipped bit of its key', async () => {
    const salted = bent(name + 14, (fields) => fields.setUint8(0, 0));
    await expect(salted).rejects.toMatchObject({ code: 'vault/wrong-passphrase' });
    const { header, wrappedKey } = original.entries.get('vault') as VaultRecord;
    memory.entries.set('vault', { header, wrappedKey: flip(wrappedKey, 30) });
    const flipped = new Vault(memory).access.unlock(passphrase);
    await expect(flipped).rejects.toMatchObject({ code: 'vault/wrong-passphrase' });
  });

  it('a record that is no vault', async () => {
    memory.entries.set('vault', { header: new Uint8Array(10), wrappedKey: new Uint8Array(60) });
    await expect(new Vault(memory).access.unlock(passphrase)).rejects.toMatchObject({
      code: 'vault/not-a-vault',
    });
  });
});
