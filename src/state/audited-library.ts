/** The library as it is, with a note for the audit log of every model that came and of the airlock's state. */
import type { Library } from '../jobs/library-bridge';
import type { AuditEvent } from '../privacy/audit';

export function auditedLibrary(library: Library, note: (event: AuditEvent) => void): Library {
  return {
    ...library,
    async get(card, report) {
      const got = await library.get(card, report);
      note('model-get');
      return got;
    },
    async importModels(files, report) {
      const imported = await library.importModels(files, report);
      imported.cards.forEach(() => note('model-import'));
      return imported;
    },
    watchGrants(listener) {
      let open = false;
      library.watchGrants((cards) => {
        if (open !== cards.length > 0) note(open ? 'airlock-close' : 'airlock-open');
        open = cards.length > 0;
        listener(cards);
      });
    },
  };
}
