/** What stands in an exported vault is read by later releases: these bytes never change. */
import { expect, test } from 'vitest';
import { sealList } from './vault-file';
import { randomBytes } from './vault-stream';
import type { ItemRecord } from './vault-records';
import type { Retention } from './retention';

test('each retention has its own byte for ever', async () => {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const header = randomBytes(8);
  const item = (retention: Retention) => ({
    ...{ id: '00'.repeat(16), keptAt: 1, expiresAt: null, retention },
    wrappedKey: randomBytes(1),
  });
  const items = (['until-deleted', 'session', 'day', 'month'] as const).map(item) as unknown as ItemRecord[];
  const sealed = await sealList(items, key, header);
  const algorithm = { name: 'AES-GCM', iv: sealed.slice(0, 12), additionalData: header };
  const list = new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.slice(12)));
  expect([32, 65, 98, 131].map((at) => list[at])).toEqual([0, 1, 2, 3]);
});
