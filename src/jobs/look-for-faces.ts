/** The end of a text-to-image job in careful mode: which faces a finder sees in the pictures that were made. */
import { isAbort, StudioError } from '../base/errors';
import { cardOfContent } from '../library/catalog';
import { openableModel } from '../library/openable';
import type { ModelStore } from '../library/store';
import { contentOf } from '../models/files';
import type { ModelCard } from '../models/model';
import type { Face } from '../pipelines/cartoon/card';
import { findFaces } from '../pipelines/cartoon/find';
import { smallestFacePx } from '../pipelines/cartoon/toon-size';
import type { RgbaImage } from '../runtime/image';
import type { Runtime } from '../runtime/runtime';

/**
 * Clear faces of each picture, largest first; null where it could not be looked for them, which is no reason to lose a
 * picture. @throws the signal's reason
 */
export async function lookForFaces(
  images: readonly RgbaImage[],
  finder: ModelCard,
  { runtime, store, signal }: { runtime: Pick<Runtime, 'open'>; store: ModelStore; signal: AbortSignal },
): Promise<readonly (readonly Face[])[] | null> {
  try {
    if (finder.use.role !== 'faces' || !finder.part)
      throw new StudioError('model/wrong-shape', { model: finder.title });
    const untried = cardOfContent(contentOf(finder)) === undefined;
    const session = await runtime.open(await openableModel(finder, store), { untried });
    try {
      const faces = [];
      for (const image of images) {
        signal.throwIfAborted();
        const found = await findFaces({ session, spec: finder.use.spec }, image);
        faces.push(found.filter(({ width, height }) => Math.max(width, height) > smallestFacePx));
      }
      return faces;
    } finally {
      await session.release();
    }
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    return null;
  }
}
