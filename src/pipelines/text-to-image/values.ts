/** Numbers in and out of a part, in whatever element type its graph has; and whether the graph is the one described. */
import { StudioError } from '../../base/errors';
import { floatsOfHalves, halvesOf } from '../../runtime/half';
import type { Session, Tensor, ValueInfo } from '../../runtime/runtime';
import { elementCount } from '../../runtime/tensor';

/** What a card says of one value: its name, or any one of several, how many dimensions, and which element types we write. */
export interface Described {
  readonly names: readonly string[];
  readonly rank: number;
  readonly types: readonly string[];
}

export const floating = ['float32', 'float16'] as const;
export const whole = ['int32', 'int64'] as const;

/**
 * The names of the described inputs and outputs as this graph has them.
 * @throws StudioError model/not-as-described, with what differs, in the graph's own terms
 */
export function checkPart(
  part: string,
  session: Session,
  described: { readonly inputs: readonly Described[]; readonly outputs: readonly Described[] },
): { readonly outputs: readonly string[] } {
  const differs: string[] = [];
  const find = (values: readonly ValueInfo[], { names, rank, types }: Described): string => {
    const value = values.find(({ name }) => names.includes(name));
    const label = names.join(' / ');
    if (!value) differs.push(`${label}: missing, there is ${values.map(({ name }) => name).join(', ')}`);
    else if (!types.includes(value.type)) differs.push(`${label}: ${value.type}, not ${types.join(' or ')}`);
    else if (value.dims.length !== rank)
      differs.push(`${label}: [${value.dims.join(', ')}], not ${rank} dimensions`);
    return value?.name ?? '';
  };
  for (const input of described.inputs) find(session.inputs, input);
  const known = new Set(described.inputs.flatMap(({ names }) => names));
  const unknown = session.inputs.filter(({ name }) => !known.has(name));
  if (unknown.length > 0) differs.push(`also wants ${unknown.map(({ name }) => name).join(', ')}`);
  const outputs = described.outputs.map((output) => find(session.outputs, output));
  if (differs.length > 0)
    throw new StudioError('model/not-as-described', { part, differs: differs.join('; ') });
  return { outputs };
}

/** `values` in the element type that the graph's input has. Bit patterns of 16-bit numbers pass as they are. */
export function tensorFor(
  session: Session,
  name: string,
  { dims, values }: { readonly dims: readonly number[]; readonly values: ArrayLike<number> },
): Tensor {
  if (values.length !== elementCount(dims))
    throw new RangeError(`${name}: ${values.length} for ${dims.join('×')}`);
  const type = session.inputs.find((input) => input.name === name)?.type;
  switch (type) {
    case 'float16':
      return {
        type,
        dims,
        data: values instanceof Uint16Array ? values : halvesOf(new Float32Array(values)),
      };
    case 'int64':
      return { type, dims, data: BigInt64Array.from(Array.from(values, BigInt)) };
    case 'int32':
      return { type, dims, data: Int32Array.from(values) };
    default: {
      const floats = values instanceof Uint16Array ? floatsOfHalves(values) : new Float32Array(values);
      return { type: 'float32', dims, data: floats };
    }
  }
}

/** @throws StudioError model/not-as-described where it is neither of the two */
export function floatsOf(part: string, tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  if (tensor?.data instanceof Uint16Array) return floatsOfHalves(tensor.data);
  throw new StudioError('model/not-as-described', { part, differs: `gives ${tensor?.type ?? 'nothing'}` });
}

export function isFinite32(values: Float32Array): boolean {
  // Nothing but a number less itself is 0, and any other makes the sum no number.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) - (values[i] as number);
  return sum === 0;
}
