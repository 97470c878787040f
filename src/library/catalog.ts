/** Which models this build knows. A folder in `models/` with a `card.ts` is all it takes. */
import { contentOf } from '../models/files';
import type { ModelCard } from '../models/model';

const modules = import.meta.glob<{ card: ModelCard }>('../models/*/card.ts', { eager: true });

export const catalog: readonly ModelCard[] = Object.values(modules)
  .map(({ card }) => card)
  .sort((a, b) => Number(b.builtIn) - Number(a.builtIn) || a.title.localeCompare(b.title));

export function cardById(id: string): ModelCard | undefined {
  return catalog.find((card) => card.id === id);
}

/** The card of exactly these bytes, see `contentOf`. */
export function cardOfContent(content: string): ModelCard | undefined {
  return catalog.find((card) => contentOf(card) === content);
}
