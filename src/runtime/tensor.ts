/** Making and checking tensors. */
import { StudioError } from '../base/errors';
import type { Tensor } from './runtime';

export function float32Tensor(dims: readonly number[], data: Float32Array): Tensor {
  if (data.length !== elementCount(dims)) {
    throw new RangeError(`tensor ${dims.join('×')} needs ${elementCount(dims)} values, got ${data.length}`);
  }
  return { type: 'float32', dims, data };
}

export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** The named output as f32. @throws StudioError model/wrong-shape */
export function float32Output(outputs: Readonly<Record<string, Tensor>>, name: string): Float32Array {
  const tensor = outputs[name];
  if (!tensor || !(tensor.data instanceof Float32Array)) {
    throw new StudioError('model/wrong-shape', { output: name, type: tensor?.type ?? 'missing' });
  }
  return tensor.data;
}
