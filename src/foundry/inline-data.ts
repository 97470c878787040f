/** Putting weights that lie in files of their own into the ONNX file itself. Field numbers: onnx/onnx.proto3. */
import { StudioError } from '../base/errors';
import { readTensor, type ExternalData } from './onnx-tensor';
import { bytesOf, readFields, writeFields, type Outgoing } from './protobuf';

/**
 * Weights of the main graph whose file is among `files` (by the location the model states); others stay outside.
 * @throws StudioError model/damaged, also where a file is too short
 */
export function inlineData(
  model: Uint8Array,
  files: ReadonlyMap<string, Uint8Array>,
): Uint8Array<ArrayBuffer> {
  return rewritten(model, 7, (graph) => rewritten(graph, 5, (tensor) => inlineTensor(tensor, files)));
}

function inlineTensor(bytes: Uint8Array, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const { external } = readTensor(bytes);
  const file = external && files.get(external.location);
  if (!file) return bytes;
  const kept = [...readFields(bytes)].filter(({ number }) => number !== 13 && number !== 14);
  return writeFields([
    ...kept.map(({ number, value }): Outgoing => [number, value]),
    [9, partOf(file, external)],
  ]);
}

function partOf(file: Uint8Array, { location, offset, bytes }: ExternalData): Uint8Array {
  const end = bytes === null ? file.length : offset + bytes;
  if (!(offset >= 0 && end >= offset && end <= file.length)) {
    throw new StudioError('model/damaged', { file: location, bytes: file.length, wanted: end });
  }
  return file.subarray(offset, end);
}

/** The same message with every field of one number changed. Its own fields are whole numbers, texts and messages. */
function rewritten(
  message: Uint8Array,
  changed: number,
  change: (bytes: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  return writeFields(
    [...readFields(message)].map(({ number, value }): Outgoing => [
      number,
      number === changed ? change(bytesOf(value)) : value,
    ]),
  );
}
