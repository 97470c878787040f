/** Tabs of one browser over one vault in memory, each with a worker's half of its own; for tests. */
import { unwrap } from '../jobs/outcome';
import type { VaultDoor, VaultRemote } from '../jobs/vault-bridge';
import { VaultDesk } from '../jobs/vault-desk';
import type { EraseReach } from '../jobs/vault-protocol';
import { AuditLog } from '../privacy/audit';
import { MemoryVault } from '../privacy/memory-vault';
import { Vault } from '../privacy/vault';
import type { Announcement, Announcements } from './announcements';

export class VaultTabs {
  readonly memory = new MemoryVault();
  readonly audits = new MemoryVault();
  readonly #listeners: { readonly tab: object; readonly hear: (message: Announcement) => void }[] = [];

  /** What one tab has of the outside. */
  tab(): { readonly vault: VaultDoor; readonly announcements: Announcements } {
    const tab = {};
    const vault = new Vault(this.memory);
    const desk = new VaultDesk({
      vault,
      audit: new AuditLog(this.audits, this.memory.now),
      thumbnail: () => Promise.resolve(new Blob(['small'], { type: 'image/webp' })),
      stores: () => Promise.resolve([]),
      erase: (reach: EraseReach) => {
        this.memory.entries.clear();
        if (reach === 'everything') this.audits.entries.clear();
        return Promise.resolve();
      },
    });
    return {
      vault: {
        ask: async (work) => unwrap(await work(desk as unknown as VaultRemote)),
        end: () => vault.access.lock(),
      },
      announcements: {
        post: (message) => {
          for (const other of this.#listeners) if (other.tab !== tab) other.hear(message);
        },
        listen: (hear) => {
          this.#listeners.push({ tab, hear });
          return () => undefined;
        },
      },
    };
  }
}
