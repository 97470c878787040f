/** Unpacks a zlib stream of a stranger, and no more of it than was asked for. */

/** At most `mostBytes`; null for what is not such a stream. */
export async function inflate(bytes: Uint8Array, mostBytes: number): Promise<Uint8Array | null> {
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream('deflate'));
  const reader = stream.getReader();
  const out = new Uint8Array(mostBytes);
  let length = 0;
  try {
    for (let piece = await reader.read(); piece.value && length < mostBytes; piece = await reader.read()) {
      const fitting = piece.value.subarray(0, mostBytes - length);
      out.set(fitting, length);
      length += fitting.length;
    }
  } catch {
    return null;
  }
  await reader.cancel().catch(() => undefined);
  return out.slice(0, length);
}
