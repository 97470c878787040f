/** The two halves of the vault over a real message channel. */
import { expose } from 'comlink';
import { expect, it } from 'vitest';
import { AuditLog } from '../privacy/audit';
import { MemoryVault } from '../privacy/memory-vault';
import { Vault } from '../privacy/vault';
import type { WorkerLike } from './thread';
import { VaultBridge } from './vault-bridge';
import { VaultDesk } from './vault-desk';

const all = { event: null, last: 100 };

function open() {
  const memory = new MemoryVault();
  const audits = new MemoryVault();
  const erased: string[] = [];
  const makeWorker = (): WorkerLike => {
    const { port1, port2 } = new MessageChannel();
    const desk = new VaultDesk({
      vault: new Vault(memory),
      audit: new AuditLog(audits, audits.now),
      thumbnail: () => Promise.resolve(new Blob(['small'])),
      stores: () => Promise.resolve([]),
      erase: (reach) => Promise.resolve(void erased.push(reach)),
    });
    expose(desk, port2);
    port2.start();
    port1.start();
    return Object.assign(port1 as unknown as WorkerLike, { terminate: () => port1.close() });
  };
  return { bridge: new VaultBridge(makeWorker), memory, erased };
}

it('keeps, notes what was done by id, and forgets the key with its worker', async () => {
  const { bridge, erased } = open();
  await bridge.ask((api) => api.setAudit({ on: true, operator: 'Desk 4' }));
  await bridge.ask((api) => api.create('the red lamp is on'));
  const size = { width: 2, height: 1 };
  const item = { content: new Blob(['picture']), size, asked: null, aiSource: null, record: null };
  const id = await bridge.ask((api) => api.keep(item, 'day'));
  expect(await bridge.ask((api) => api.condition(false))).toMatchObject({
    state: 'unlocked',
    items: [{ id }],
  });

  const late = bridge.ask((api) => api.list());
  bridge.end();
  await expect(late).rejects.toMatchObject({ name: 'AbortError' });
  expect(await bridge.ask((api) => api.condition(false))).toMatchObject({ state: 'locked', items: [{ id }] });
  await expect(bridge.ask((api) => api.list())).rejects.toMatchObject({ code: 'vault/locked' });
  await bridge.ask((api) => api.delete(id));
  await bridge.ask((api) => api.erase('kept'));
  await bridge.ask((api) => api.erase('everything'));
  expect(erased).toEqual(['kept', 'everything']);
  const rows = await bridge.ask((api) => api.auditRows(all));
  expect(rows.map(({ event, item: about }) => [event, about]).sort()).toEqual([
    ['delete', id],
    ['erase', undefined],
    ['keep', id],
  ]);
  bridge.end();
});
