/** The bridge against an engine over a real message channel; only the thread itself is a stand-in. */
import { expose } from 'comlink';
import { MessageChannel } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import { StudioError } from '../base/errors';
import type { WorkProgress } from '../base/progress';
import { card } from '../models/obscura-cartoon-anime/card';
import { defaultCartoonOptions } from '../pipelines/cartoon/card';
import { EngineBridge } from './engine-bridge';
import type { CartoonOutcome, EngineApi, Outcome } from './protocol';
import type { WorkerLike } from './thread';

const job = { photo: new Blob(['photo']), cartoon: card, faces: null, options: defaultCartoonOptions };
const done = { width: 1, height: 1, faces: [] } as unknown as CartoonOutcome;

type Answer = (report: (progress: WorkProgress) => void) => Promise<Outcome<CartoonOutcome>>;

/** One bridge; the n-th worker it opens answers jobs with the n-th entry. */
function bridgeOf(
  answers: Answer[],
  options: { startMs?: number; encodeLater?: (done: () => void) => void } = {},
) {
  const threads: { terminated: boolean; cancelled: string[]; port: EventTarget }[] = [];
  /** The first worker never finishes writing a picture. */
  const encoding = new Promise<never>(() => undefined);
  const makeWorker = (): WorkerLike => {
    const { port1, port2 } = new MessageChannel();
    const thread = { terminated: false, cancelled: [] as string[], port: port2 as unknown as EventTarget };
    const answer = answers[threads.length];
    threads.push(thread);
    const api: EngineApi = {
      start: async () => {
        await new Promise((resolve) => setTimeout(resolve, options.startMs ?? 0));
        return { ok: true, value: { backend: 'wasm' } as never };
      },
      prepare: () => Promise.resolve({ ok: true, value: true }),
      cartoon: (_, report) => answer!(report),
      create: () => Promise.reject(new Error('not asked for here')),
      ask: () => Promise.reject(new Error('not asked for here')),
      forgetChat: () => Promise.resolve(),
      forgetPrompts: () => Promise.resolve(),
      encode: (picture) => {
        if (threads.length === 1) return encoding;
        return new Promise((resolve) => {
          const done = () => resolve({ ok: true, value: picture });
          if (options.encodeLater) options.encodeLater(done);
          else done();
        });
      },
      cancel: (id) => {
        thread.cancelled.push(id);
        return Promise.resolve();
      },
    };
    expose(api, port1 as never);
    port2.start();
    const terminate = () => {
      thread.terminated = true;
      port1.close();
      port2.close();
    };
    return Object.assign(port2 as unknown as WorkerLike, { terminate });
  };
  return { bridge: new EngineBridge(makeWorker), threads };
}

const failing = (code: 'gpu/device-lost' | 'engine/failed' | 'image/empty', details = {}): Answer => {
  return () => Promise.resolve({ ok: false, error: new StudioError(code, details).toWire() });
};
const succeeding: Answer = () => Promise.resolve({ ok: true, value: done });
const never: Answer = () => new Promise(() => undefined);

test.each([
  ['a lost device', failing('gpu/device-lost')],
  ['a dead module', failing('engine/failed', { dead: true })],
])('%s ends the worker, and the job is repeated once in a new one', async (_, failure) => {
  const { bridge, threads } = bridgeOf([failure, succeeding]);
  await expect(bridge.cartoon(job, {})).resolves.toMatchObject({ width: 1 });
  expect(threads.map(({ terminated }) => terminated)).toEqual([true, false]);
  bridge.close();
});

test('lost twice, it is told and not tried for ever', async () => {
  const { bridge, threads } = bridgeOf([failing('gpu/device-lost'), failing('gpu/device-lost'), succeeding]);
  await expect(bridge.cartoon(job, {})).rejects.toMatchObject({ code: 'gpu/device-lost' });
  expect(threads).toHaveLength(2);
  bridge.close();
});

test("a photo's own fault costs no worker", async () => {
  const { bridge, threads } = bridgeOf([failing('image/empty')]);
  await expect(bridge.cartoon(job, {})).rejects.toMatchObject({ code: 'image/empty' });
  expect(threads.map(({ terminated }) => terminated)).toEqual([false]);
  bridge.close();
});

