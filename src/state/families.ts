/** Cartoon models grouped as the page's Model box shows them, each family with the styles it can draw. */
import type { ModelCard } from '../models/model';
import { styleIds, type StyleId } from '../pipelines/cartoon/card';

interface StyleEntry {
  readonly style: StyleId;
  readonly card: ModelCard;
}

export interface Family {
  readonly id: string;
  readonly title: string;
  readonly builtIn: boolean;
  readonly styles: readonly StyleEntry[];
}

/** Built-in families first, then by title. */
export function cartoonFamilies(cards: readonly ModelCard[]): readonly Family[] {
  const families = new Map<string, Family>();
  for (const card of cards) {
    if (card.use.role !== 'cartoon') continue;
    const { id, title } = card.family;
    const known = families.get(id) ?? { id, title, builtIn: card.builtIn, styles: [] };
    const { style } = card.use.spec;
    if (known.styles.some((entry) => entry.style === style)) continue;
    const styles = [...known.styles, { style, card }].sort(
      (a, b) => styleIds.indexOf(a.style) - styleIds.indexOf(b.style),
    );
    families.set(id, { ...known, styles });
  }
  return [...families.values()].sort(
    (a, b) => Number(b.builtIn) - Number(a.builtIn) || a.title.localeCompare(b.title),
  );
}
