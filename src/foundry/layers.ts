/**
 * A transformer's layers as ONNX nodes, each reading its own weights as it is put down. Values are [rows, columns];
 * weights stay as published, [out, in], in every precision: Gemm turns them as it multiplies, MatMulNBits wants them so.
 */
import { StudioError } from '../base/errors';
import { blockBytes, blockLength, blocksOf } from '../runtime/four-bit';
import type { ExternalWriter } from './external-data';
import { floatTensor, onnxType, type ExternalData } from './onnx-tensor';
import { GraphBuilder } from './onnx-writer';
import { quantizeRows, toHalves } from './quantize';
import { readRows, readValues, type StoredTensor, type StoredTensors } from './safetensors';

/** q4: 4-bit weights; f16: half-precision weights and products. What flows between the layers is f32 in each. */
export type Precision = 'q4' | 'f16' | 'f32';

/** Where a table of rows lies; the scales only in 4 bits, [rows, blocks] f32. */
export interface StoredTable {
  readonly values: ExternalData;
  readonly scales: ExternalData | null;
}

export interface LayerOptions {
  readonly tensors: StoredTensors;
  readonly writer: ExternalWriter;
  readonly precision: Precision;
  readonly signal: AbortSignal;
  /** Told each piece of the source that was written, with its bytes there. */
  readonly onPiece: (bytes: number) => void;
}

/** Values of a tensor that are in memory at once. */
const pieceValues = 2 ** 22;

export class Layers extends GraphBuilder {
  readonly #options: LayerOptions;

  constructor(options: LayerOptions) {
    super();
    this.#options = options;
  }

  /** x · Wᵀ (+ bias): [rows, in] → [rows, out]. `name` without `.weight`. @throws StudioError model/damaged */
  async linear(
    x: string,
    name: string,
    [out, into]: readonly [number, number],
    bias = false,
  ): Promise<string> {
    const table = await this.table(`${name}.weight`, [out, into]);
    const offsets = bias ? await this.vector(`${name}.bias`, out) : null;
    return this.product(x, table, { name, dims: [out, into], offsets });
  }

  /** The same of a table already written. */
  product(
    x: string,
    { values, scales }: StoredTable,
    { name, dims, offsets }: { name: string; dims: readonly [number, number]; offsets: string | null },
  ): string {
    const [out, into] = dims;
    if (scales) {
      const blocks = blocksOf(into);
      const packed = this.#outside(`${name}.packed`, onnxType.uint8, {
        dims: [out, blocks, blockBytes],
        at: values,
      });
      const factors = this.#outside(`${name}.scales`, onnxType.float32, { dims: [out * blocks], at: scales });
      // Level 0 multiplies in f32 (see qwen3-vl-decoder.ts, [Note: Accuracy level]).
      const y = this.foreign('MatMulNBits', [x, packed, factors], {
        K: { i: into },
        N: { i: out },
        bits: { i: 4 },
        block_size: { i: blockLength },
        accuracy_level: { i: 0 },
      });
      return offsets === null ? y : this.node('Add', [y, offsets]);
    }
    const half = this.#options.precision === 'f16';
    const weight = this.#outside(`${name}.weight`, half ? onnxType.float16 : onnxType.float32, {
      dims,
      at: values,
    });
    const y = this.node('Gemm', [half ? this.cast(x, 'float16') : x, weight], { transB: { i: 1 } });
    const full = half ? this.cast(y, 'float32') : y;
    return offsets === null ? full : this.node('Add', [full, offsets]);
  }

  /** Writes a weight in the builder's precision, some rows at a time. @throws StudioError model/damaged */
  async table(name: string, dims: readonly [number, number]): Promise<StoredTable> {
    const { writer, precision } = this.#options;
    const tensor = this.#tensor(name, dims);
    const [rows, columns] = dims;
    if (precision !== 'q4') {
      const values = await writer.reserve(rows * columns * (precision === 'f16' ? 2 : 4));
      await this.#inPieces(tensor, dims, (piece) =>
        writer.append(bytesOf(precision === 'f16' ? toHalves(piece) : piece)),
      );
      return { values, scales: null };
    }
    const blocks = blocksOf(columns);
    const scales = new Float32Array(rows * blocks);
    const values = await writer.reserve(rows * blocks * blockBytes);
    let at = 0;
    await this.#inPieces(tensor, dims, async (piece) => {
      const quantized = quantizeRows(piece, columns);
      scales.set(quantized.scales, at);
      at += quantized.scales.length;
      await writer.append(quantized.packed);
    });
    return { values, scales: await writer.place(bytesOf(scales)) };
  }

  /** A weight kept in f32, whatever the precision: small, and felt everywhere. [rows, columns] */
  async exact(name: string, dims: readonly number[], shape = dims): Promise<string> {
    const at = await this.#options.writer.place(bytesOf(await this.#whole(name, dims)));
    return this.#outside(name, onnxType.float32, { dims: shape, at });
  }

  /** A bias or a gain, inside the graph's own file. */
  async vector(name: string, length: number): Promise<string> {
    this.tensors.push(floatTensor(name, [length], await this.#whole(name, [length])));
    return name;
  }

  async layerNorm(x: string, name: string, width: number): Promise<string> {
    const [gain, bias] = [
      await this.vector(`${name}.weight`, width),
      await this.vector(`${name}.bias`, width),
    ];
    return this.node('LayerNormalization', [x, gain, bias], { epsilon: { f: 1e-6 } });
  }

  cast(x: string, type: 'float16' | 'float32'): string {
    return this.node('Cast', [x], { to: { i: onnxType[type] } });
  }

  reshape(x: string, shape: readonly number[]): string {
    return this.node('Reshape', [x, this.wholes(shape)]);
  }

  /** x · σ(x), spelt out as onnxruntime's own fusions look for it. */
  silu(x: string): string {
    return this.node('Mul', [x, this.node('Sigmoid', [x])]);
  }

  #outside(
    name: string,
    elementType: number,
    { dims, at }: { dims: readonly number[]; at: ExternalData },
  ): string {
    this.tensors.push({ name, elementType, dims, raw: new Uint8Array(0), external: at });
    return name;
  }

  #tensor(name: string, dims: readonly number[]): StoredTensor {
    const tensor = this.#options.tensors.get(name);
    if (!tensor) throw new StudioError('model/damaged', { missing: name });
    const [found, wanted] = [tensor.dims.join('×'), dims.join('×')];
    if (found !== wanted) throw new StudioError('model/damaged', { tensor: name, dims: found, wanted });
    return tensor;
  }

  async #whole(name: string, dims: readonly number[]): Promise<Float32Array> {
    const tensor = this.#tensor(name, dims);
    const values = await readValues(tensor);
    this.#options.onPiece(tensor.bytes);
    return values;
  }

  async #inPieces(
    tensor: StoredTensor,
    [rows, columns]: readonly [number, number],
    take: (piece: Float32Array) => Promise<void>,
  ): Promise<void> {
    const step = Math.max(1, Math.floor(pieceValues / columns));
    for (let from = 0; from < rows; from += step) {
      this.#options.signal.throwIfAborted();
      const to = Math.min(rows, from + step);
      await take(await readRows(tensor, from, to));
      this.#options.onPiece((tensor.bytes / rows) * (to - from));
    }
  }
}

function bytesOf(values: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
