/**
 * The noise that a seed stands for, in our own specification, so that a seed means the same picture on every engine:
 * value 4i + k of a picture is the normal quantile of (w_k + ½) / 2³², where w_0 … w_3 are the words of Philox4x32-10
 * under the counter (i, 0, 0, 0) and the key (seed mod 2³², ⌊seed / 2³²⌋), rounded to float32. No other program's
 * seeds give these pictures.
 */
import { normalQuantile } from './normal';
import { philox, type Key } from './philox';

export const largestSeed = Number.MAX_SAFE_INTEGER;

/** `count` standard normal values, float32. `seed`: an integer from 0 to `largestSeed`. @throws RangeError */
export function noise(seed: number, count: number): Float32Array<ArrayBuffer> {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`a seed is an integer of 0 or more, not ${seed}`);
  const key: Key = [seed >>> 0, Math.floor(seed / 2 ** 32)];
  const values = new Float32Array(count);
  for (let block = 0; 4 * block < count; block++) {
    const words = philox([block, 0, 0, 0], key);
    for (let k = 0; k < 4 && 4 * block + k < count; k++) {
      values[4 * block + k] = normalQuantile(((words[k] ?? 0) + 0.5) / 2 ** 32);
    }
  }
  return values;
}
