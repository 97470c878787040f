/** The name of a library worker: whose tab it is of, and which model it has a grant for, if any. */
interface LibraryName {
  readonly tab: string;
  readonly cardId: string | null;
}

export function libraryName({ tab, cardId }: LibraryName): string {
  return cardId === null ? `library ${tab}` : `library ${tab} ${cardId}`;
}

export function readLibraryName(name: string): LibraryName {
  const [, tab = '', cardId = null] = name.split(' ');
  return { tab, cardId };
}
