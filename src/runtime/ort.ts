/**
 * onnxruntime-web, and the only file that imports it. One ORT call at a time in a worker: concurrent
 * create, run or release corrupts the module. A dead module or a lost device is reported as such, and
 * whoever owns the worker ends it.
 */
import type * as Ort from 'onnxruntime-web/jspi';
import ortFiles from 'virtual:ort-files';
import { probeModel } from './probe-model';
import { openDevice, storageBuffer, type OpenDevice } from './device';
import { explain } from './ort-errors';
import { oneAtATime, threadsFor, unpack, type OrtPowers } from './engine-start';
import { needsPlainBuild } from './plain-build';
import type {
  BackendChoice,
  ElementType,
  Held,
  HoldingSession,
  Runtime,
  RuntimeFacts,
  Tensor,
  TensorData,
  ValueInfo,
  OpenableModel,
  OpenOptions,
} from './runtime';
import { readInPlace } from './weights';

export interface OrtRuntime extends Runtime {
  /** GPU bytes alive now and at the peak since the last call of `resetPeak`. */
  readonly gpuLiveBytes: number;
  readonly gpuPeakBytes: number;
  resetPeak(): void;
  /** Fetches what this graph needs of the engine beyond what is here. @throws StudioError network/* */
  prepare(graph: Uint8Array): Promise<void>;
}

type OrtBuild = keyof typeof ortFiles;

/** @throws StudioError engine/start-failed, network/* */
export async function startOrt(choice: BackendChoice, powers: OrtPowers): Promise<OrtRuntime> {
  const build = 'Suspending' in WebAssembly ? 'jspi' : 'asyncify';
  const threadCount = powers.isolated ? threadsFor(powers.coreCount) : 1;
  const load = (wanted: OrtBuild) => loadBuild(wanted, threadCount, powers);
  const [ort, answer] = await Promise.all([load(build), openDevice(choice, powers.gpu)]);
  const facts: RuntimeFacts = {
    backend: answer.open ? 'webgpu' : 'wasm',
    build,
    threadCount,
    adapter: answer.open?.adapter ?? ('adapter' in answer ? answer.adapter : null),
    fallback: 'why' in answer ? answer.why : 'none',
  };
  let plain: Promise<typeof Ort> | null = null;
  const loadPlain = () =>
    (plain ??= load('plain')
      .then(async (lib) => {
        // A first session fetches what is left of it.
        await (await lib.InferenceSession.create(probeModel())).release();
        delete lib.env.wasm.wasmBinary;
        return lib;
      })
      .catch((thrown: unknown) => {
        plain = null;
        throw thrown;
      }));
  const runtime = makeRuntime({ ort, loadPlain }, facts, answer.open);
  const probe = await runtime.open({ graph: probeModel() });
  await probe.release();
  // Its copy of 16 MB is in the module now.
  delete ort.env.wasm.wasmBinary;
  return runtime;
}

async function loadBuild(build: OrtBuild, threadCount: number, powers: OrtPowers): Promise<typeof Ort> {
  const [ort, wasm] = await Promise.all([
    importBuild[build](),
    powers.fetchFile(ortFiles[build].wasmGz).then(unpack),
  ]);
  ort.env.wasm.wasmBinary = wasm;
  ort.env.wasm.wasmPaths = { mjs: ortFiles[build].mjs };
  ort.env.wasm.numThreads = threadCount;
  ort.env.wasm.proxy = false;
  ort.env.logLevel = 'error';
  return ort;
}

/** Each with an `env` of its own. */
const importBuild: Readonly<Record<OrtBuild, () => Promise<typeof Ort>>> = {
  jspi: () => import('onnxruntime-web/jspi'),
  asyncify: () => import('onnxruntime-web/webgpu'),
  plain: () => import('onnxruntime-web/wasm'),
};

interface Builds {
  readonly ort: typeof Ort;
  readonly loadPlain: () => Promise<typeof Ort>;
}

