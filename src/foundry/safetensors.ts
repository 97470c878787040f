/**
 * Reading safetensors: the header first, then each tensor by its place, a few rows at a time where it is large.
 * Format: huggingface/safetensors, README "Format"; its limits are kept here too.
 */
import { beyondTheEnd, type ByteSource, type SourceFolder } from '../base/byte-source';
import { StudioError } from '../base/errors';
import { JsonFields, parseFields } from '../base/json-fields';
import { halfToFloat } from '../runtime/half';

const elementBytes: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
};

/** Qwen3-VL's largest has 100 kB; the format's own limit is 100 MB. */
const mostHeaderBytes = 2 ** 24;
const mostDims = 8;
const lengthBytes = 8;

export interface StoredTensor {
  readonly name: string;
  /** In the format's own words; only BF16, F16 and F32 are read. */
  readonly elementType: string;
  readonly dims: readonly number[];
  readonly source: ByteSource;
  /** From the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

export type StoredTensors = ReadonlyMap<string, StoredTensor>;

/** The tensors of one file, none of them read. @throws StudioError model/damaged */
export async function readSafetensors(source: ByteSource): Promise<StoredTensors> {
  const length = await source.read(0, lengthBytes);
  const view = new DataView(length.buffer, length.byteOffset, lengthBytes);
  const headerBytes = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (headerBytes > mostHeaderBytes) throw damaged({ headerBytes, most: mostHeaderBytes });
  if (lengthBytes + headerBytes > source.bytes) throw beyondTheEnd(source.bytes, lengthBytes + headerBytes);
  const header = parseFields(
    new TextDecoder().decode(await source.read(lengthBytes, headerBytes)),
    'safetensors',
  );
  const dataStart = lengthBytes + headerBytes;
  const tensors = header.names
    .filter((name) => name !== '__metadata__')
    .map((name) => entryOf(name, header.object(name), { source, dataStart }));
  checkLaidEndToEnd(tensors, dataStart, source.bytes);
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

/**
 * All tensors of a folder in Hugging Face's layout: `model.safetensors`, or the shards its index names.
 * @throws StudioError model/missing-file, model/damaged, model/unsafe-path
 */
export async function readFolder(folder: SourceFolder): Promise<StoredTensors> {
  const whole = await folder.open('model.safetensors');
  if (whole) return readSafetensors(whole);
  const indexName = 'model.safetensors.index.json';
  const index = await folder.open(indexName);
  if (!index) throw new StudioError('model/missing-file', { file: 'model.safetensors' });
  if (index.bytes > mostHeaderBytes) throw damaged({ file: indexName, bytes: index.bytes });
  const places = parseFields(new TextDecoder().decode(await index.read(0, index.bytes)), indexName).object(
    'weight_map',
  );
  const shards = new Map<string, StoredTensors>();
  const tensors = new Map<string, StoredTensor>();
  for (const name of places.names) {
    const file = places.text(name);
    if (!/^[\w][\w.-]*\.safetensors$/.test(file)) throw new StudioError('model/unsafe-path', { path: file });
    let shard = shards.get(file);
    if (!shard) {
      const source = await folder.open(file);
      if (!source) throw new StudioError('model/missing-file', { file });
      shard = await readSafetensors(source);
      shards.set(file, shard);
    }
    const tensor = shard.get(name);
    if (!tensor) throw damaged({ file, missing: name });
    tensors.set(name, tensor);
  }
  return tensors;
}

/** Rows `from`…`to` (not included) of its first dimension, row-major. @throws StudioError model/damaged */
export async function readRows(tensor: StoredTensor, from: number, to: number): Promise<Float32Array> {
  const { name, elementType, source, offset, dims, bytes } = tensor;
  const rows = dims[0] ?? 1;
  if (!(from >= 0 && from <= to && to <= rows)) throw new RangeError(`rows ${from}…${to} of ${rows}`);
  const rowBytes = rows === 0 ? 0 : bytes / rows;
  const raw = await source.read(offset + from * rowBytes, (to - from) * rowBytes);
  // A copy lies where 16- and 32-bit views may begin.
  const aligned = raw.byteOffset % 4 === 0 ? raw : raw.slice();
  if (elementType === 'F32') return new Float32Array(aligned.buffer, aligned.byteOffset, raw.length / 4);
  const words = new Uint16Array(aligned.buffer, aligned.byteOffset, raw.length / 2);
  if (elementType === 'F16') return Float32Array.from(words, halfToFloat);
  if (elementType !== 'BF16') throw damaged({ tensor: name, type: elementType, wanted: 'BF16, F16 or F32' });
  const values = new Float32Array(words.length);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < words.length; i++) bits[i] = (words[i] as number) << 16;
  return values;
}

/** All of a tensor. @throws StudioError model/damaged */
export function readValues(tensor: StoredTensor): Promise<Float32Array> {
  return readRows(tensor, 0, tensor.dims[0] ?? 1);
}

interface File {
  readonly source: ByteSource;
  readonly dataStart: number;
}

function entryOf(name: string, entry: JsonFields, { source, dataStart }: File): StoredTensor {
  const elementType = entry.text('dtype');
  const dims = entry.wholes('shape');
  const [begin = -1, end = -1, ...rest] = entry.wholes('data_offsets');
  const size = Object.hasOwn(elementBytes, elementType) ? elementBytes[elementType] : undefined;
  if (size === undefined) throw damaged({ tensor: name, type: elementType });
  const bytes = dims.reduce((product, dim) => product * dim, size);
  if (dims.length > mostDims || !Number.isSafeInteger(bytes))
    throw damaged({ tensor: name, dims: dims.join('×') });
  if (rest.length > 0 || end - begin !== bytes)
    throw damaged({ tensor: name, bytes: end - begin, wanted: bytes });
  return { name, elementType, dims, source, offset: dataStart + begin, bytes };
}

/** Nothing shared, nothing left over: the format allows neither, and each hides bytes from a reader. */
function checkLaidEndToEnd(tensors: readonly StoredTensor[], start: number, end: number): void {
  let at = start;
  for (const { name, offset, bytes } of tensors.toSorted(
    (a, b) => a.offset - b.offset || a.bytes - b.bytes,
  )) {
    if (offset !== at) throw damaged({ tensor: name, begins: offset, wanted: at });
    at += bytes;
  }
  if (at !== end) throw damaged({ bytes: end, wanted: at });
}

function damaged(details: Readonly<Record<string, string | number>>): StudioError {
  return new StudioError('model/damaged', details);
}
