/** The vault's thread: keys, passphrases and stores. Its policy lets it reach no address at all. */
import { expose } from 'comlink';
import { VaultDesk } from '../src/jobs/vault-desk';
import { databaseNames, eraseDatabase, idbOnceWritten, measureDatabase } from '../src/library/databases';
import { AuditLog } from '../src/privacy/audit';
import { eraseCaches, eraseFiles, measureCaches, measureFiles } from '../src/privacy/stores';
import { Vault } from '../src/privacy/vault';
import { thumbnailOf } from '../src/runtime/thumbnail';

const now = () => Date.now();
const root = () => navigator.storage.getDirectory();
const lock = <T>(work: () => Promise<T>) => navigator.locks.request('obscura-vault', work) as Promise<T>;

expose(
  new VaultDesk({
    vault: new Vault({ store: idbOnceWritten('obscura-vault'), lock, now }),
    audit: new AuditLog(idbOnceWritten('obscura-audit'), now),
    thumbnail: thumbnailOf,
    stores: async () => [
      ...(await Promise.all((await databaseNames()).map(measureDatabase))),
      ...(await measureFiles(root)),
      ...(await measureCaches(self.caches)),
    ],
    erase: (reach) =>
      lock(async () => {
        const names = reach === 'kept' ? ['obscura-vault'] : await databaseNames();
        const others = reach === 'kept' ? [] : [eraseFiles(root), eraseCaches(self.caches)];
        // One store that is held saves no other.
        const ends = await Promise.allSettled([...names.map(eraseDatabase), ...others]);
        for (const end of ends) if (end.status === 'rejected') throw end.reason;
      }),
  }),
);
