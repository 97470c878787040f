/** What onnxruntime-web is started with, and how it is called. */
import { StudioError } from '../base/errors';

export interface OrtPowers {
  /** Fetches one of the engine's files, by the URL the build gave it. */
  readonly fetchFile: (url: string) => Promise<Response>;
  readonly gpu: GPU | undefined;
  readonly isolated: boolean;
  readonly coreCount: number;
}

export function threadsFor(coreCount: number): number {
  return coreCount <= 4 ? Math.max(1, coreCount) : Math.min(8, Math.ceil(coreCount / 2));
}

/** The wasm is kept gzipped: a quarter of the bytes on hosts that do not compress, and below 25 MiB. */
export async function unpack(response: Response): Promise<Uint8Array> {
  if (!response.body) throw new StudioError('network/failed', { path: response.url });
  const stream = response.body.pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Each piece of work begins when the one before is over, however that ended. */
export function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine;
    return mine;
  };
}
