/** The headers of the page, its workers and the service worker's own script: as the host sends them, and as the wall does. */
import type { AllowList } from './allow-list';
import type { SentHeaders } from './wall-messages';

interface Senders {
  /** Reaches the host itself. */
  readonly host: (path: string) => Promise<Response>;
  readonly wall: (path: string) => Promise<Response>;
}

export function sentHeaders({ engine }: AllowList, senders: Senders): Promise<SentHeaders[]> {
  const workers = engine.filter(({ path }) => /^engine\/(?:inference|library|vault)-/.test(path));
  const paths = ['index.html', ...workers.map(({ path }) => path), 'service-worker.js'];
  return Promise.all(paths.map((path) => sentHeadersOf(path, senders)));
}

async function sentHeadersOf(path: string, { host, wall }: Senders): Promise<SentHeaders> {
  const asked = await host(path).catch(() => null);
  await asked?.body?.cancel();
  const all = (answer: Response) => Object.fromEntries(answer.headers);
  return {
    path,
    host: asked?.ok === true ? all(asked) : null,
    // Its own script never passes through it.
    wall: path === 'service-worker.js' ? {} : all(await wall(path)),
  };
}
