/**
 * Weights in fewer bits, as onnxruntime's MatMulNBits and GatherBlockQuantized lay them out
 * (microsoft/onnxruntime@v1.30.0 docs/ContribOperators.md): each row in blocks of 32, a block's values as 4-bit
 * numbers 0…15 with the even ones in the low halves of the bytes, zero at 8, and one float scale for each block.
 */
import { StudioError } from '../base/errors';

export const blockLength = 32;
const blockBytes = blockLength / 2;
const zero = 8;

export interface Blocks {
  /** [rows, blocks, 16] */
  readonly packed: Uint8Array;
  /** [rows, blocks] */
  readonly scales: Float32Array;
}

export function blocksOf(columns: number): number {
  return Math.ceil(columns / blockLength);
}

/**
 * [rows, columns] to the nearest of sixteen steps a block; a last block that is short is filled with zeros. Of two
 * scales the one with the smaller squared error is taken: the one that gives the largest value exactly, and the least
 * squares fit to the numbers it chose (rounded to them once more).
 * @throws StudioError model/damaged where a value is no number
 */
export function quantizeRows(values: Float32Array, columns: number): Blocks {
  const rows = values.length / columns;
  const blocks = blocksOf(columns);
  const packed = new Uint8Array(rows * blocks * blockBytes);
  const scales = new Float32Array(rows * blocks);
  const block = new Float32Array(blockLength);
  const [first, second] = [new Int8Array(blockLength), new Int8Array(blockLength)];
  for (let row = 0, at = 0; row < rows; row++) {
    for (let b = 0; b < blocks; b++, at++) {
      const start = row * columns + b * blockLength;
      const length = Math.min(blockLength, columns - b * blockLength);
      block.fill(0);
      for (let i = 0; i < length; i++) block[i] = values[start + i] as number;
      const coarse = Math.fround(largestOf(block) / -zero) + 0; // not −0
      let [scale, levels] = [coarse, first];
      const fitted = roundTo(block, coarse, first);
      if (fitted.error > 0) {
        const finer = Math.fround(fitted.best);
        if (roundTo(block, finer, second).error < fitted.error) [scale, levels] = [finer, second];
      }
      scales[at] = scale;
      for (let i = 0; i < blockBytes; i++) {
        const [low, high] = [levels[2 * i] as number, levels[2 * i + 1] as number];
        packed[at * blockBytes + i] = (low + zero) | ((high + zero) << 4);
      }
    }
  }
  return { packed, scales };
}

/** One row back, `columns` values. `packed` and `scales` are that row's. */
export function dequantizeRow(packed: Uint8Array, scales: Float32Array, columns: number): Float32Array {
  const values = new Float32Array(columns);
  for (let i = 0; i < columns; i++) {
    const byte = packed[i >> 1] as number;
    const level = (i % 2 === 0 ? byte & 15 : byte >> 4) - zero;
    values[i] = level * (scales[Math.floor(i / blockLength)] as number);
  }
  return values;
}

/** To half precision, nearest, ties to even. @throws StudioError model/damaged where a value is too large or no number */
export function toHalves(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const all = bits[i] as number;
    const size = all & 0x7fffffff;
    const sign = (all >>> 16) & 0x8000;
    if (size >= 0x477ff000) throw noNumber(values[i] as number);
    if (size >= 0x38800000) halves[i] = sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13);
    else halves[i] = sign | halfEven(Math.abs(values[i] as number) * 2 ** 24);
  }
  return halves;
}

function halfEven(value: number): number {
  const floor = Math.floor(value);
  const over = value - floor;
  return over > 0.5 || (over === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** The value farthest from zero, with its sign. */
function largestOf(block: Float32Array): number {
  let largest = 0;
  for (const value of block) {
    if (!(Math.abs(value) < Infinity)) throw noNumber(value);
    if (Math.abs(value) > Math.abs(largest)) largest = value;
  }
  return largest;
}

/** Levels −8…7 into `levels`; the squared error, and the scale that these levels would fit best. */
function roundTo(
  block: Float32Array,
  scale: number,
  levels: Int8Array,
): { readonly error: number; readonly best: number } {
  let [error, dot, square] = [0, 0, 0];
  for (let i = 0; i < blockLength; i++) {
    const value = block[i] as number;
    const level = scale === 0 ? 0 : Math.min(7, Math.max(-zero, Math.floor(value / scale + 0.5)));
    levels[i] = level;
    error += (value - level * scale) ** 2;
    dot += value * level;
    square += level * level;
  }
  return { error, best: square === 0 ? 0 : dot / square };
}

function noNumber(value: number): StudioError {
  return new StudioError('model/damaged', { reason: 'a weight is no number of this precision', value });
}
