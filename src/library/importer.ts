/**
 * A model file from disk: known by its hash, or recognised by its graph. Only self-contained graphs of known
 * operators are taken; nothing in a file can run code or read another file.
 */
import { StudioError } from '../base/errors';
import { bytesOfFile } from '../base/file';
import { streamingSha256 } from '../base/sha256';
import { convertDctNet } from '../foundry/dct-net-pb';
import { readOnnx } from '../foundry/onnx';
import type { ColourGuess, ModelCard } from '../models/model';
import { guessColours } from './cartoon-graph';
import { cardBySha256 } from './catalog';
import { fileKind, headBytes } from './file-kind';
import { openableModel } from './openable';
import { convertedCard, recognisedCard, selfContained, useOf } from './recognise';
import type { ModelStore } from './store';

/** A single file is read whole to be recognised; the nets of this kind are a few megabytes. */
export const maxImportBytes = 512 * 1024 * 1024;

/**
 * @throws StudioError file/gone, model/pickle, model/not-recognised, model/not-dct-net, model/damaged, model/fixed-size,
 * model/foreign-operators, model/missing-file, model/unsafe-path, storage/*
 */
export async function importModel(file: Blob, fileName: string, store: ModelStore): Promise<ModelCard> {
  const { kind, bytes: published } = await readWhole(file, fileName);
  const bytes = kind === 'tensorflow' ? convertDctNet(published) : published;
  const hash = await streamingSha256();
  hash.update(bytes);
  const sha256 = hash.digest();
  // One file is never kept under two names: the bytes of both would go with the first that is removed.
  const known = cardBySha256(sha256) ?? (await store.cardOf(sha256));
  const card = known ?? (kind === 'tensorflow' ? convertedCard : recognisedCard)(bytes, fileName, sha256);
  await store.put(card, once(bytes));
  return card;
}

/**
 * A file that a manifest describes, under the manifest's words, or the catalogue's where it knows the file. How
 * its pictures are to be read is told by the graph; the manifest says only what the graph leaves open.
 * @throws StudioError as `importModel`, model/hash-mismatch
 */
export async function importListed(listed: ModelCard, file: Blob, store: ModelStore): Promise<ModelCard> {
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
  const card = cardBySha256(found) ?? { ...listed, id, family: { id, title: listed.title }, use };
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
  if (!record?.card.guess) throw new StudioError('model/not-installed', { model: cardId });
  const onnx = readOnnx((await openableModel(record.card, store)).graph);
  return store.changeCard(record.card, (card) => {
    const guess = { ...guessColours(onnx), ...card.guess, ...said };
    return { ...card, guess, use: useOf(onnx, guess) };
  });
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

// eslint-disable-next-line @typescript-eslint/require-await -- the store reads async iterables
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
