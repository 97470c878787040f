/**
 * A model file from disk: known by its hash, or recognised by its graph. Only self-contained graphs of known
 * operators are taken; nothing in a file can run code or read another file.
 */
import { StudioError } from '../base/errors';
import { bytesOfFile } from '../base/file';
import { streamingSha256 } from '../base/sha256';
import { convertDctNet } from '../foundry/dct-net-pb';
import { readOnnx } from '../foundry/onnx';
import { ofOneFile } from '../models/files';
import type { ColourGuess, FileCard, ModelCard, ModelFile } from '../models/model';
import { guessColours } from './cartoon-graph';
import { cardOfContent } from './catalog';
import { fileKind, headBytes } from './file-kind';
import { openableModel } from './openable';
import { convertedCard, recognisedCard, selfContained, useOf } from './recognise';
import { once } from './rechunk';
import type { ModelStore } from './store';

/** A single file is read whole to be recognised; the nets of this kind are a few megabytes. */
export const maxImportBytes = 512 * 1024 * 1024;

/** So much of a large file is in memory at once. */
const readBytes = 16 * 1024 * 1024;

/**
 * @throws StudioError file/gone, model/pickle, model/not-recognised, model/not-dct-net, model/damaged,
 * model/foreign-operators, model/missing-file, model/unsafe-path, storage/*
 */
export async function importModel(file: Blob, fileName: string, store: ModelStore): Promise<FileCard> {
  const { kind, bytes: published } = await readWhole(file, fileName);
  const bytes = kind === 'tensorflow' ? convertDctNet(published) : published;
  const hash = await streamingSha256();
  hash.update(bytes);
  const sha256 = hash.digest();
  // One file is never offered under two names.
  const known = (await knownFile(sha256, store)) ?? ofOneFile(await store.cardOf(sha256));
  const card = known ?? (kind === 'tensorflow' ? convertedCard : recognisedCard)(bytes, fileName, sha256);
  await store.put(card, once(bytes));
  return card;
}

/**
 * The files of a model of several parts, as a manifest or the catalogue describes it; nothing of them is run or
 * recognised, and each must be what was described to the byte.
 * @throws StudioError file/gone, model/pickle, model/not-recognised, model/hash-mismatch, storage/*
 */
export async function importParts(
  card: ModelCard,
  files: ReadonlyMap<ModelFile, Blob>,
  store: ModelStore,
): Promise<ModelCard> {
  for (const [{ name }, file] of files) fileKind(await bytesOfFile(file.slice(0, headBytes)), name);
  await store.putFiles(card, (file) => bytesIn(files.get(file) ?? new Blob()));
  return card;
}

/**
 * A file that a manifest describes, under the manifest's words, or the catalogue's where it knows the file. How
 * its pictures are to be read is told by the graph; the manifest says only what the graph leaves open.
 * @throws StudioError as `importModel`, model/hash-mismatch
 */
export async function importListed(listed: FileCard, file: Blob, store: ModelStore): Promise<FileCard> {
  const { kind, bytes } = await readWhole(file, listed.part.name);
  if (kind !== 'onnx') throw new StudioError('model/not-recognised', { reason: 'not ONNX' });
  const hash = await streamingSha256();
  hash.update(bytes);
  const found = hash.digest();
  const { sha256: expected } = listed.part;
  if (found !== expected)
    throw new StudioError('model/hash-mismatch', { model: listed.title, expected, found });
  const id = (await store.cardOf(found))?.id ?? listed.id;
  const use = useOf(selfContained(bytes), listed.guess);
  const card = (await knownFile(found, store)) ?? { ...listed, id, family: { id, title: listed.title }, use };
  await store.put(card, once(bytes));
  return card;
}

/**
 * The same model with what its graph leaves open as `said`; what is not said stays as it is by then.
 * @throws StudioError model/not-installed, model/damaged, storage/*
 */
export async function setColours(
  store: ModelStore,
  cardId: string,
  said: Partial<ColourGuess>,
): Promise<ModelCard> {
  const record = (await store.list()).find(({ card }) => card.id === cardId);
  if (!record?.card.guess || !record.card.part)
    throw new StudioError('model/not-installed', { model: cardId });
  const onnx = readOnnx((await openableModel(record.card, store)).graph);
  return store.changeCard(record.card, (card) => {
    const guess = { ...guessColours(onnx), ...card.guess, ...said };
    return { ...card, guess, use: useOf(onnx, guess) };
  });
}

/** As the catalogue has it, or as it was made here once of what the catalogue names. */
async function knownFile(sha256: string, store: ModelStore): Promise<FileCard | undefined> {
  return ofOneFile(cardOfContent(sha256)) ?? (await store.madeHere(sha256));
}

/** @throws StudioError model/damaged, model/pickle, model/not-recognised */
async function readWhole(file: Blob, name: string) {
  if (file.size === 0) throw new StudioError('model/damaged', { reason: 'empty', file: name });
  const kind = fileKind(await bytesOfFile(file.slice(0, headBytes)), name);
  if (file.size > maxImportBytes) {
    throw new StudioError('model/not-recognised', { reason: 'too large', maxBytes: maxImportBytes });
  }
  return { kind, bytes: await bytesOfFile(file) };
}

/** @throws StudioError file/gone where the disk gives it no more */
async function* bytesIn(file: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += readBytes) yield await bytesOfFile(file.slice(at, at + readBytes));
}
