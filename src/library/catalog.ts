/** Which models this build knows. A folder in `models/` with a `card.ts` is all it takes. */
import type { ModelCard } from '../models/model';

const modules = import.meta.glob<{ card: ModelCard }>('../models/*/card.ts', { eager: true });

export const catalog: readonly ModelCard[] = Object.values(modules)
  .map(({ card }) => card)
  .sort((a, b) => Number(b.builtIn) - Number(a.builtIn) || a.title.localeCompare(b.title));

export function cardById(id: string): ModelCard | undefined {
  return catalog.find((card) => card.id === id);
}

export function cardBySha256(sha256: string): ModelCard | undefined {
  return catalog.find((card) => card.part.sha256 === sha256);
}
