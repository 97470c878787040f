/** A kept model in the form a session is made of: every chunk proven, and no second copy of one that is large. */
import { outlineOf } from '../foundry/outline';
import type { ModelCard } from '../models/model';
import type { OpenableModel } from '../runtime/runtime';
import type { ModelStore } from './store';

/** Up to here one copy costs less than many reads. */
const mostInOnePiece = 64 * 1024 * 1024;
const location = 'weights';

/** @throws StudioError model/not-installed, model/damaged, storage/unavailable */
export async function openableModel(
  card: ModelCard,
  store: ModelStore,
  inOnePiece = mostInOnePiece,
): Promise<OpenableModel> {
  if (card.part.bytes <= inOnePiece) return { graph: await store.read(card) };
  const source = await store.prove(card);
  return { graph: outlineOf(source, location), weights: { location, source } };
}
