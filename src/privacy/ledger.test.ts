import { describe, expect, test } from 'vitest';
import { counted } from './counted';
import { Ledger, type LedgerRow } from './ledger';
import { watchBrowser, type WitnessedPage } from './witness';

const row = (id: string, change: Partial<LedgerRow> = {}): LedgerRow => ({
  ...{ id, time: 0, by: 'library-worker', method: 'GET', pathClass: 'foreign', host: 'hub.example' },
  ...{ from: 'network', sentBytes: 30, bytes: 0, verdict: 'granted' },
  ...change,
});

describe('the ledger', () => {
  test('has one row for each request, the last that was told of it', () => {
    const ledger = new Ledger();
    ledger.add(row('a'));
    ledger.add(row('b'));
    ledger.add(row('a', { bytes: 9 }));
    expect(ledger.rows().map(({ id, bytes }) => [id, bytes])).toEqual([
      ['a', 9],
      ['b', 0],
    ]);
  });

  test('drops the oldest rows over its limit', () => {
    const ledger = new Ledger(2);
    for (const id of ['a', 'b', 'c']) ledger.add(row(id));
    expect(ledger.rows().map(({ id }) => id)).toEqual(['b', 'c']);
  });
});

describe('an answer that is counted', () => {
  test('is the same answer, and the row grows with its bytes', async () => {
    const noted: number[] = [];
    const parts = [400_000, 400_000, 5];
    const body = new ReadableStream<Uint8Array>({
      pull(line) {
        const length = parts.shift();
        if (length === undefined) line.close();
        else line.enqueue(new Uint8Array(length).fill(7));
      },
    });
    const answer = new Response(body, { status: 206, headers: { ETag: '"one"' } });
    const passed = counted(answer, row('a'), ({ bytes }) => noted.push(bytes));
    expect([passed.status, passed.headers.get('ETag')]).toEqual([206, '"one"']);
    expect(new Set(new Uint8Array(await passed.arrayBuffer()))).toEqual(new Set([7]));
    expect(noted).toEqual([0, 800_000, 800_005]);
  });

  test('that is cut keeps in the row what has come', async () => {
    const noted: number[] = [];
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(line) {
        if ((pulls += 1) > 1) line.error(new TypeError('cut'));
        else line.enqueue(new Uint8Array(600_000));
      },
    });
    const passed = counted(new Response(body), row('a'), ({ bytes }) => noted.push(bytes));
    await expect(passed.arrayBuffer()).rejects.toThrow('cut');
    expect(noted).toEqual([0, 600_000]);
  });
});

describe('the second witness', () => {
  test('counts what the browser timed, and what of it went past the service worker', () => {
    let hear: (list: { getEntries(): readonly unknown[] }) => void = () => undefined;
    const page: WitnessedPage = {
      location: { origin: 'https://host.example' },
      addEventListener: (_type, heard) => heard(),
      PerformanceObserver: class {
        constructor(heard: typeof hear) {
          hear = heard;
        }
        observe = () => undefined;
        takeRecords = () => late.splice(0);
      },
    };
    const late: unknown[] = [{ name: 'https://host.example/b.js', workerStart: 0 }];
    const witness = watchBrowser(page);
    const names = ['https://host.example/a.js', 'https://evil.example/?d=1', 'blob:https://host.example/1'];
    const entries = names.map((name, at) => ({ name, workerStart: at === 0 ? 5 : 0 }));
    hear({ getEntries: () => entries });
    // What the browser has timed and not told yet is counted too, once.
    const told = { timings: { timed: 3, pastWall: 2, foreign: 1 }, violations: 1, reports: 0 };
    expect([witness.testimony(), witness.testimony()]).toEqual([told, told]);
  });

  test('says that it cannot tell where the browser tells no timings', () => {
    const page: WitnessedPage = {
      location: { origin: 'https://host.example' },
      addEventListener: () => undefined,
    };
    expect(watchBrowser(page).testimony().timings).toBeNull();
  });
});
