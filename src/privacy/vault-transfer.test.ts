import { beforeAll, describe, expect, it } from 'vitest';
import { MemoryVault } from './memory-vault';
import { Vault } from './vault';
import { exportVault, importVault } from './vault-transfer';
import { chunkBytes } from './vault-stream';

const passphrase = 'the red lamp is on';
const here = new MemoryVault();
const vault = new Vault(here);
let file: Blob;
let bytes: Uint8Array<ArrayBuffer>;

const item = (text: string) => ({
  content: new Blob([text, new Uint8Array(chunkBytes)], { type: 'image/png' }),
  thumbnail: new Blob(['small']),
  size: { width: 3, height: 2 },
  asked: null,
  aiSource: null,
  record: { text },
});
const textOf = async (over: Vault, id: string) => (await over.open(id)).slice(0, 3).text();

beforeAll(async () => {
  await vault.access.create(passphrase);
  await vault.keep(item('one'), 'until-deleted');
  here.time += 1000;
  await vault.keep(item('two'), 'month');
  file = await exportVault(vault);
  bytes = new Uint8Array(await file.arrayBuffer());
});

describe('a vault taken out as one file', () => {
  it('comes back whole where there is none, under the same passphrase', async () => {
    const memory = new MemoryVault();
    memory.time = here.time;
    const ids = await importVault(new Vault(memory), file, { passphrase });
    expect(ids).toHaveLength(2);
    const reborn = new Vault(memory);
    await reborn.access.unlock(passphrase);
    const listed = await reborn.list();
    const original = await vault.list();
    const plain = ({ id, keptAt, retention, expiresAt, bytes: size }: (typeof listed)[number]) => ({
      ...{ id, keptAt, retention, expiresAt, size },
    });
    expect(listed.map(plain)).toEqual(original.map(plain));
    expect(await Promise.all(ids.map((id) => textOf(reborn, id)))).toEqual(['two', 'one']);
  });

  it('joins another vault under that one’s passphrase, once', async () => {
    const memory = new MemoryVault();
    const other = new Vault(memory);
    await other.access.create('quite another one');
    const own = await other.keep(item('own'), 'until-deleted');
    expect(await importVault(other, file, { passphrase })).toHaveLength(2);
    expect(await importVault(other, file, { passphrase })).toEqual([]);
    const reborn = new Vault(memory);
    await reborn.access.unlock('quite another one');
    const texts = await Promise.all((await reborn.list()).map(({ id }) => textOf(reborn, id)));
    expect(texts.sort()).toEqual(['one', 'own', 'two']);
    expect(await textOf(reborn, own)).toBe('own');
  });

  it('brings back nothing that is over', async () => {
    const memory = new MemoryVault();
    memory.time = here.time + 31 * 24 * 60 * 60 * 1000;
    const late = new Vault(memory);
    expect(await importVault(late, file, { passphrase })).toHaveLength(1);
  });
});

describe('a file is refused, and nothing of it kept, with', () => {
  const refused = async (other: Uint8Array<ArrayBuffer>, code: string, by = passphrase) => {
    const memory = new MemoryVault();
    await expect(importVault(new Vault(memory), new Blob([other]), { passphrase: by })).rejects.toMatchObject(
      { code },
    );
    expect(memory.entries.size).toBe(0);
  };

  it('a wrong passphrase', () => refused(bytes, 'vault/wrong-passphrase', 'the red lamp is off'));
  it('another kind of file', async () => {
    await refused(new TextEncoder().encode('{"not":"a vault"}'.repeat(20)), 'vault/not-a-vault');
    await refused(new Uint8Array(), 'vault/not-a-vault');
  });
  it('another version or weaker protection', async () => {
    await refused(bytes.with(13, 9), 'vault/version');
    await refused(bytes.with(18, 8), 'vault/weakened');
  });
  it('an end that is missing, wherever it is cut', async () => {
    for (const length of [103, 110, 200, bytes.length >> 1, bytes.length - 1])
      await refused(bytes.slice(0, length), 'vault/damaged');
  });
  it('more at its end', () => refused(joined(bytes), 'vault/damaged'));
  it('a flipped bit of the list, of a key, of a header, of a size or of a chunk', async () => {
    const list = 107;
    const firstItem = list + 28 + 2 * 33;
    for (const at of [
      list + 20,
      firstItem + 30,
      firstItem + 60 + 20,
      firstItem + 103 + 6,
      bytes.length - 40,
    ]) {
      await refused(bytes.with(at, (bytes[at] ?? 0) ^ 1), 'vault/damaged');
    }
  });
});

function joined(whole: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(whole.length + 1);
  longer.set(whole);
  return longer;
}

it('a file that finds no room in the middle leaves nothing of itself, and what was kept before', async () => {
  const memory = new MemoryVault();
  const other = new Vault(memory);
  await other.access.create(passphrase);
  const own = await other.keep(item('own'), 'until-deleted');
  const before = [...memory.entries.keys()];
  memory.roomLeft = 8;
  await expect(importVault(other, file, { passphrase })).rejects.toMatchObject({ code: 'vault/full' });
  expect([...memory.entries.keys()]).toEqual(before);
  expect(await textOf(other, own)).toBe('own');
});

it('an import brings nothing that the deployment would not let stay, and the rest within its limit', async () => {
  const memory = new MemoryVault();
  memory.time = here.time + 2 * 24 * 60 * 60 * 1000;
  const other = new Vault(memory);
  for (const longest of ['day', 'nothing'] as const)
    expect(await importVault(other, file, { passphrase, longest })).toEqual([]);
  expect(await importVault(other, file, { passphrase, longest: 'session' })).toHaveLength(2);
  expect((await other.condition()).items.map(({ retention }) => retention)).toEqual(['session', 'session']);
});

it('a machine that goes off in the middle of an import leaves the whole items and no half', async () => {
  const memory = new MemoryVault();
  const other = new Vault(memory);
  await other.access.create(passphrase);
  memory.writesLeft = 8;
  await expect(importVault(other, file, { passphrase })).rejects.toMatchObject({ code: 'vault/full' });
  memory.writesLeft = Infinity;
  await other.sweep({ session: false });
  const listed = await other.list();
  expect(listed).toHaveLength(1);
  expect(await textOf(other, listed[0]!.id)).toBe('two');
});
