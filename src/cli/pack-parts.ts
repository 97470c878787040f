/**
 * Models of several parts among the files of a folder: found by the names of a card's files, or by the `model.json` that
 * a build wrote. Hashed piece by piece.
 */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { builtCard, builtFacts } from '../library/built-model';
import { Cut, largestChunkBytes } from '../library/chunks';
import { plainFileName, type ListedFile, type ListedModel } from '../library/manifest';
import { contentOf, filesOf, withFiles } from '../models/files';
import type { ModelFile, PartsCard } from '../models/model';
import { PlainError } from './plain-error';

export interface PackedParts {
  readonly model: ListedModel;
  /** Where each file lies, by the path it is to have. */
  readonly from: ReadonlyMap<string, string>;
}

/**
 * Every model of these cards of which the folder has all files. Where a card knows no hash, the file's own is told.
 * @throws PlainError for a file that is not the card's
 */
export function partsIn(folder: string, cards: readonly PartsCard[]): readonly PackedParts[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const byName = new Map(paths.map((path) => [basename(path), path]));
  return cards
    .filter((card) => filesOf(card).every(({ name }) => byName.has(name)))
    .map((card) => packed(card, ({ name }) => byName.get(name) ?? name));
}

/**
 * What `npm run model -- build` wrote there, if anything. `flat` lays its files beside the manifest.
 * @throws PlainError, StudioError model/damaged, model/unsafe-path
 */
export function builtIn(folder: string, { flat = false } = {}): PackedParts | null {
  const facts = join(folder, builtFacts);
  if (!existsSync(facts)) return null;
  const card = builtCard(readFileSync(facts, 'utf8'));
  const missing = filesOf(card).find(({ name }) => !existsSync(join(folder, name)));
  if (missing) throw new PlainError(`${folder} has no ${missing.name}, which ${builtFacts} names.`);
  return packed(card, ({ name }) => join(folder, name), flat);
}

function packed(card: PartsCard, pathOf: (file: ModelFile) => string, flat = false): PackedParts {
  const measured = new Map(filesOf(card).map((file) => [file.name, measure(pathOf(file))]));
  const found = withFiles(card, (file) => ({ ...file, ...measured.get(file.name)?.file }));
  for (const [index, file] of filesOf(card).entries()) {
    const here = filesOf(found)[index];
    if (file.sha256 !== '' && file.sha256 !== here?.sha256)
      throw new PlainError(`${pathOf(file)} is not the file of ${card.title} that was published.`);
  }
  const isPinned = contentOf(card) === contentOf(found);
  const id = isPinned ? card.id : `imported-${contentOf(found).slice(0, 16)}`;
  const model = withFiles({ ...found, id }, (file) => {
    const chunks = { bytes: largestChunkBytes, sha256: measured.get(file.name)?.chunkSha256 ?? [] };
    return { ...file, path: `${flat ? '' : `${id}/`}${plainFileName(file, card)}`, chunks };
  });
  return { model, from: new Map(filesOf<ListedFile>(model).map((file) => [file.path, pathOf(file)])) };
}

/** Read once, a chunk at a time. */
function measure(path: string) {
  const { size } = statSync(path);
  const cut = new Cut(size, largestChunkBytes);
  const whole = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    const chunkSha256 = [...Array(cut.count).keys()].map((index) => {
      const bytes = new Uint8Array(cut.length(index));
      for (let at = 0; at < bytes.length;) {
        const got = readSync(file, bytes, at, bytes.length - at, cut.start(index) + at);
        if (got === 0) throw new PlainError(`${path} became shorter while it was read.`);
        at += got;
      }
      whole.update(bytes);
      return hex(createHash('sha256').update(bytes));
    });
    return { file: { bytes: size, sha256: hex(whole) }, chunkSha256 };
  } finally {
    closeSync(file);
  }
}

function hex(hash: Hash): string {
  return hash.digest('hex');
}
