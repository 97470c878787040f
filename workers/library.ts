/** The library thread: fetches, checks and keeps models. */
import { expose } from 'comlink';
import { LibraryDesk } from '../src/jobs/library-desk';
import { openChannel } from '../src/library/channel';
import { usualPace } from '../src/library/download';
import { Librarian } from '../src/library/librarian';
import { LineGate } from '../src/library/line-gate';
import { freeBytes } from '../src/library/space';
import { openModelStore } from '../src/library/store';
import { airlockFetch } from '../src/privacy/airlock';

expose(
  new LibraryDesk(
    new Librarian({
      store: openModelStore(),
      request: airlockFetch,
      gate: new LineGate(),
      channel: openChannel(),
      freeBytes,
      now: () => Date.now(),
      pace: usualPace,
    }),
  ),
);
