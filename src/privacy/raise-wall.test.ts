import { describe, expect, test, vi } from 'vitest';
import { raiseWall, type WallPage, type WallState } from './raise-wall';
import type { WallAnswer, WallQuestion } from './wall-messages';

type Worker = NonNullable<WallPage['navigator']['serviceWorker']>['controller'] & object;

class FakeWorker extends EventTarget {
  state: ServiceWorkerState;
  readonly heard: WallQuestion[] = [];
  answers: WallAnswer[] = [];

  constructor(state: ServiceWorkerState) {
    super();
    this.state = state;
  }

  becomes(state: ServiceWorkerState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  postMessage(question: WallQuestion, ports: MessagePort[] = []): void {
    this.heard.push(question);
    for (const answer of this.answers) ports[0]?.postMessage(answer);
  }
}

const asWorker = (worker: FakeWorker | null) => worker as unknown as Worker | null;

/** A browser with the service worker at the given states. */
function browser(given: {
  controller?: FakeWorker | null;
  active?: FakeWorker | null;
  installing?: FakeWorker | null;
  isolated?: boolean;
  history?: unknown;
  /** As the browser tells it: 0 when the document came from the host. */
  workerStart?: number;
  register?: () => Promise<never>;
}) {
  const events = new EventTarget();
  const registrationEvents = new EventTarget();
  const registration = {
    active: asWorker(given.active ?? null),
    waiting: asWorker(null),
    installing: asWorker(given.installing ?? null),
    addEventListener: (type: string, heard: () => void) => registrationEvents.addEventListener(type, heard),
  };
  const container = {
    controller: asWorker(given.controller ?? null),
    register: given.register ?? (() => Promise.resolve(registration)),
    addEventListener: (type: string, heard: () => void) => events.addEventListener(type, heard),
  };
  const reload = vi.fn();
  const history = {
    state: given.history,
    replaceState: (state: unknown) => (history.state = state),
  };
  const page: WallPage = {
    isSecureContext: true,
    crossOriginIsolated: given.isolated ?? true,
    navigator: { serviceWorker: container },
    location: { reload },
    performance: { getEntriesByType: () => [{ workerStart: given.workerStart ?? 0 }] },
    history,
  };
  const control = (worker: FakeWorker | null) => {
    container.controller = asWorker(worker);
    events.dispatchEvent(new Event('controllerchange'));
  };
  const update = (fresh: FakeWorker) => {
    registration.installing = asWorker(fresh);
    registrationEvents.dispatchEvent(new Event('updatefound'));
  };
  return { page, control, update, reload, history };
}

const tick = () => new Promise((done) => setTimeout(done, 5));

describe('the wall is missing', () => {
  test.each([
    ['insecure-origin', { isSecureContext: false }],
    ['no-service-worker', { navigator: {} }],
  ] as const)('%s', async (missing, change) => {
    const states: WallState[] = [];
    const wall = await raiseWall({ ...browser({}).page, ...change }, (state) => states.push(state));
    expect(states).toEqual(['raising', { missing }]);
    await expect(wall.fetchEngine(() => undefined)).rejects.toMatchObject({ code: 'wall/missing' });
  });

  test('when the browser refuses to register', async () => {
    const { page } = browser({ register: () => Promise.reject(new Error('no')) });
    expect((await raiseWall(page, () => undefined)).state).toEqual({ missing: 'no-service-worker' });
  });

  test('when the first install fails', async () => {
    const installing = new FakeWorker('installing');
    const raised = raiseWall(browser({ installing }).page, () => undefined);
    await tick();
    installing.becomes('redundant');
    expect((await raised).state).toEqual({ missing: 'no-service-worker' });
  });

  test('after a hard reload, where one more went round it too', async () => {
    const first = browser({ active: new FakeWorker('activated') });
    void raiseWall(first.page, () => undefined);
    await tick();
    expect(first.reload).toHaveBeenCalledTimes(1);
    const second = browser({ active: new FakeWorker('activated'), history: first.history.state });
    expect((await raiseWall(second.page, () => undefined)).state).toEqual({ missing: 'hard-reload' });
    expect(second.reload).not.toHaveBeenCalled();
  });

  test('when not even a reload through the service worker brought the headers', async () => {
    const history = { obscuraReloaded: true };
    const { page, reload } = browser({ controller: new FakeWorker('activated'), isolated: false, history });
    expect((await raiseWall(page, () => undefined)).state).toEqual({ missing: 'headers' });
    expect(reload).not.toHaveBeenCalled();
  });
});

describe('the wall stands', () => {
  test('only after one reload through it, since no host knows all that the headers of the page are made of', async () => {
    const installing = new FakeWorker('installing');
    const first = browser({ installing });
    const states: WallState[] = [];
    void raiseWall(first.page, (state) => states.push(state));
    await tick();
    expect([first.reload.mock.calls.length, states]).toEqual([0, ['raising']]);
    first.control(installing);
    await tick();
    expect([first.reload.mock.calls.length, states]).toEqual([1, ['raising']]);
    const history = first.history.state;
    const second = browser({ controller: installing, workerStart: 3, history });
    expect((await raiseWall(second.page, () => undefined)).state).toBe('standing');
  });

  test('at once for a document that came through it', async () => {
    const { page, reload } = browser({ controller: new FakeWorker('activated'), workerStart: 3 });
    expect((await raiseWall(page, () => undefined)).state).toBe('standing');
    expect(reload).not.toHaveBeenCalled();
  });

  test('after one reload where the browser hides its timings', async () => {
    const history = { obscuraReloaded: true };
    const { page, reload } = browser({ controller: new FakeWorker('activated'), history });
    expect((await raiseWall(page, () => undefined)).state).toBe('standing');
    expect(reload).not.toHaveBeenCalled();
  });

  test('after one reload where the host sent none, and the mark of it is taken away again', async () => {
    const controller = new FakeWorker('activated');
    const first = browser({ controller, isolated: false, history: { route: 1 } });
    const states: WallState[] = [];
    void raiseWall(first.page, (state) => states.push(state));
    await tick();
    expect(first.reload).toHaveBeenCalledTimes(1);
    expect(states).toEqual(['raising']);
    const second = browser({ controller, isolated: true, history: first.history.state });
    expect((await raiseWall(second.page, () => undefined)).state).toBe('standing');
    expect(second.history.state).toEqual({ route: 1, obscuraReloaded: false });
  });
});

describe('behind a standing wall', () => {
  test('the engine is fetched with progress that never falls', async () => {
    const controller = new FakeWorker('activated');
    controller.answers = [
      { type: 'engine-progress', doneBytes: 5, totalBytes: 9 },
      { type: 'engine-progress', doneBytes: 3, totalBytes: 9 },
      { type: 'engine-progress', doneBytes: 9, totalBytes: 9 },
      { type: 'engine-ready' },
    ];
    const wall = await raiseWall(browser({ controller, workerStart: 3 }).page, () => undefined);
    const done: number[] = [];
    await wall.fetchEngine(({ doneBytes }) => done.push(doneBytes));
    expect(done).toEqual([5, 5, 9]);
  });

  test('its failure comes with its code', async () => {
    const controller = new FakeWorker('activated');
    controller.answers = [{ type: 'engine-failed', code: 'network/failed' }];
    const wall = await raiseWall(browser({ controller, workerStart: 3 }).page, () => undefined);
    await expect(wall.fetchEngine(() => undefined)).rejects.toMatchObject({ code: 'network/failed' });
  });

  test('a service worker that is taken down while it is asked is not waited for', async () => {
    const controller = new FakeWorker('activated');
    const wall = await raiseWall(browser({ controller, workerStart: 3 }).page, () => undefined);
    const asked = wall.fetchEngine(() => undefined);
    controller.becomes('redundant');
    await expect(asked).rejects.toMatchObject({ code: 'wall/missing' });
  });

  test('it is missing again when the service worker is removed, and not when another takes over', async () => {
    const states: WallState[] = [];
    const worker = new FakeWorker('activated');
    const { page, control } = browser({ controller: worker, active: worker, workerStart: 1 });
    await raiseWall(page, (state) => states.push(state));
    control(new FakeWorker('activated'));
    expect(states).toEqual(['raising', 'standing']);
    control(null);
    expect(states.at(-1)).toEqual({ missing: 'gone' });
  });

  test('an update waits until it is taken, and only then the page reloads', async () => {
    const controller = new FakeWorker('activated');
    const { page, update, control, reload } = browser({ controller, workerStart: 3 });
    const wall = await raiseWall(page, () => undefined);
    const found = vi.fn<(take: () => void) => void>();
    wall.onUpdate(found);
    const fresh = new FakeWorker('installing');
    update(fresh);
    expect(found).not.toHaveBeenCalled();
    fresh.becomes('installed');
    expect(found).toHaveBeenCalledTimes(1);
    expect(fresh.heard).toEqual([]);
    found.mock.calls[0]![0]();
    expect(fresh.heard).toEqual([{ type: 'skip-waiting' }]);
    expect(reload).not.toHaveBeenCalled();
    control(fresh);
    expect(reload).toHaveBeenCalledTimes(1);
  });

  test('an update that another tab has taken meanwhile only needs a reload here', async () => {
    const controller = new FakeWorker('activated');
    const { page, update, reload } = browser({ controller, workerStart: 3 });
    const wall = await raiseWall(page, () => undefined);
    const found = vi.fn<(take: () => void) => void>();
    wall.onUpdate(found);
    const fresh = new FakeWorker('installing');
    update(fresh);
    fresh.becomes('installed');
    fresh.becomes('activated');
    found.mock.calls[0]![0]();
    expect(reload).toHaveBeenCalledTimes(1);
  });
});
