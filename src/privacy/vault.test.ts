import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewItem } from './kept-item';
import { MemoryVault } from './memory-vault';
import { Vault } from './vault';
import { idleMs } from './vault-lock';
import { sizeOf } from './vault-records';
import { chunkBytes } from './vault-stream';

const passphrase = 'the red lamp is on';
const hour = 60 * 60 * 1000;

/** Three chunks, of which no two are alike. */
const picture = new Blob(
  [Uint8Array.from({ length: 2 * chunkBytes + 999 }, (_, at) => (at >> 12) ^ (at * 7))],
  {
    type: 'image/png',
  },
);
const item: NewItem = {
  content: picture,
  thumbnail: new Blob(['small'], { type: 'image/webp' }),
  size: { width: 64_037_051, height: 480 },
  asked: 'a paper lantern',
  aiSource: 'trainedAlgorithmicMedia',
  record: { data_uploaded: false },
};

/** Argon2id costs a third of a second, so one vault is made once and its store copied. */
const made = new MemoryVault();
let memory: MemoryVault;
let vault: Vault;

const copy = () => new MemoryVault(new Map(made.entries));
const unlocked = async (over: MemoryVault) => {
  const fresh = new Vault(over);
  await fresh.access.unlock(passphrase);
  return fresh;
};
const bytesOf = async (blob: Blob) => Buffer.from(await blob.arrayBuffer());

beforeAll(() => new Vault(made).access.create(passphrase));
beforeEach(async () => {
  memory = copy();
  vault = await unlocked(memory);
});

