/** The shelf by what its models do: built in first, then by family, and what was imported last. */
import type { ShelfEntry } from '../../library/librarian';
import type { ModelUse } from '../../models/model';

export type Role = ModelUse['role'];

interface ShelfGroup {
  readonly role: Role;
  readonly entries: readonly ShelfEntry[];
}

const roles = ['cartoon', 'faces', 'picture', 'words'] as const satisfies readonly Role[];

/** Only groups that hold something. */
export function shelfGroups(entries: readonly ShelfEntry[]): readonly ShelfGroup[] {
  return roles
    .map((role) => ({
      role,
      entries: entries.filter(({ card }) => card.use.role === role).toSorted(byMaker),
    }))
    .filter((group) => group.entries.length > 0);
}

function byMaker({ card: a }: ShelfEntry, { card: b }: ShelfEntry): number {
  const place = ({ builtIn, id }: ShelfEntry['card']) => (builtIn ? 0 : id.startsWith('imported-') ? 2 : 1);
  return place(a) - place(b) || a.title.localeCompare(b.title);
}
