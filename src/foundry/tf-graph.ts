/**
 * Reading a frozen TensorFlow graph (GraphDef) as it lies in a `.pb` file. Nothing in it is run.
 * Field numbers: tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape}.proto.
 */
import { StudioError } from '../base/errors';
import { halfToFloat } from '../runtime/half';
import { bytesOf, floatsOf, readFields, textOf, wholesOf } from './protobuf';

export interface TfNode {
  readonly name: string;
  readonly op: string;
  /** Names of nodes, without the number of the output; control edges are left out. */
  readonly inputs: readonly string[];
  /** Attributes as they lie in the file: AttrValue messages. */
  readonly attributes: ReadonlyMap<string, Uint8Array>;
}

export interface TfTensor {
  readonly dims: readonly number[];
  /** Unpacked at each call: a few bytes of the file may stand for many values. @throws StudioError model/damaged */
  readonly values: () => Float32Array;
}

/** tensorflow/core/framework/types.proto */
const float32 = 1;
const float16 = 19;
/** More than any constant of the networks read here. */
const mostValues = 2 ** 20;

/** A GraphDef begins with a node, an ONNX file and a SavedModel with a number. */
export function looksLikeGraphDef(bytes: Uint8Array): boolean {
  return bytes[0] === 0x0a;
}

/** Nodes by name, each after those it takes from. @throws StudioError model/damaged */
export function readTfGraph(bytes: Uint8Array): ReadonlyMap<string, TfNode> {
  const nodes = new Map<string, TfNode>();
  for (const { number, value } of readFields(bytes)) {
    if (number !== 1) continue;
    const node = readNode(bytesOf(value));
    nodes.set(node.name, node);
  }
  return inOrder(nodes);
}

/** The value of a Const of numbers, null for any other. @throws StudioError model/damaged */
export function constantOf(node: TfNode): TfTensor | null {
  const value = node.op === 'Const' ? node.attributes.get('value') : undefined;
  if (!value) return null;
  for (const field of readFields(value)) if (field.number === 8) return readTensor(bytesOf(field.value));
  return null;
}

/** A text, a whole number, a float, a truth, or a list of whole numbers; null where it is absent. */
export function attributeOf(node: TfNode, name: string): string | number | readonly number[] | null {
  const message = node.attributes.get(name);
  if (!message) return null;
  for (const { number, value } of readFields(message)) {
    if (number === 1) return readList(bytesOf(value));
    if (number === 2) return textOf(value);
    if ((number === 3 || number === 5) && typeof value === 'number') return value;
    if (number === 4) return floatsOf(value)[0] ?? 0;
  }
  return null;
}

function readList(list: Uint8Array): readonly number[] {
  return [...readFields(list)].flatMap(({ number, value }) => (number === 3 ? wholesOf(value) : []));
}

function readNode(bytes: Uint8Array): TfNode {
  const inputs: string[] = [];
  const attributes = new Map<string, Uint8Array>();
  let [name, op] = ['', ''];
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) name = textOf(value);
    if (number === 2) op = textOf(value);
    if (number === 3) {
      const input = textOf(value);
      if (!input.startsWith('^')) inputs.push(input.replace(/:\d+$/, ''));
    }
    if (number === 5) {
      let [key, attribute] = ['', new Uint8Array() as Uint8Array];
      for (const entry of readFields(bytesOf(value))) {
        if (entry.number === 1) key = textOf(entry.value);
        if (entry.number === 2) attribute = bytesOf(entry.value);
      }
      attributes.set(key, attribute);
    }
  }
  return { name, op, inputs, attributes };
}

/** Depth first without recursion: a graph may be as deep as it is long. */
function inOrder(nodes: ReadonlyMap<string, TfNode>): ReadonlyMap<string, TfNode> {
  const ordered = new Map<string, TfNode>();
  const entered = new Set<string>();
  for (const start of nodes.keys()) {
    const stack = [start];
    for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
      const node = nodes.get(name);
      if (!node || ordered.has(name)) stack.pop();
      else if (entered.has(name)) {
        ordered.set(name, node);
        stack.pop();
      } else {
        entered.add(name);
        stack.push(...node.inputs.filter((input) => !entered.has(input)).reverse());
      }
    }
  }
  return ordered;
}

/** TensorFlow leaves out equal values at the end of a list: the last one stands for the rest (tensor.proto). */
function readTensor(bytes: Uint8Array): TfTensor | null {
  const listed: number[] = [];
  const dims: number[] = [];
  let type = 0;
  let content: Uint8Array | null = null;
  for (const { number, value } of readFields(bytes)) {
    if (number === 1 && typeof value === 'number') type = value;
    if (number === 2) dims.push(...readShape(bytesOf(value)));
    if (number === 4) content = bytesOf(value);
    if (number === 5) for (const float of floatsOf(value)) listed.push(float);
    if (number === 13) for (const bits of wholesOf(value)) listed.push(halfToFloat(bits));
  }
  if (type !== float32 && type !== float16) return null;
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (count > mostValues) throw new StudioError('model/damaged', { reason: `a constant of ${count} values` });
  const values = () => {
    const given = content ? unpack(content, type) : listed;
    if (content ? given.length !== count : given.length > count) {
      throw new StudioError('model/damaged', { reason: `${given.length} values for ${dims.join('×')}` });
    }
    const last = given.at(-1) ?? 0;
    return Float32Array.from({ length: count }, (_, i) => given[i] ?? last);
  };
  return { dims, values };
}

function unpack(content: Uint8Array, type: number): Float32Array {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  return type === float32
    ? Float32Array.from({ length: content.length >> 2 }, (_, i) => view.getFloat32(i * 4, true))
    : Float32Array.from({ length: content.length >> 1 }, (_, i) => halfToFloat(view.getUint16(i * 2, true)));
}

function readShape(bytes: Uint8Array): number[] {
  const dims: number[] = [];
  for (const { number, value } of readFields(bytes)) {
    if (number !== 2) continue;
    let size = 0;
    for (const field of readFields(bytesOf(value))) {
      if (field.number === 1 && typeof field.value === 'number') size = field.value;
    }
    dims.push(size);
  }
  return dims;
}
