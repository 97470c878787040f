/** Sessions on onnxruntime-web's wasm in Node, for tests: the same operators as on the page's CPU path. */
import * as ort from 'onnxruntime-web/wasm';
import type {
  ElementType,
  Held,
  HoldingSession,
  OpenOptions,
  Tensor,
  TensorData,
} from '../src/runtime/runtime';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

/** On wasm nothing stays: what a run gives back is fed to the next. */
class NodeHeld implements Held {
  constructor(
    readonly type: 'float32' | 'float16',
    readonly dims: readonly number[],
    public tensor: ort.Tensor,
  ) {}

  release(): void {
    this.tensor.dispose();
  }
}

/** `data` are the files its weights lie in, by name. */
export async function openNodeSession(
  model: Uint8Array,
  data: ReadonlyMap<string, Uint8Array> = new Map(),
  { freeDimensions, keeps = [] }: OpenOptions = {},
): Promise<HoldingSession> {
  const session = await ort.InferenceSession.create(model, {
    externalData: [...data].map(([path, bytes]) => ({ path, data: bytes })),
    logSeverityLevel: 3,
    ...(freeDimensions && { freeDimensionOverrides: freeDimensions }),
  });
  const facts = (values: readonly ort.InferenceSession.ValueMetadata[]) =>
    values.map((value) =>
      value.isTensor
        ? { name: value.name, type: value.type, dims: value.shape }
        : { name: value.name, type: 'not a tensor', dims: [] },
    );
  const runInto = async (
    feeds: Readonly<Record<string, Tensor | Held>>,
    into: Readonly<Record<string, Held>>,
  ): Promise<Record<string, Tensor>> => {
    const outputs = await session.run(
      Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor)])),
    );
    const given: Record<string, Tensor> = {};
    for (const [name, tensor] of Object.entries(outputs)) {
      const held = into[name];
      if (held instanceof NodeHeld) {
        if (tensor.dims.join() !== held.dims.join()) throw new Error(`${name} is ${tensor.dims.join('×')}`);
        held.tensor = tensor;
      } else {
        given[name] = fromOrt(tensor);
      }
    }
    return given;
  };
  return {
    inputs: facts(session.inputMetadata),
    outputs: facts(session.outputMetadata),
    run: (feeds) => runInto(feeds, {}),
    runInto,
    runKeeping: async (feeds, wanted) => {
      const given = await session.run(
        Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor)])),
        wanted,
      );
      const outputs = Object.entries(given);
      return {
        given: Object.fromEntries(
          outputs.filter(([name]) => !keeps.includes(name)).map(([name, tensor]) => [name, fromOrt(tensor)]),
        ),
        kept: Object.fromEntries(
          outputs
            .filter(([name]) => keeps.includes(name))
            .map(([name, tensor]) => [name, new NodeHeld('float32', tensor.dims, tensor)]),
        ),
      };
    },
    hold: (type, dims) => {
      const size = dims.reduce((product, dim) => product * dim, 1);
      const zeros = type === 'float16' ? new Uint16Array(size) : new Float32Array(size);
      return Promise.resolve(new NodeHeld(type, dims, new ort.Tensor(type, zeros, dims)));
    },
    release: () => session.release(),
  };
}

function fromOrt({ type, dims, data }: ort.Tensor): Tensor {
  return { type: type as ElementType, dims, data: data as TensorData };
}

function toOrt(tensor: Tensor | Held): ort.Tensor {
  if (tensor instanceof NodeHeld) return tensor.tensor;
  const { type, data, dims } = tensor as Tensor;
  return new ort.Tensor(type, data, dims);
}
