/**
 * A model file from disk: known by its hash, or recognised by its graph. Only self-contained graphs of known
 * operators are taken; nothing in a file can run code or read another file.
 */
import { StudioError } from '../base/errors';
import { bytesOfFile } from '../base/file';
import { streamingSha256 } from '../base/sha256';
import { convertDctNet } from '../foundry/dct-net-pb';
import { readOnnx, type OnnxModel } from '../foundry/onnx';
import type { ColourGuess, ModelCard, ModelUse } from '../models/model';
import { cartoonSpecOf, guessColours } from './cartoon-graph';
import { cardBySha256 } from './catalog';
import { leavesFolder } from './companions';
import { fileKind, headBytes } from './file-kind';
import type { ModelStore } from './store';

/** A single file is read whole to be recognised; the nets of this kind are a few megabytes. */
export const maxImportBytes = 512 * 1024 * 1024;
/** Beside ONNX's own. */
const knownDomain = /^com\.microsoft\.\w+$/;

/**
 * @throws StudioError file/gone, model/pickle, model/not-recognised, model/not-dct-net, model/damaged, model/fixed-size,
 * model/foreign-operators, model/missing-file, model/unsafe-path, storage/*
 */
export async function importModel(file: Blob, fileName: string, store: ModelStore): Promise<ModelCard> {
  if (file.size === 0) throw new StudioError('model/damaged', { reason: 'empty', file: fileName });
  const head = await bytesOfFile(file.slice(0, headBytes));
  const kind = fileKind(head, fileName);
  if (file.size > maxImportBytes) {
    throw new StudioError('model/not-recognised', { reason: 'too large', maxBytes: maxImportBytes });
  }
  const published = await bytesOfFile(file);
  const bytes = kind === 'tensorflow' ? convertDctNet(published) : published;
  const hash = await streamingSha256();
  hash.update(bytes);
  const sha256 = hash.digest();
  const known = cardBySha256(sha256);
  const card = known ?? (kind === 'tensorflow' ? convertedCard : recognisedCard)(bytes, fileName, sha256);
  await store.put(card, once(bytes));
  return card;
}

/** @throws StudioError model/not-recognised, model/fixed-size */
export function useOf(onnx: OnnxModel, guess?: ColourGuess): ModelUse {
  if (isFaceFinder(onnx)) {
    const sides = onnx.inputs[0]?.dims.slice(2).filter((side) => typeof side === 'number') ?? [];
    if (sides.length > 0) throw new StudioError('model/fixed-size', { sides: sides.join('×') });
    return { pipeline: 'cartoon', role: 'faces', spec: { decode: 'yunet', minScore: 0.6 } };
  }
  return { pipeline: 'cartoon', role: 'cartoon', spec: cartoonSpecOf(onnx, guess ?? guessColours(onnx)) };
}

/** The same model with what its graph leaves open as said. @throws StudioError model/not-installed, model/damaged, storage/* */
export async function setColours(store: ModelStore, cardId: string, guess: ColourGuess): Promise<ModelCard> {
  const record = (await store.list()).find(({ card }) => card.id === cardId);
  if (!record?.card.guess) throw new StudioError('model/not-installed', { model: cardId });
  const bytes = await store.read(record.card);
  const card = { ...record.card, guess, use: useOf(readOnnx(bytes), guess) };
  await store.put(card, once(bytes));
  return card;
}

// eslint-disable-next-line @typescript-eslint/require-await -- the store reads async iterables
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function recognisedCard(bytes: Uint8Array, fileName: string, sha256: string): ModelCard {
  const onnx = readOnnx(bytes);
  const operators = onnx.foreignOperators.filter((operator) => !knownDomain.test(operator));
  if (operators.length > 0) {
    throw new StudioError('model/foreign-operators', { operators: operators.join(', ') });
  }
  const outside = onnx.externalFiles.find(leavesFolder);
  if (outside !== undefined) throw new StudioError('model/unsafe-path', { file: outside });
  const [missing] = onnx.externalFiles;
  if (missing !== undefined) throw new StudioError('model/missing-file', { file: missing });
  const guess = isFaceFinder(onnx) ? null : guessColours(onnx);
  const use = useOf(onnx, guess ?? undefined);
  return {
    ...importedCard({ id: `imported-${sha256.slice(0, 16)}`, fileName, bytes, sha256, use }),
    source: 'Imported from disk.',
    ...(guess && { guess }),
  };
}

/** Of what the foundry wrote: whose weights they are cannot be told, so the licence stays open. */
function convertedCard(bytes: Uint8Array, fileName: string, sha256: string): ModelCard {
  const use = useOf(readOnnx(bytes));
  return {
    ...importedCard({ id: `imported-dct-net-${sha256.slice(0, 16)}`, fileName, bytes, sha256, use }),
    source: `DCT-Net’s network, converted on this device from ${fileName}.`,
  };
}

function importedCard(of: {
  readonly id: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly use: ModelUse;
}) {
  const title = of.fileName.replace(/\.(onnx|pb)$/i, '');
  return {
    id: of.id,
    title,
    family: { id: of.id, title },
    use: of.use,
    licence: { spdx: 'unknown', holder: 'unknown', commercialUse: false },
    builtIn: false,
    part: { name: `${title}.onnx`, bytes: of.bytes.length, sha256: of.sha256 },
  };
}

function isFaceFinder({ outputs }: OnnxModel): boolean {
  const names = new Set(outputs.map(({ name }) => name));
  return ['cls_8', 'obj_8', 'bbox_8', 'kps_8'].every((name) => names.has(name));
}
