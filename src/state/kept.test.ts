import { beforeEach, expect, test, vi } from 'vitest';
import { openDeployment } from '../privacy/deployment';
import type { Retention } from '../privacy/retention';
import { Keeping } from './keeping.svelte';
import { Kept } from './kept.svelte';
import { KeptState } from './kept-state.svelte';
import { Job } from './job.svelte';
import type { Photo } from './photo.svelte';
import { VaultTabs } from './vault-tabs';

let tabs: VaultTabs;
beforeEach(() => {
  tabs = new VaultTabs();
});

const photo = { keptMark: null } as unknown as Photo;

function done(): Job {
  const job = new Job(photo);
  const picture = new Blob(['picture'], { type: 'image/png' });
  const result = { picture, width: 2, height: 1, url: 'blob:none', number: 1 };
  job.status = { kind: 'done', result } as unknown as Job['status'];
  return job;
}

function open(): Kept {
  const { vault, announcements } = tabs.tab();
  const { now } = tabs.memory;
  const keeping = new Keeping({
    ...{ vault, announcements, now, swept: () => undefined },
    locks: {} as LockManager,
    rules: () => openDeployment,
    databaseNames: () => Promise.resolve([]),
  });
  return new Kept({ vault, announcements, keeping, now });
}

const keep = (kept: Kept, job: Job, retention: Retention) => kept.keep(job.toKeep()!, retention, job.kept);

test('a result is secured as long as the vault keeps it, and can be kept again once it does not', async () => {
  const job = done();
  const kept = open();
  await kept.create('the red lamp is on');
  await keep(kept, job, 'session');
  expect([job.kept.entry?.retention, job.secured]).toEqual(['session', false]);
  await kept.setRetention(job.kept.entry!.id, 'until-deleted');
  expect([job.kept.entry?.retention, job.secured]).toEqual(['until-deleted', true]);
  await kept.delete(job.kept.entry!.id);
  expect([job.kept.entry, job.secured]).toEqual([null, false]);
  job.saved = true;
  await keep(kept, job, 'day');
  await kept.deleteAll();
  expect([job.kept.entry, job.secured]).toEqual([null, true]);
});

test('what another tab deletes is not shown as kept here, in a locked vault too', async () => {
  const job = done();
  const [here, there] = [open(), open()];
  await here.create('the red lamp is on');
  await keep(here, job, 'until-deleted');
  await here.lock();
  await there.deleteAll();
  await vi.waitFor(() => expect(job.kept.entry).toBeNull());
  expect(job.secured).toBe(false);
});

test('after another tab deleted everything and set a new passphrase this one is locked, and nothing looks damaged', async () => {
  const [here, there] = [open(), open()];
  await here.create('the red lamp is on');
  await there.deleteAll();
  await there.create('quite another one');
  await keep(there, done(), 'until-deleted');
  await vi.waitFor(() => expect(here.condition).toMatchObject({ state: 'locked', items: [{}] }));
  expect([here.items, here.failure]).toEqual([[], null]);
});

test('what other tabs do does not keep an unlocked vault open here', async () => {
  const [here, there] = [open(), open()];
  await here.create('the red lamp is on');
  const until = here.condition!.locksAt;
  await there.unlock('the red lamp is on');
  tabs.memory.time += 60_000;
  await keep(there, done(), 'until-deleted');
  await vi.waitFor(() => expect(here.items).toHaveLength(1));
  expect(here.condition!.locksAt).toBe(until);
  await here.look();
  expect(here.condition!.locksAt).toBe(until! + 60_000);
});

test('an answer is kept as the text it is, with its beginning in the list and the question beside it', async () => {
  const kept = open();
  await kept.create('the red lamp is on');
  const csv = `"Nº","总额"\r\n${'"1","夜🦊"\r\n'.repeat(200)}`;
  const content = new Blob([csv], { type: 'text/csv' });
  const state = new KeptState();
  const result = { content, size: null, asked: 'Which total?', aiSource: null, record: { job: 'ask' } };
  expect(await kept.keep(result, 'until-deleted', state)).toBe(true);
  expect(state.lasts).toBe(true);
  const [shown] = kept.items;
  expect(shown!.seen!.facts).toEqual({
    ...{ textType: 'text/csv', thumbnailType: 'text/plain', asked: 'Which total?', record: { job: 'ask' } },
  });
  expect([shown!.seen!.url, shown!.seen!.excerpt]).toEqual([null, csv.slice(0, 320)]);
  const opened = await kept.open(shown!.id);
  expect([opened!.type, await opened!.text()]).toEqual(['text/csv', csv]);
  await kept.lock();
  expect(kept.items).toEqual([]);
  expect(await kept.unlock('quite another one')).toBe(false);
  expect(kept.failure?.code).toBe('vault/wrong-passphrase');
  await kept.unlock('the red lamp is on');
  await kept.delete(shown!.id);
  expect(state.entry).toBeNull();
});

test('a beginning has no half of a letter, and a picture has none', async () => {
  const kept = open();
  await kept.create('the red lamp is on');
  await kept.keep({ ...done().toKeep()!, asked: null }, 'day', new KeptState());
  const fox = '🦊';
  const content = new Blob([`x${fox.repeat(300)}`], { type: 'text/plain' });
  const about = { size: null, asked: null, aiSource: null, record: null };
  await kept.keep({ content, ...about }, 'day', new KeptState());
  expect(new Set(kept.items.map(({ seen }) => seen!.excerpt))).toEqual(new Set([`x${fox.repeat(159)}`, '']));
});
