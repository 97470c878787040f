/** Weights in fewer bits: 4-bit blocks as runtime/four-bit.ts describes them, and half precision. */
import { StudioError } from '../base/errors';
import { blockBytes, blockLength, blocksOf, zeroLevel } from '../runtime/four-bit';
import { halvesOf } from '../runtime/half';

export interface Blocks {
  /** [rows, blocks, 16] */
  readonly packed: Uint8Array;
  /** [rows, blocks] */
  readonly scales: Float32Array;
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
      const coarse = Math.fround(largestOf(block) / -zeroLevel) + 0; // not −0
      let [scale, levels] = [coarse, first];
      const fitted = roundTo(block, coarse, first);
      if (fitted.error > 0) {
        const finer = Math.fround(fitted.best);
        if (roundTo(block, finer, second).error < fitted.error) [scale, levels] = [finer, second];
      }
      scales[at] = scale;
      for (let i = 0; i < blockBytes; i++) {
        const [low, high] = [levels[2 * i] as number, levels[2 * i + 1] as number];
        packed[at * blockBytes + i] = (low + zeroLevel) | ((high + zeroLevel) << 4);
      }
    }
  }
  return { packed, scales };
}

/** To half precision, nearest, ties to even. @throws StudioError model/damaged where a value is too large or no number */
export function toHalves(values: Float32Array): Uint16Array {
  for (const value of values) if (!(Math.abs(value) < 65520)) throw noNumber(value);
  return halvesOf(values);
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
    const level = scale === 0 ? 0 : Math.min(7, Math.max(-zeroLevel, Math.floor(value / scale + 0.5)));
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
