/**
 * Rows of 4-bit weights as onnxruntime's MatMulNBits and GatherBlockQuantized lay them out (microsoft/onnxruntime@v1.30.0
 * docs/ContribOperators.md): blocks of 32 numbers 0…15 that share a scale, even ones in the low halves of the bytes,
 * zero at 8. A last block that is short is filled up.
 */
export const blockLength = 32;
export const blockBytes = blockLength / 2;
export const zeroLevel = 8;

export function blocksOf(columns: number): number {
  return Math.ceil(columns / blockLength);
}

/** One row, `columns` values. `packed` [blocks, 16] and `scales` [blocks] are that row's. */
export function unpackRow(packed: Uint8Array, scales: Float32Array, columns: number): Float32Array {
  const values = new Float32Array(columns);
  for (let i = 0; i < columns; i++) {
    const byte = packed[i >> 1] as number;
    const level = (i % 2 === 0 ? byte & 15 : byte >> 4) - zeroLevel;
    values[i] = level * (scales[Math.floor(i / blockLength)] as number);
  }
  return values;
}