function makeRuntime({ ort, loadPlain }: Builds, facts: RuntimeFacts, gpu: OpenDevice | null): OrtRuntime {
  let runMs = 0;
  const exclusive = oneAtATime();
  const guard = <T>(work: () => Promise<T>) =>
    exclusive(async () => {
      try {
        return await work();
      } catch (thrown) {
        throw explain(thrown, gpu);
      }
    });
  const provider = ({ untried = false }: OpenOptions) => {
    if (!gpu) return 'wasm';
    return {
      name: 'webgpu',
      device: gpu.device,
      ...(untried && { preferredLayout: 'NCHW' as const }),
    } as const;
  };

  const buildFor = (graph: Uint8Array) => (!gpu && needsPlainBuild(graph) ? 'plain' : facts.build);

  const open = ({ graph, weights = [] }: OpenableModel, options: OpenOptions = {}): Promise<HoldingSession> =>
    guard(async () => {
      const { keeps = [] } = options;
      const lib = buildFor(graph) === 'plain' ? await loadPlain() : ort;
      const outside = weights.map(({ location, source }) => ({ location, ...readInPlace(source) }));
      const making = lib.InferenceSession.create(graph, {
        ...(outside.length > 0 && {
          externalData: outside.map(({ location, buffer }) => ({ path: location, data: buffer })),
        }),
        executionProviders: [provider(options)],
        graphOptimizationLevel: 'all',
        ...(options.freeDimensions && { freeDimensionOverrides: options.freeDimensions }),
        // Idle threads that spin take the core our own maths needs next.
        extra: { session: { force_spinning_stop: '1' } },
        ...(gpu && {
          preferredOutputLocation: Object.fromEntries(keeps.map((name) => [name, 'gpu-buffer'] as const)),
        }),
      });
      const session = await making.catch((thrown: unknown) => {
        throw outside.map((file) => file.explain()).find((why) => why !== null) ?? thrown;
      });
      const runInto: HoldingSession['runInto'] = (feeds, into) =>
        guard(async () => {
          const started = performance.now();
          const held = gpu && Object.keys(into).length > 0;
          const fed = toOrt(lib, feeds);
          const outputs = await (held
            ? session.run(fed, fetchesOf(session.outputNames, into))
            : session.run(fed));
          runMs += performance.now() - started;
          return givenBack(outputs, into);
        });
      return {
        inputs: session.inputMetadata.map(valueInfo),
        outputs: session.outputMetadata.map(valueInfo),
        run: (feeds) => runInto(feeds, {}),
        runInto,
        runKeeping: (feeds, wanted) =>
          guard(async () => {
            const started = performance.now();
            const outputs = Object.entries(await session.run(toOrt(lib, feeds), wanted));
            runMs += performance.now() - started;
            const given = outputs.filter(([name]) => !keeps.includes(name));
            const kept = outputs.filter(([name]) => keeps.includes(name));
            return {
              given: Object.fromEntries(given.map(([name, tensor]) => [name, fromOrt(tensor)])),
              kept: Object.fromEntries(kept.map(([name, tensor]) => [name, keptAs(tensor)])),
            };
          }),
        hold: (type, dims) => guard(() => hold(lib, type, dims)),
        release: () => guard(() => session.release()),
      };
    });

  const hold = async (
    lib: typeof Ort,
    type: 'float32' | 'float16',
    dims: readonly number[],
  ): Promise<Held> => {
    const size = dims.reduce((product, dim) => product * dim, 1);
    if (!gpu) {
      const zeros = type === 'float16' ? new Uint16Array(size) : new Float32Array(size);
      return new OrtHeld(type, dims, { tensor: new lib.Tensor(type, zeros, dims), buffer: null });
    }
    const { device } = gpu;
    const buffer = await storageBuffer(device, size * (type === 'float16' ? 2 : 4));
    const tensor = lib.Tensor.fromGpuBuffer(buffer, { dataType: type, dims });
    return new OrtHeld(type, dims, { tensor, buffer });
  };

  return {
    facts,
    open,
    prepare: (graph) =>
      guard(async () => {
        if (buildFor(graph) === 'plain') await loadPlain();
      }),
    onGpu: gpu && ((work) => guard(() => work(gpu.device))),
    get runMs() {
      return runMs;
    },
    get readbackBytes() {
      return gpu?.memory.readBytes ?? 0;
    },
    get gpuLiveBytes() {
      return gpu?.memory.liveBytes ?? 0;
    },
    get gpuPeakBytes() {
      return gpu?.memory.peakBytes ?? 0;
    },
    resetPeak() {
      if (gpu) gpu.memory.peakBytes = gpu.memory.liveBytes;
    },
  };
}

function valueInfo(value: Ort.InferenceSession.ValueMetadata): ValueInfo {
  return value.isTensor
    ? { name: value.name, type: value.type, dims: value.shape }
    : { name: value.name, type: 'not a tensor', dims: [] };
}

/** On WebGPU one buffer for good; on wasm nothing stays, and what a run gives back is fed to the next. */
class OrtHeld implements Held {
  tensor: Ort.Tensor;
  readonly #buffer: GPUBuffer | null;

  constructor(
    readonly type: 'float32' | 'float16',
    readonly dims: readonly number[],
    { tensor, buffer }: { readonly tensor: Ort.Tensor; readonly buffer: GPUBuffer | null },
  ) {
    this.tensor = tensor;
    this.#buffer = buffer;
  }

  release(): void {
    if (this.#buffer) this.#buffer.destroy();
    else this.tensor.dispose();
  }
}

/** What a session made and left where it is. */
function keptAs(tensor: Ort.Tensor): OrtHeld {
  const type = tensor.type === 'float16' ? 'float16' : 'float32';
  return new OrtHeld(type, tensor.dims, { tensor, buffer: null });
}

function toOrt(ort: typeof Ort, feeds: Readonly<Record<string, Tensor | Held>>): Record<string, Ort.Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, fed]) => {
      if (fed instanceof OrtHeld) return [name, fed.tensor];
      const { type, data, dims } = fed as Tensor;
      return [name, new ort.Tensor(type, data, dims)];
    }),
  );
}

function fetchesOf(
  names: readonly string[],
  into: Readonly<Record<string, Held>>,
): Record<string, Ort.Tensor | null> {
  return Object.fromEntries(
    names.map((name) => {
      const held = into[name];
      return [name, held instanceof OrtHeld ? held.tensor : null];
    }),
  );
}

/** Without what is held: on wasm that is taken over here. */
function givenBack(
  outputs: Readonly<Record<string, Ort.Tensor>>,
  into: Readonly<Record<string, Held>>,
): Record<string, Tensor> {
  const given: Record<string, Tensor> = {};
  for (const [name, tensor] of Object.entries(outputs)) {
    const held = into[name];
    if (held instanceof OrtHeld) held.tensor = tensor;
    else given[name] = fromOrt(tensor);
  }
  return given;
}

/** float16 always as bit patterns: newer browsers have an array of their own for it. */
function fromOrt(tensor: Ort.Tensor): Tensor {
  const data = tensor.data as TensorData;
  const type = tensor.type as ElementType;
  const bits = type === 'float16' && new Uint16Array(data.buffer, data.byteOffset, data.length);
  return { type, dims: tensor.dims, data: bits || data };
}
