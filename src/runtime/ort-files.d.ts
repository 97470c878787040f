/** ONNX Runtime's files as the build wrote them (build/ort-files.ts). */
declare module 'virtual:ort-files' {
  interface OrtFiles {
    /** The wasm, gzipped; a path relative to the app's base, for the airlock. */
    readonly wasmGz: string;
    /** Its length unpacked. */
    readonly bytes: number;
    /** Absolute URL of the glue module. */
    readonly mjs: string;
  }
  const files: Readonly<Record<'jspi' | 'asyncify' | 'plain', OrtFiles>>;
  export default files;
}
