/** What onnxruntime-web throws, as an error of ours. It has no codes, so its words are read. */
import { StudioError } from '../base/errors';
import type { OpenDevice } from './device';

/** After these the wasm module is gone for good and only a new worker helps. */
const moduleIsDead =
  /abort|unreachable|out of bounds|unaligned|null function|another WebGPU EP inference session/i;
const outOfMemory = /out of memory|bad_alloc|failed to allocate|allocation failed|exceeds max/i;
const badModel = /protobuf|not a valid model|INVALID_PROTOBUF|INVALID_GRAPH|deserialize|Unsupported model/i;

export function explain(thrown: unknown, gpu: OpenDevice | null): StudioError {
  if (thrown instanceof StudioError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const cause = { cause: thrown };
  if (gpu?.isLost()) return new StudioError('gpu/device-lost', { reason }, cause);
  if (outOfMemory.test(reason)) {
    return new StudioError(gpu ? 'gpu/out-of-memory' : 'engine/out-of-memory', { reason, dead: !gpu }, cause);
  }
  if (badModel.test(reason)) return new StudioError('model/damaged', { reason }, cause);
  return new StudioError('engine/failed', { reason, dead: moduleIsDead.test(reason) }, cause);
}
