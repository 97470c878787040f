/** The library thread: fetches, checks and keeps models. Made for a grant, it reaches that model's host as well. */
import { expose } from 'comlink';
import { LibraryDesk } from '../src/jobs/library-desk';
import { readLibraryName } from '../src/jobs/worker-name';
import { openChannel } from '../src/library/channel';
import { usualPace } from '../src/library/download';
import { grantsOf } from '../src/library/grants';
import { Librarian } from '../src/library/librarian';
import { LineGate } from '../src/library/line-gate';
import { freeBytes } from '../src/library/space';
import { openStaging } from '../src/library/staging';
import { openModelStore } from '../src/library/store';
import { airlockFetch, openAirlock } from '../src/privacy/airlock';
import { appBase } from '../src/privacy/app-base';
import { openLedgerLine } from '../src/privacy/ledger-line';

const { tab, cardId } = readLibraryName(self.name);
const { post } = openLedgerLine(appBase);

const store = openModelStore();

expose(
  new LibraryDesk(
    new Librarian({
      store,
      request:
        cardId === null ? airlockFetch : openAirlock(grantsOf(cardId), self.location.href, { note: post }),
      gate: new LineGate(),
      channel: openChannel(tab),
      freeBytes,
      now: () => Date.now(),
      pace: usualPace,
    }),
    { store, room: openStaging() },
  ),
);
