/**
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): four 32-bit words from a
 * 128-bit counter and a 64-bit key, in integer arithmetic alone, so that they are the same on every engine.
 */
const rounds = 10;
const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;

export type Key = readonly [low: number, high: number];
type Block = [number, number, number, number];

export function philox(counter: Readonly<Block>, [key0, key1]: Key): Block {
  let [a, b, c, d] = counter;
  for (let round = 0; round < rounds; round++) {
    const k0 = (key0 + Math.imul(round, weyl0)) | 0;
    const k1 = (key1 + Math.imul(round, weyl1)) | 0;
    const high0 = highWord(multiplier0, a);
    const high1 = highWord(multiplier1, c);
    const low0 = Math.imul(multiplier0, a);
    const low1 = Math.imul(multiplier1, c);
    [a, b, c, d] = [high1 ^ b ^ k0, low1, high0 ^ d ^ k1, low0];
  }
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
}

/** The upper 32 bits of the product of two unsigned 32-bit numbers; every sum below stays under 2^53. */
function highWord(x: number, y: number): number {
  const xLow = x & 0xffff;
  const xHigh = x >>> 16;
  const yLow = y & 0xffff;
  const yHigh = y >>> 16;
  const middle = xHigh * yLow + ((xLow * yLow) >>> 16);
  const other = xLow * yHigh + (middle & 0xffff);
  return (xHigh * yHigh + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000)) | 0;
}
