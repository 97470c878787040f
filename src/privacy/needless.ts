/** One build of ONNX Runtime is fetched ahead, the smaller one where it runs; the plain one comes with a model that needs it. */
export function isNeedless(path: string): boolean {
  const build = 'Suspending' in WebAssembly ? 'jspi' : 'asyncify';
  return path.startsWith('engine/ort-') && !path.startsWith(`engine/ort-${build}-`);
}
