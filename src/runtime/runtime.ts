/**
 * The contract between the pipelines and whatever executes ONNX graphs. `ort.ts` is the real one,
 * tests may pass a fake. Tensors are row-major; a session runs one call at a time.
 */
import type { SyncByteSource } from '../base/byte-source';

export type Backend = 'webgpu' | 'wasm';
export type BackendChoice = 'auto' | Backend;

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array;
export type ElementType = 'float32' | 'int32' | 'int64' | 'uint8' | 'float16';

export interface Tensor {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export interface ValueInfo {
  readonly name: string;
  readonly type: string;
  /** A string is a free dimension. */
  readonly dims: readonly (number | string)[];
}

export interface Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** @throws StudioError gpu/device-lost, gpu/out-of-memory, engine/out-of-memory, engine/failed */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/** A tensor that stays where its session runs, from one run to the next: on WebGPU one buffer, read and written there. */
export interface Held {
  readonly type: ElementType;
  readonly dims: readonly number[];
  release(): void;
}

export interface HoldingSession extends Session {
  /** Zeros. @throws StudioError gpu/device-lost, gpu/out-of-memory, engine/failed */
  hold(type: 'float32' | 'float16', dims: readonly number[]): Promise<Held>;
  /**
   * Outputs named in `into` go there, of their own dims, and the others come back. A held tensor may be input and
   * output of one run where the graph's operator allows it, as GroupQueryAttention does.
   * @throws StudioError as `run`
   */
  runInto(
    feeds: Readonly<Record<string, Tensor | Held>>,
    into: Readonly<Record<string, Held>>,
  ): Promise<Record<string, Tensor>>;
  /**
   * Gives the outputs that are `wanted`; those that the session was opened to keep come as held, of whatever dims they
   * are, in buffers of their own. @throws StudioError as `run`
   */
  runKeeping(
    feeds: Readonly<Record<string, Tensor | Held>>,
    wanted: readonly string[],
  ): Promise<{ readonly given: Record<string, Tensor>; readonly kept: Record<string, Held> }>;
}

export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly software: boolean;
  readonly f16: boolean;
  /** The largest buffer a kernel may be given here: the lower of the limits on a buffer and on what is bound of it. */
  readonly maxBufferBytes: number;
}

/** A graph, and where its larger weights lie if it does not hold them itself: in one file or in several. */
export interface OpenableModel {
  readonly graph: Uint8Array;
  /** Read while the session is made, tensor by tensor; `location` is what the graph calls them. */
  readonly weights?: readonly { readonly location: string; readonly source: SyncByteSource }[];
}

export interface OpenOptions {
  /**
   * A graph that was never compared on WebGPU. It runs with channels first, which is right for any number of them:
   * channels last, onnxruntime-web 1.30 miscomputes convolutions over 6, 9, 15, 18, … (microsoft/onnxruntime#29651).
   */
  readonly untried?: boolean;
  /** Sizes for dimensions that the graph leaves free, by their names. Names it does not have are passed over. */
  readonly freeDimensions?: Readonly<Record<string, number>>;
  /** Outputs that `runKeeping` leaves where the session runs. */
  readonly keeps?: readonly string[];
}

/** What this device gave us and why; shown to the user and written into the record of a result. */
export interface RuntimeFacts {
  readonly backend: Backend;
  readonly build: 'jspi' | 'asyncify';
  readonly threadCount: number;
  readonly adapter: AdapterFacts | null;
  /** Why WebGPU is not in use, when it is not. */
  readonly fallback: 'none' | 'asked' | 'no-webgpu' | 'no-adapter' | 'software-adapter';
}

/**
 * Our own kernels on the device the sessions use, one at a time with them.
 * @throws StudioError gpu/device-lost, gpu/out-of-memory, engine/failed
 */
export type OnGpu = <T>(work: (device: GPUDevice) => Promise<T>) => Promise<T>;

export interface Runtime {
  readonly facts: RuntimeFacts;
  /** null on wasm. */
  readonly onGpu: OnGpu | null;
  /** @throws StudioError model/damaged, gpu/out-of-memory, engine/out-of-memory, engine/failed */
  open(model: OpenableModel, options?: OpenOptions): Promise<HoldingSession>;
  /** Milliseconds spent inside `Session.run` since the runtime was made. */
  readonly runMs: number;
  readonly readbackBytes: number;
}
