/**
 * A model that the catalogue does not know, recognised by its graph: which job it can do, and how its pictures
 * are to be read. Nothing in it is run.
 */
import { StudioError } from '../base/errors';
import { readOnnx, type OnnxModel } from '../foundry/onnx';
import type { ColourGuess, FileCard, ModelUse } from '../models/model';
import { cartoonSpecOf, guessColours, isRgba } from './cartoon-graph';
import { leavesFolder } from './companions';

/** Beside ONNX's own. */
const knownDomain = /^com\.microsoft\.\w+$/;

/** YuNet looks at cells of 8, 16 and 32 pixels. */
const finderStep = 32;

/** @throws StudioError model/not-recognised */
export function useOf(onnx: OnnxModel, guess?: ColourGuess): ModelUse {
  if (isFaceFinder(onnx)) {
    const [input] = onnx.inputs;
    const ofBytes = input !== undefined && isRgba(input);
    const [height, width] = input?.dims.slice(ofBytes ? 1 : 2) ?? [];
    const sides = [height, width].filter((side) => typeof side === 'number');
    // One of free sides, or of a size that its cells divide.
    if (sides.length === 1 || sides.some((side) => side % finderStep !== 0))
      throw new StudioError('model/not-recognised', { reason: 'size', sides: sides.join('×') });
    const layout = ofBytes && ({ layout: 'rgba' } as const);
    return { pipeline: 'cartoon', role: 'faces', spec: { decode: 'yunet', ...layout, minScore: 0.6 } };
  }
  return { pipeline: 'cartoon', role: 'cartoon', spec: cartoonSpecOf(onnx, guess ?? guessColours(onnx)) };
}

/** The graph, where it holds all it needs. @throws StudioError model/damaged, model/foreign-operators, model/missing-file, model/unsafe-path */
export function selfContained(bytes: Uint8Array): OnnxModel {
  const onnx = readOnnx(bytes);
  const operators = onnx.foreignOperators.filter((operator) => !knownDomain.test(operator));
  if (operators.length > 0) {
    throw new StudioError('model/foreign-operators', { operators: operators.join(', ') });
  }
  const outside = onnx.externalFiles.find(leavesFolder);
  if (outside !== undefined) throw new StudioError('model/unsafe-path', { file: outside });
  const [missing] = onnx.externalFiles;
  if (missing !== undefined) throw new StudioError('model/missing-file', { file: missing });
  return onnx;
}

const importedSource = 'Imported from disk.';
/** Of a model that lies beside the app and that nobody has described. */
export const packedSource = 'Laid here by whoever runs this site; who made it is not said.';

/** Of a graph that nobody has described. @throws StudioError as `selfContained` and `useOf` */
export function recognisedCard(bytes: Uint8Array, fileName: string, sha256: string): FileCard {
  const onnx = selfContained(bytes);
  const guess = isFaceFinder(onnx) ? null : guessColours(onnx);
  const use = useOf(onnx, guess ?? undefined);
  return {
    ...importedCard({ id: `imported-${sha256.slice(0, 16)}`, fileName, bytes, sha256, use }),
    source: importedSource,
    ...(guess && { guess }),
  };
}

/** Of what the foundry wrote: whose weights they are cannot be told, so the licence stays open. */
export function convertedCard(bytes: Uint8Array, fileName: string, sha256: string): FileCard {
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
