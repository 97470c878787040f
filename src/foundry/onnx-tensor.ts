/** ONNX's TensorProto: where its values lie, and the values themselves. Field numbers: onnx/onnx.proto3. */
import { joined } from '../base/bytes';
import { StudioError } from '../base/errors';
import { halfToFloat } from '../runtime/half';
import { bytesOf, readFields, textOf, wholesOf, writeFields, type Outgoing } from './protobuf';

/** TensorProto.DataType */
export const onnxType = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10 } as const;

export interface OnnxTensor {
  readonly name: string;
  readonly elementType: number;
  readonly dims: readonly number[];
  /** Little-endian, row-major. Empty where the values lie in another file, or in a field for other types than float32. */
  readonly raw: Uint8Array;
  /** The file beside the model that holds the values, with the bytes to take of it. */
  readonly external: ExternalData | null;
}

export interface ExternalData {
  readonly location: string;
  readonly offset: number;
  /** Null where it goes to the end of the file. */
  readonly bytes: number | null;
}

export function floatTensor(name: string, dims: readonly number[], values: Float32Array): OnnxTensor {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, elementType: onnxType.float32, dims, raw, external: null };
}

/** A list of whole numbers. */
export function int64Tensor(name: string, values: readonly number[]): OnnxTensor {
  const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, elementType: onnxType.int64, dims: [values.length], raw, external: null };
}

/** @throws StudioError model/damaged */
export function readTensor(bytes: Uint8Array): OnnxTensor {
  const dims: number[] = [];
  const parts: Uint8Array[] = [];
  const entries = new Map<string, string>();
  let [name, elementType, outside] = ['', 0, false];
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) dims.push(...wholesOf(value));
    else if (number === 2 && typeof value === 'number') elementType = value;
    else if (number === 8) name = textOf(value);
    // The list of floats is laid out as the raw bytes are.
    else if (number === 4 || number === 9) parts.push(bytesOf(value));
    else if (number === 13) entries.set(...readEntry(bytesOf(value)));
    else if (number === 14) outside ||= value === 1;
  }
  const raw = parts.length === 1 && parts[0] ? parts[0] : joined(parts);
  const external = outside || entries.size > 0 ? externalOf(entries) : null;
  return { name, elementType, dims, raw, external };
}

/** The values of a float32 or float16 tensor, null where it has another type or lies elsewhere. @throws StudioError model/damaged */
export function tensorValues(tensor: OnnxTensor): Float32Array | null {
  const { raw, elementType } = tensor;
  if (raw.length === 0) return null;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  let values: Float32Array;
  if (elementType === onnxType.float16) {
    values = Float32Array.from({ length: raw.length >> 1 }, (_, i) =>
      halfToFloat(view.getUint16(i * 2, true)),
    );
  } else if (elementType !== onnxType.float32) {
    return null;
  } else {
    values = Float32Array.from({ length: raw.length >> 2 }, (_, i) => view.getFloat32(i * 4, true));
  }
  const count = tensor.dims.reduce((product, dim) => product * dim, 1);
  if (values.length !== count) {
    throw new StudioError('model/damaged', { tensor: tensor.name, values: values.length, wanted: count });
  }
  return values;
}

export function writeTensor({ name, elementType, dims, raw, external }: OnnxTensor): Uint8Array<ArrayBuffer> {
  const head = [...dims.map((dim): Outgoing => [1, dim]), [2, elementType], [8, name]] as const;
  return writeFields(external ? [...head, ...writeExternal(external)] : [...head, [9, raw]]);
}

function writeExternal({ location, offset, bytes }: ExternalData): Outgoing[] {
  const entries = { location, offset: `${offset}`, ...(bytes !== null && { length: `${bytes}` }) };
  return [
    ...Object.entries(entries).map(([key, entry]): Outgoing => [
      13,
      writeFields([
        [1, key],
        [2, entry],
      ]),
    ]),
    [14, 1],
  ];
}

function externalOf(entries: ReadonlyMap<string, string>): ExternalData {
  const whole = (key: string) => (entries.has(key) ? Number(entries.get(key)) : null);
  return { location: entries.get('location') ?? '', offset: whole('offset') ?? 0, bytes: whole('length') };
}

function readEntry(bytes: Uint8Array): [key: string, value: string] {
  let [key, entry] = ['', ''];
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) key = textOf(value);
    if (number === 2) entry = textOf(value);
  }
  return [key, entry];
}
