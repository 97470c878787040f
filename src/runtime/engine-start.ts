/** What onnxruntime-web is started with. */
import { StudioError } from '../base/errors';

export function threadsFor(coreCount: number): number {
  return coreCount <= 4 ? Math.max(1, coreCount) : Math.min(8, Math.ceil(coreCount / 2));
}

/** The wasm is kept gzipped: a quarter of the bytes on hosts that do not compress, and below 25 MiB. */
export async function unpack(response: Response): Promise<Uint8Array> {
  if (!response.body) throw new StudioError('network/failed', { path: response.url });
  const stream = response.body.pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
