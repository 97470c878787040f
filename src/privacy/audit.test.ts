import { beforeEach, expect, it } from 'vitest';
import { AuditLog, jsonLines, longestLabel } from './audit';
import { MemoryVault } from './memory-vault';

let memory: MemoryVault;
let log: AuditLog;
const all = { event: null, last: Infinity };

beforeEach(() => {
  memory = new MemoryVault();
  log = new AuditLog(memory, memory.now);
});

it('writes nothing before it is switched on, nor after it is switched off', async () => {
  await log.note('keep', ['aa']);
  expect(memory.entries.size).toBe(0);
  await log.set({ on: true, operator: '' });
  await log.note('save');
  await log.set({ on: false, operator: '' });
  await log.note('erase');
  expect((await log.rows(all)).map(({ event }) => event)).toEqual(['save']);
});

it('keeps what a change does not name, as another tab set it', async () => {
  await new AuditLog(memory, memory.now).set({ on: true, operator: 'Desk 4' });
  expect(await log.set({ operator: 'Desk 5' })).toEqual({ on: true, operator: 'Desk 5' });
  expect(await log.set({ on: false })).toEqual({ on: false, operator: 'Desk 5' });
});

it('names time, event, item and operator, and nothing else', async () => {
  await log.set({ on: true, operator: '  Desk 4  ' });
  await log.note('keep', ['0123']);
  await log.set({ on: true, operator: '' });
  memory.time += 5;
  await log.note('erase');
  expect(await log.rows(all)).toEqual([
    { time: memory.time, event: 'erase' },
    { time: memory.time - 5, event: 'keep', item: '0123', operator: 'Desk 4' },
  ]);
});

it('is filtered, cut to the newest, and one row for each of several items', async () => {
  await log.set({ on: true, operator: '' });
  await log.note('delete', ['a', 'b', 'c']);
  memory.time += 1;
  await log.note('keep', ['d']);
  await log.note('delete', []);
  expect((await log.rows({ event: 'delete', last: 2 })).map(({ item }) => item)).toEqual(['c', 'b']);
  expect((await log.rows({ event: null, last: 1 })).map(({ item }) => item)).toEqual(['d']);
});

it('is exported a line an event, with times that other programs read', async () => {
  await log.set({ on: true, operator: 'x'.repeat(99) });
  await log.note('export');
  await log.note('save');
  const lines = jsonLines(await log.rows(all))
    .trimEnd()
    .split('\n');
  const read = lines.map((line) => JSON.parse(line) as { time: string; operator: string });
  expect(read.map(({ time }) => time)).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z']);
  expect(read[0]!.operator).toHaveLength(longestLabel);
});

it('drops the oldest when there are too many', async () => {
  await log.set({ on: true, operator: '' });
  await log.note(
    'delete',
    Array.from({ length: 10_000 }, (_, place) => String(place)),
  );
  memory.time += 1;
  await log.note('keep', ['newest']);
  const rows = await log.rows(all);
  expect(rows).toHaveLength(10_000);
  expect([rows[0]!.item, rows.at(-1)!.item]).toEqual(['newest', '1']);
});

it('is cleared of its rows and keeps its setting', async () => {
  await log.set({ on: true, operator: 'Desk 4' });
  await log.note('save');
  await log.clear();
  expect(await log.rows(all)).toEqual([]);
  expect(await log.setting()).toEqual({ on: true, operator: 'Desk 4' });
});
