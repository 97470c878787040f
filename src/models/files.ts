/** The files of a model, be it of one part or of several. */
import type { FileCard, ModelCard, ModelFile, ModelPart, OneFile, SeveralParts } from './model';

/** In the order in which they are fetched. */
export function filesOf(files: OneFile | SeveralParts): readonly ModelFile[];
export function filesOf<File>(files: OneFile<File> | SeveralParts<File>): readonly File[];
export function filesOf<File>(files: OneFile<File> | SeveralParts<File>): readonly File[] {
  return files.parts ? Object.values(files.parts).flat() : [files.part];
}

/** A card for each file: what the download and the store go by. */
export function fileCards(card: ModelCard): readonly FileCard[] {
  if (!card.parts) return [card];
  const { parts, ...facts } = card;
  return filesOf(card).map((part) => ({ ...facts, part, of: parts }));
}

/** The model that a file is of. */
export function modelOf(card: FileCard): ModelCard {
  const { of: parts, ...facts } = card;
  return parts ? { ...facts, part: undefined, parts } : card;
}

/** The card, if it is one of a single file. */
export function ofOneFile(card: ModelCard | undefined): FileCard | undefined {
  return card?.part ? card : undefined;
}

/** The same model with each of its files changed. */
export function withFiles<File>(card: ModelCard, change: (file: ModelFile) => File): ModelCard<File> {
  if (!card.parts) return { ...card, part: change(card.part) };
  const changed = ([first, ...others]: ModelPart): ModelPart<File> => [change(first), ...others.map(change)];
  const parts = Object.entries(card.parts).map(([name, part]) => [name, changed(part)] as const);
  return { ...card, parts: Object.fromEntries(parts) };
}

/** 0 while the host of one of them has not said how long it is. */
export function bytesOf(card: ModelCard): number {
  const lengths = filesOf(card).map(({ bytes }) => bytes);
  return lengths.includes(0) ? 0 : lengths.reduce((sum, bytes) => sum + bytes, 0);
}

/** Names the very bytes of a model: the SHA-256 of its file, or those of all its files in turn. */
export function contentOf(files: OneFile | SeveralParts): string {
  return filesOf(files)
    .map(({ sha256 }) => sha256)
    .join('+');
}

export function isSameContent(card: ModelCard): (other: ModelCard) => boolean {
  const content = contentOf(card);
  return (other) => contentOf(other) === content;
}
