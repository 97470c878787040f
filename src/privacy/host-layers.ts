/** Which headers of the policy the host itself sends, file by file: asked from the service worker, past its own answers. */
import type { AllowList } from './allow-list';
import { fileKind, headersOf, type FileKind, type Grant } from './policy';

/** Reaches the host itself; only the headers of its answer are read. */
type AskHost = (path: string) => Promise<Response>;
type HostSays = 'same' | 'other' | 'none';

export interface HostLayer {
  readonly kind: FileKind;
  readonly path: string;
  /** By the name of each header of the policy for this file; null where the host did not answer. */
  readonly headers: Readonly<Record<string, HostSays>> | null;
}

/** The page, each kind of worker and the service worker's own script. */
function layeredPaths(paths: readonly string[]): readonly string[] {
  const first = (kind: FileKind) => paths.find((path) => fileKind(path) === kind && path.endsWith('.js'));
  const workers = [
    paths.find((path) => path.startsWith('engine/inference-')),
    first('library'),
    first('vault'),
    first('pdf'),
  ];
  return ['index.html', ...workers.filter((path) => path !== undefined), 'service-worker.js'];
}

async function hostLayer(path: string, grants: readonly Grant[], ask: AskHost): Promise<HostLayer> {
  const kind = fileKind(path);
  try {
    const { ok, headers, body } = await ask(path);
    await body?.cancel();
    if (!ok) return { kind, path, headers: null };
    const says = Object.entries(headersOf(path, grants)).map(([name, value]): [string, HostSays] => {
      const sent = headers.get(name);
      return [name, sent === null ? 'none' : sent === value ? 'same' : 'other'];
    });
    return { kind, path, headers: Object.fromEntries(says) };
  } catch {
    return { kind, path, headers: null };
  }
}

export function hostLayers(list: AllowList, ask: AskHost): Promise<HostLayer[]> {
  const paths = layeredPaths([...list.shell, ...list.engine].map(({ path }) => path));
  return Promise.all(paths.map((path) => hostLayer(path, list.grants, ask)));
}

/** Whether the host itself sends the page under the whole policy. */
export async function sendsEveryHeader(ask: AskHost): Promise<boolean> {
  const { headers } = await hostLayer('index.html', [], ask);
  return headers !== null && Object.values(headers).every((says) => says === 'same');
}