test('a worker that does not stop 300 ms after cancel is ended, and the next job gets a new one', async () => {
  const { bridge, threads } = bridgeOf([never, succeeding]);
  const abort = new AbortController();
  const drawing = bridge.cartoon(job, { signal: abort.signal });
  await vi.waitFor(() => expect(threads).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const asked = performance.now();
  abort.abort('enough');
  await expect(drawing).rejects.toBe('enough');
  expect(performance.now() - asked).toBeLessThan(1000);
  expect(threads[0]).toMatchObject({ terminated: true });
  expect(threads[0]?.cancelled).toHaveLength(1);
  await expect(bridge.cartoon(job, {})).resolves.toMatchObject({ width: 1 });
  bridge.close();
});

test('a worker that stops in time is kept', async () => {
  let stop: (outcome: Outcome<CartoonOutcome>) => void = () => undefined;
  const { bridge, threads } = bridgeOf([() => new Promise((resolve) => (stop = resolve))]);
  const abort = new AbortController();
  const drawing = bridge.cartoon(job, { signal: abort.signal });
  await vi.waitFor(() => expect(threads).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  abort.abort('enough');
  stop({ ok: false, aborted: true });
  await expect(drawing).rejects.toBe('enough');
  expect(threads[0]).toMatchObject({ terminated: false });
  bridge.close();
});

test('a cancel while the engine still opens is heard', async () => {
  const { bridge, threads } = bridgeOf([succeeding, succeeding], { startMs: 2000 });
  const abort = new AbortController();
  const drawing = bridge.cartoon(job, { signal: abort.signal });
  const asked = performance.now();
  setTimeout(() => abort.abort('enough'), 50);
  await expect(drawing).rejects.toBe('enough');
  expect(performance.now() - asked).toBeLessThan(1000);
  expect(threads[0]).toMatchObject({ terminated: true });
  bridge.close();
});

test('a picture being saved outlives the worker it was being written in', async () => {
  const { bridge } = bridgeOf([never, never]);
  const saving = bridge.encode(job.photo, 'jpeg');
  const abort = new AbortController();
  const drawing = bridge.cartoon(job, { signal: abort.signal });
  setTimeout(() => abort.abort('enough'), 50);
  await expect(drawing).rejects.toBe('enough');
  await expect(saving).resolves.toBeInstanceOf(Blob);
  bridge.close();
});

test('a worker that dies by itself is replaced, and the job repeated', async () => {
  const { bridge, threads } = bridgeOf([never, succeeding]);
  const drawing = bridge.cartoon(job, {});
  await vi.waitFor(() => expect(threads).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  threads[0]!.port.dispatchEvent(
    Object.assign(new Event('error', { cancelable: true }), { message: 'gone' }),
  );
  await expect(drawing).resolves.toMatchObject({ width: 1 });
  expect(threads).toHaveLength(2);
  bridge.close();
});

test('a report that comes after the answer is not heard', async () => {
  let late: (progress: WorkProgress) => void = () => undefined;
  const { bridge } = bridgeOf([
    (report) => {
      late = report;
      report({ kind: 'work', stage: 'open', done: 0, total: 2 });
      return new Promise((resolve) => setTimeout(() => resolve({ ok: true, value: done }), 50));
    },
  ]);
  const heard: number[] = [];
  await bridge.cartoon(job, { report: (progress) => heard.push(progress.done) });
  late({ kind: 'work', stage: 'finish', done: 1, total: 2 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(heard).toEqual([0]);
  bridge.close();
});

test('a picture saved in the new worker outlives the job that ended the old one', async () => {
  let finish: () => void = () => undefined;
  const { bridge, threads } = bridgeOf([never, succeeding], {
    encodeLater: (done) => (finish = done),
  });
  const drawing = bridge.cartoon(job, {});
  const saving = bridge.encode(job.photo, 'jpeg');
  await vi.waitFor(() => expect(threads).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  threads[0]!.port.dispatchEvent(
    Object.assign(new Event('error', { cancelable: true }), { message: 'gone' }),
  );
  await expect(drawing).resolves.toMatchObject({ width: 1 });
  finish();
  await expect(saving).resolves.toBeInstanceOf(Blob);
  expect(threads).toHaveLength(2);
  bridge.close();
});