describe('what is kept', () => {
  it('comes back bit for bit, with its facts, after the vault was closed', async () => {
    const id = await vault.keep(item, 'until-deleted');
    const other = await unlocked(memory);
    const [listed] = await other.list();
    expect(listed).toMatchObject({ id, retention: 'until-deleted', expiresAt: null });
    expect(listed!.seen!.facts).toEqual({
      ...{ ...item.size, asked: item.asked, aiSource: item.aiSource, record: item.record },
      ...{ pictureType: 'image/png', thumbnailType: 'image/webp' },
    });
    expect(await listed!.seen!.thumbnail.text()).toBe('small');
    const opened = await other.open(id);
    expect(opened.type).toBe('image/png');
    expect((await bytesOf(opened)).equals(await bytesOf(picture))).toBe(true);
  });

  it('is nowhere in the store as it is', async () => {
    const canary = 'CANARY-9f27';
    const text = new Blob([canary]);
    await vault.keep({ ...item, content: text, thumbnail: text, asked: canary, record: { canary } }, 'month');
    const stored = JSON.stringify([...memory.entries], (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    expect(stored).not.toContain(canary);
    expect(stored).not.toContain('image/png');
    expect(stored).not.toContain('64037051');
  });

  it('has a key and nonces of its own each time', async () => {
    await vault.keep(item, 'until-deleted');
    await vault.keep(item, 'until-deleted');
    const sealed = [...memory.entries.values()].filter((value) => value instanceof Uint8Array);
    const texts = sealed.map((bytes) => Buffer.from(bytes).toString('base64'));
    expect(new Set(texts).size).toBe(texts.length);
    const [first, second] = await vault.items.records();
    expect(first!.wrappedKey).not.toEqual(second!.wrappedKey);
    const headers = Object.values(first!.parts).map(({ header }) => Buffer.from(header).toString('hex'));
    expect(new Set(headers).size).toBe(3);
  });

  it('of nothing comes back as nothing', async () => {
    const id = await vault.keep({ ...item, content: new Blob([]) }, 'until-deleted');
    expect((await vault.open(id)).size).toBe(0);
  });
});

describe('a locked vault', () => {
  it('opens nothing, and says no more than how much there is', async () => {
    const id = await vault.keep(item, 'until-deleted');
    vault.access.lock();
    for (const work of [vault.list(), vault.open(id), vault.keep(item, 'day')])
      await expect(work).rejects.toMatchObject({ code: 'vault/locked' });
    const bytes = sizeOf((await vault.items.records())[0]!);
    expect(await vault.condition()).toEqual({
      ...{ state: 'locked', locksAt: null, bytes },
      items: [{ id, retention: 'until-deleted' }],
    });
  });

  it('refuses a wrong passphrase', async () => {
    const other = new Vault(memory);
    await expect(other.access.unlock(`${passphrase}.`)).rejects.toMatchObject({
      code: 'vault/wrong-passphrase',
    });
    await expect(other.list()).rejects.toMatchObject({ code: 'vault/locked' });
  });

  it('is what an unlocked one becomes by idling, also over a sleep of the machine', async () => {
    memory.time += idleMs - 1;
    expect((await vault.condition()).locksAt).toBe(memory.time + 1);
    vault.access.use();
    memory.time += idleMs - 1;
    await vault.list();
    memory.time += 1;
    vault.access.use();
    await expect(vault.list()).rejects.toMatchObject({ code: 'vault/locked' });
    expect((await vault.condition()).state).toBe('locked');
  });

  it('has no key that could be taken out of memory', async () => {
    expect((await vault.access.key()).extractable).toBe(false);
  });

  it('is what it becomes where another tab has deleted everything and set a new passphrase', async () => {
    const other = await unlocked(memory);
    await other.deleteAll();
    await other.access.create('quite another one');
    const id = await other.keep(item, 'day');
    expect(await vault.condition()).toMatchObject({ state: 'locked', items: [{ id }] });
    await expect(vault.list()).rejects.toMatchObject({ code: 'vault/locked' });
    expect((await other.list())[0]!.seen).not.toBeNull();
  });

  it('is not opened any longer by an id of the vault that took its place', async () => {
    const other = await unlocked(memory);
    await other.deleteAll();
    await other.access.create('quite another one');
    const id = await other.keep(item, 'day');
    await expect(vault.open(id)).rejects.toMatchObject({ code: 'vault/gone' });
  });
});

describe('what is over', () => {
  it('is neither listed nor opened, and swept with its chunks', async () => {
    const day = await vault.keep(item, 'day');
    const month = await vault.keep(item, 'month');
    const always = await vault.keep(item, 'until-deleted');
    memory.time += 24 * hour;
    vault = await unlocked(memory);
    expect((await vault.list()).map(({ id }) => id).sort()).toEqual([month, always].sort());
    await expect(vault.open(day)).rejects.toMatchObject({ code: 'vault/gone' });
    expect(await vault.sweep({ session: false })).toBe(made.time + 30 * 24 * hour);
    expect([...memory.entries.keys()].filter((key) => key.includes(day))).toEqual([]);
    memory.time += 29 * 24 * hour;
    expect(await vault.sweep({ session: false })).toBeNull();
    expect((await vault.items.records()).map(({ id }) => id)).toEqual([always]);
  });

  it('of a session is swept when the session is over, and not before', async () => {
    const id = await vault.keep(item, 'session');
    await vault.sweep({ session: false });
    expect((await vault.list()).map((kept) => kept.id)).toEqual([id]);
    await vault.sweep({ session: true });
    expect([...memory.entries.keys()]).toEqual(['vault']);
  });

  it('is brought within the longest that the deployment allows, counted from when it was kept', async () => {
    const always = await vault.keep(item, 'until-deleted');
    const session = await vault.keep(item, 'session');
    const day = await vault.keep(item, 'day');
    const kept = memory.time;
    memory.time += hour;
    expect(await vault.sweep({ session: false, longest: 'month' })).toBe(kept + 24 * hour);
    const found = async () =>
      Object.fromEntries(
        (await vault.items.records()).map((one) => [one.id, [one.retention, one.expiresAt]]),
      );
    expect(await found()).toEqual({
      [always]: ['month', kept + 30 * 24 * hour],
      [session]: ['session', kept + 30 * 24 * hour],
      [day]: ['day', kept + 24 * hour],
    });
    await vault.setRetention(day, 'month');
    await vault.sweep({ session: false, longest: 'day' });
    expect((await found())[day]).toEqual(['day', kept + 24 * hour]);
    memory.time = kept + 24 * hour;
    expect(await vault.sweep({ session: false, longest: 'day' })).toBeNull();
    expect([...memory.entries.keys()]).toEqual(['vault']);
  });

  it('is everything where the deployment lets nothing be kept', async () => {
    await vault.keep(item, 'until-deleted');
    await vault.sweep({ session: false, longest: 'nothing' });
    expect([...memory.entries.keys()]).toEqual(['vault']);
  });

  it('changes with the retention, counted from now', async () => {
    const id = await vault.keep(item, 'until-deleted');
    memory.time += hour / 60;
    await vault.setRetention(id, 'day');
    expect((await vault.list())[0]!.expiresAt).toBe(memory.time + 24 * hour);
    await vault.setRetention(id, 'until-deleted');
    expect((await vault.list())[0]!.expiresAt).toBeNull();
  });
});

describe('deleting', () => {
  it('takes the key before the bytes', async () => {
    const id = await vault.keep(item, 'until-deleted');
    memory.writesLeft = 1;
    await expect(vault.delete([id])).rejects.toThrow();
    expect(memory.entries.has(`item/${id}`)).toBe(false);
    expect([...memory.entries.keys()].some((key) => key.startsWith(`chunk/${id}`))).toBe(true);
  });

  it('all leaves nothing, and another tab with the old key keeps nothing under it', async () => {
    await vault.keep(item, 'until-deleted');
    const other = await unlocked(memory);
    await other.deleteAll();
    expect([...memory.entries.keys()]).toEqual([]);
    await other.access.create('another passphrase');
    await expect(vault.keep(item, 'day')).rejects.toMatchObject({ code: 'vault/gone' });
    expect([...memory.entries.keys()]).toEqual(['vault']);
  });
});

describe('a crash', () => {
  it('at any write of a keep loses nothing kept before and leaves nothing half-written', async () => {
    const first = await vault.keep(item, 'until-deleted');
    const before = new Map(memory.entries);
    const whole = new Map(before);
    // One write a chunk (1 + 1 + 3) and one for the record.
    for (let writes = 0; writes <= 6; writes++) {
      memory.entries.clear();
      for (const [key, value] of before) memory.entries.set(key, value);
      memory.writesLeft = writes;
      const kept = await vault.keep(item, 'until-deleted').catch((thrown: unknown) => thrown);
      memory.writesLeft = Infinity;
      expect(typeof kept === 'string', `${writes} writes`).toBe(writes === 6);
      const reborn = new Vault(memory);
      await reborn.sweep({ session: false });
      const keys = [...memory.entries.keys()].filter(
        (key) => typeof kept !== 'string' || !key.includes(kept),
      );
      expect(keys.sort(), `${writes} writes`).toEqual([...whole.keys()].sort());
      expect((await bytesOf(await vault.open(first))).equals(await bytesOf(picture))).toBe(true);
      if (typeof kept === 'string') expect((await vault.open(kept)).size).toBe(picture.size);
      else expect(kept).toMatchObject({ code: 'vault/full' });
    }
  });

  it('at any write of deleting all leaves no item that can be opened', async () => {
    await vault.keep(item, 'until-deleted');
    const before = new Map(memory.entries);
    for (let writes = 0; writes <= 2; writes++) {
      const crashed = new MemoryVault(new Map(before));
      crashed.writesLeft = writes;
      await new Vault(crashed).deleteAll().catch(() => undefined);
      const records = [...crashed.entries.values()].filter((value) => 'wrappedKey' in (value as object));
      expect(records).toHaveLength(writes === 0 ? 2 : 0);
      crashed.writesLeft = Infinity;
      await new Vault(crashed).sweep({ session: false });
      expect(crashed.entries.size).toBe(writes === 0 ? before.size : 0);
    }
  });
});
