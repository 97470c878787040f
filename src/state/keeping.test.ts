import { expect, test } from 'vitest';
import { openDeployment, type Deployment } from '../privacy/deployment';
import { Keeping } from './keeping.svelte';
import { VaultTabs } from './vault-tabs';

/** A tab's start where the administrator set this; `held`: the databases that are there. */
async function begin(tabs: VaultTabs, rules: Partial<Deployment>, held: readonly string[] = []) {
  const tab = tabs.tab();
  const locks = {
    request: (_name: string, _how: LockOptions, work: (lock: Lock | null) => Promise<unknown>) =>
      Promise.resolve(work({} as Lock)),
  } as unknown as LockManager;
  const keeping = new Keeping({
    ...{ ...tab, locks, now: tabs.memory.now, swept: () => undefined },
    rules: () => ({ ...openDeployment, ...rules }),
    databaseNames: () => Promise.resolve(held),
  });
  await keeping.begin();
  await keeping.heed();
  return { keeping, setting: () => tab.vault.ask((api) => api.auditSetting()) };
}

test('the audit log is on from the start where the deployment says so, and keeps the label of the desk', async () => {
  const tabs = new VaultTabs();
  const first = await begin(tabs, { audit: 'on' });
  expect([first.keeping.audits, await first.setting()]).toEqual([true, { on: true, operator: '' }]);
  await tabs.tab().vault.ask((api) => api.setAudit({ on: false, operator: 'Desk 4' }));
  const second = await begin(tabs, { audit: 'on' }, ['obscura-audit']);
  expect([second.keeping.audits, await second.setting()]).toEqual([true, { on: true, operator: 'Desk 4' }]);
});

test('it is off where none is to be kept, as the visitor set it where it is offered, and else nothing is made', async () => {
  const tabs = new VaultTabs();
  await tabs.tab().vault.ask((api) => api.setAudit({ on: true }));
  expect((await begin(tabs, {}, ['obscura-audit'])).keeping.audits).toBe(true);
  const { keeping, setting } = await begin(tabs, { audit: 'off' }, ['obscura-audit']);
  expect([keeping.audits, (await setting()).on]).toEqual([false, false]);
  const fresh = new VaultTabs();
  await begin(fresh, {});
  await begin(fresh, { audit: 'off' });
  expect(fresh.audits.entries.size).toBe(0);
});

test('at the start what is kept is brought within what the deployment allows', async () => {
  const tabs = new VaultTabs();
  const { vault } = tabs.tab();
  await vault.ask((api) => api.create('the red lamp is on'));
  const size = { width: 2, height: 1 };
  const item = { content: new Blob(['picture']), size, asked: null, aiSource: null, record: null };
  const id = await vault.ask((api) => api.keep(item, 'until-deleted'));
  const items = async () => (await vault.ask((api) => api.condition(false))).items;
  await begin(tabs, { retention: 'month' }, ['obscura-vault']);
  expect(await items()).toEqual([{ id, retention: 'month' }]);
  await begin(tabs, { retention: 'nothing' }, ['obscura-vault']);
  expect(await items()).toEqual([]);
});
