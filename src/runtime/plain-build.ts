/**
 * onnxruntime-web's builds with WebGPU leave out CPU kernels that its plain build has (1.30.0: they fail with "Could not
 * find an implementation"). A graph that names one of these runs, on the processor, in the plain build.
 */
const plainOperators = ['GatherBlockQuantized'].map((name) => new TextEncoder().encode(name));

/** The names stand in the file as they are. */
export function needsPlainBuild(graph: Uint8Array): boolean {
  return plainOperators.some((name) => contains(graph, name));
}

function contains(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}
