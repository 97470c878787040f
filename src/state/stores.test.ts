import { beforeEach, expect, test, vi } from 'vitest';
import { openDeployment } from '../privacy/deployment';
import { Keeping } from './keeping.svelte';
import { Stores } from './stores.svelte';
import { VaultTabs } from './vault-tabs';

let tabs: VaultTabs;
beforeEach(() => {
  tabs = new VaultTabs();
});

const nothing = { length: 0, clear: () => undefined } as unknown as Storage;

function open() {
  const { vault, announcements } = tabs.tab();
  const { now } = tabs.memory;
  const keeping = new Keeping({
    ...{ vault, announcements, now, swept: () => undefined },
    locks: {} as LockManager,
    rules: () => openDeployment,
    databaseNames: () => Promise.resolve([]),
  });
  const page = {
    ...{ local: () => nothing, session: () => nothing, cookies: { cookie: '' } },
    registrations: () => Promise.resolve([]),
  };
  const letGo = vi.fn();
  const stores = new Stores({
    ...{ vault, announcements, keeping, page, letGo, now },
    erased: () => undefined,
  });
  return { stores, keeping, letGo };
}

test('the audit log switched on in one tab is on in the others, and an operator typed elsewhere is not lost', async () => {
  const [here, there] = [open(), open()];
  await there.stores.lookAtAudit();
  await here.stores.setAudit({ on: true });
  await here.stores.setAudit({ operator: 'Desk 4' });
  await vi.waitFor(() => expect(there.stores.audit).toEqual({ on: true, operator: 'Desk 4' }));
  expect(there.keeping.audits).toBe(true);
  await there.stores.setAudit({ on: false });
  await vi.waitFor(() => expect(here.stores.audit).toEqual({ on: false, operator: 'Desk 4' }));
  expect(here.keeping.audits).toBe(false);
});

test('while it erases again it does not say that it has erased', async () => {
  const { stores, letGo } = open();
  await stores.erase('kept');
  expect(stores.erased).toBe('kept');
  letGo.mockImplementationOnce(() => expect(stores.erased).toBeNull());
  letGo.mockImplementationOnce(() => {
    throw new Error('held');
  });
  await stores.erase('kept');
  expect(stores.erased).toBe('kept');
  await stores.erase('everything');
  expect([stores.erased, stores.failure?.code]).toEqual([null, 'storage/unavailable']);
});
