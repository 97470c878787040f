import { beforeEach, expect, test, vi } from 'vitest';
import { Job } from './job.svelte';
import { openDeployment } from '../privacy/deployment';
import { Keeping } from './keeping.svelte';
import { Kept } from './kept.svelte';
import type { Photo } from './photo.svelte';
import { VaultTabs } from './vault-tabs';

let tabs: VaultTabs;
beforeEach(() => {
  tabs = new VaultTabs();
});

const photo = {} as unknown as Photo;

function done(): Job {
  const job = new Job(photo);
  const picture = new Blob(['picture'], { type: 'image/png' });
  const result = { picture, width: 2, height: 1, url: 'blob:none', number: 1 };
  job.status = { kind: 'done', result } as unknown as Job['status'];
  return job;
}

function open(jobs: readonly Job[] = []): Kept {
  const { vault, announcements } = tabs.tab();
  const { now } = tabs.memory;
  const keeping = new Keeping({
    ...{ vault, announcements, now, swept: () => undefined },
    locks: {} as LockManager,
    rules: () => openDeployment,
    databaseNames: () => Promise.resolve([]),
  });
  return new Kept({ vault, announcements, keeping, studio: { jobs: [...jobs] }, now });
}

test('a result is secured as long as the vault keeps it, and can be kept again once it does not', async () => {
  const job = done();
  const kept = open([job]);
  await kept.create('the red lamp is on');
  await kept.keep(job, 'session');
  expect([job.kept?.retention, job.secured]).toEqual(['session', false]);
  await kept.setRetention(job.kept!.id, 'until-deleted');
  expect([job.kept?.retention, job.secured]).toEqual(['until-deleted', true]);
  await kept.delete(job.kept!.id);
  expect([job.kept, job.secured]).toEqual([null, false]);
  job.saved = true;
  await kept.keep(job, 'day');
  await kept.deleteAll();
  expect([job.kept, job.secured]).toEqual([null, true]);
});

test('what another tab deletes is not shown as kept here, in a locked vault too', async () => {
  const job = done();
  const [here, there] = [open([job]), open()];
  await here.create('the red lamp is on');
  await here.keep(job, 'until-deleted');
  await here.lock();
  await there.deleteAll();
  await vi.waitFor(() => expect(job.kept).toBeNull());
  expect(job.secured).toBe(false);
});

test('after another tab deleted everything and set a new passphrase this one is locked, and nothing looks damaged', async () => {
  const [here, there] = [open(), open()];
  await here.create('the red lamp is on');
  await there.deleteAll();
  await there.create('quite another one');
  await there.keep(done(), 'until-deleted');
  await vi.waitFor(() => expect(here.condition).toMatchObject({ state: 'locked', items: [{}] }));
  expect([here.items, here.failure]).toEqual([[], null]);
});

test('what other tabs do does not keep an unlocked vault open here', async () => {
  const [here, there] = [open(), open()];
  await here.create('the red lamp is on');
  const until = here.condition!.locksAt;
  await there.unlock('the red lamp is on');
  tabs.memory.time += 60_000;
  await there.keep(done(), 'until-deleted');
  await vi.waitFor(() => expect(here.items).toHaveLength(1));
  expect(here.condition!.locksAt).toBe(until);
  await here.look();
  expect(here.condition!.locksAt).toBe(until! + 60_000);
});
