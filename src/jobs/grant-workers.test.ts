/** Grants against workers over real message channels; only the threads themselves are stand-ins. */
import { expose } from 'comlink';
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { StudioError } from '../base/errors';
import { card } from '../models/yunet-n/card';
import type { ModelCard } from '../models/model';
import { GrantWorkers } from './grant-workers';
import type { Outcome } from './protocol';
import type { WorkerLike } from './thread';

type Answer = () => Promise<Outcome<ModelCard>>;
const never: Answer = () => new Promise(() => undefined);
const ready: Answer = () => Promise.resolve({ ok: true, value: card });
const failed: Answer = () =>
  Promise.resolve({ ok: false, error: new StudioError('network/unreachable').toWire() });

/** The n-th worker that is made answers as the n-th entry says. */
function grantsOf(...answers: Answer[]) {
  const workers: { readonly cardId: string; alive: boolean }[] = [];
  const told: string[][] = [];
  const makeWorker = (cardId: string): WorkerLike => {
    const { port1, port2 } = new MessageChannel();
    const worker = { cardId, alive: true };
    const answer = answers[workers.length] ?? never;
    workers.push(worker);
    expose({ get: () => answer() }, port1 as never);
    port2.start();
    const terminate = () => {
      worker.alive = false;
      port1.close();
      port2.close();
    };
    return Object.assign(port2 as unknown as WorkerLike, { terminate });
  };
  const grants = new GrantWorkers(makeWorker);
  grants.watch((cards) => told.push(cards.map(({ id }) => id)));
  return { grants, workers, told };
}

const get = (grants: GrantWorkers) => grants.get(card, () => undefined);

test.each([
  ['ready', ready],
  ['failed', failed],
])('a worker is made for one model and ended when that is %s', async (outcome, answer) => {
  const { grants, workers, told } = grantsOf(answer);
  const got = get(grants);
  if (outcome === 'ready') expect((await got).id).toBe('yunet-n');
  else await expect(got).rejects.toMatchObject({ code: 'network/unreachable' });
  expect(workers).toEqual([{ cardId: 'yunet-n', alive: false }]);
  expect(told).toEqual([['yunet-n'], []]);
});

test('held, the worker is ended at once, and another goes on after the release', async () => {
  const { grants, workers, told } = grantsOf(never, ready);
  const got = get(grants);
  await expect.poll(() => workers.length).toBe(1);
  grants.hold();
  expect(workers[0]!.alive).toBe(false);
  expect(told).toEqual([['yunet-n'], []]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(workers).toHaveLength(1);
  grants.release();
  expect((await got).id).toBe('yunet-n');
  expect(workers.map(({ alive }) => alive)).toEqual([false, false]);
});

test('stopped, on the line or while held, it ends as an abort and no worker is left or made', async () => {
  const running = grantsOf(never);
  const got = get(running.grants);
  await expect.poll(() => running.workers.length).toBe(1);
  running.grants.stop('yunet-n');
  await expect(got).rejects.toMatchObject({ name: 'AbortError' });
  expect(running.workers.map(({ alive }) => alive)).toEqual([false]);

  const waiting = grantsOf(never);
  waiting.grants.hold();
  const later = get(waiting.grants);
  waiting.grants.stop('yunet-n');
  await expect(later).rejects.toMatchObject({ name: 'AbortError' });
  waiting.grants.release();
  expect(waiting.workers).toEqual([]);
});
