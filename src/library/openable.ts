/** A kept part in the form a session is made of: every chunk proven, and no second copy of one that is large. */
import { StudioError } from '../base/errors';
import { outlineOf } from '../foundry/outline';
import { fileCards } from '../models/files';
import type { FileCard, ModelCard, ModelFile } from '../models/model';
import type { OpenableModel } from '../runtime/runtime';
import type { Bytes } from './chunks';
import type { ModelStore } from './store';

/** Up to here one copy costs less than many reads. */
const mostInOnePiece = 64 * 1024 * 1024;
/** No file of a model is called so: it has no ending. */
const ownWeights = 'weights';

/** A model of one file. @throws StudioError model/not-installed, model/damaged, storage/unavailable */
export async function openableModel(
  card: FileCard,
  store: ModelStore,
  inOnePiece = mostInOnePiece,
): Promise<OpenableModel> {
  if (card.part.bytes <= inOnePiece) return { graph: await store.read(card) };
  const source = await store.prove(card);
  return { graph: outlineOf(source, ownWeights), weights: [{ location: ownWeights, source }] };
}

/** One part of a model of several, by its name, with the weights beside its graph. @throws as `openableModel` */
export async function openablePart(card: ModelCard, name: string, store: ModelStore): Promise<OpenableModel> {
  const [graph, ...beside] = fileCardsOf(card, name);
  const { graph: outline, weights = [] } = await openableModel(graph, store);
  const sources = [...weights];
  for (const file of beside) sources.push({ location: file.part.name, source: await store.prove(file) });
  return { graph: outline, weights: sources };
}

/** The bytes of a part that is no graph. @throws as `openableModel` */
export function readPart(card: ModelCard, name: string, store: ModelStore): Promise<Bytes> {
  return store.read(fileCardsOf(card, name)[0]);
}

/** @throws StudioError model/wrong-shape where the model has no such part */
function fileCardsOf(card: ModelCard, name: string): readonly [FileCard, ...FileCard[]] {
  const files: readonly ModelFile[] = card.parts?.[name] ?? [];
  const [graph, ...beside] = fileCards(card).filter(({ part }) => files.includes(part));
  if (!graph) throw new StudioError('model/wrong-shape', { model: card.title, part: name });
  return [graph, ...beside];
}
