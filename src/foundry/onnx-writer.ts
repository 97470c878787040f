/** Writing an ONNX file, and putting a graph together node by node. Field numbers: onnx/onnx.proto3. */
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxValue } from './onnx';
import { floatTensor, int64Tensor, writeTensor, type OnnxTensor } from './onnx-tensor';
import { writeFields, type Outgoing } from './protobuf';

/** The file format's version, not the operators'. */
const irVersion = 8;
/** The only version there is of onnxruntime's own operators. */
const foreignVersion = 1;
/** Operators of onnxruntime outside ONNX's own set. */
export const microsoft = 'com.microsoft';
/** AttributeProto.AttributeType */
const attributeType = { f: 1, i: 2, s: 3, t: 4, ints: 7 } as const;

/** `name` stands in the file as the graph's. */
export function writeOnnx(name: string, graph: OnnxGraph): Uint8Array<ArrayBuffer> {
  const body = writeFields([
    ...graph.nodes.map((node): Outgoing => [1, writeNode(node)]),
    [2, name],
    ...graph.tensors.map((tensor): Outgoing => [5, writeTensor(tensor)]),
    ...graph.inputs.map((value): Outgoing => [11, writeValue(value)]),
    ...graph.outputs.map((value): Outgoing => [12, writeValue(value)]),
  ]);
  const foreign = new Set(graph.nodes.map(({ domain }) => domain).filter((domain) => domain !== ''));
  return writeFields([
    [1, irVersion],
    [2, 'obscura'],
    [7, body],
    [8, writeFields([[2, graph.opset]])],
    ...[...foreign].map((domain): Outgoing => [
      8,
      writeFields([
        [1, domain],
        [2, foreignVersion],
      ]),
    ]),
  ]);
}

function writeNode({ op, domain, inputs, outputs, attributes }: OnnxNode): Uint8Array {
  return writeFields([
    ...inputs.map((name): Outgoing => [1, name]),
    ...outputs.map((name): Outgoing => [2, name]),
    [4, op],
    ...Object.entries(attributes).map(([name, value]): Outgoing => [5, writeAttribute(name, value)]),
    ...(domain === '' ? [] : [[7, domain] as const]),
  ]);
}

function writeAttribute(name: string, attribute: OnnxAttribute): Uint8Array {
  const named: Outgoing = [1, name];
  if ('f' in attribute) return writeFields([named, [2, { float: attribute.f }], [20, attributeType.f]]);
  if ('i' in attribute) return writeFields([named, [3, attribute.i], [20, attributeType.i]]);
  if ('s' in attribute) return writeFields([named, [4, attribute.s], [20, attributeType.s]]);
  if ('t' in attribute) return writeFields([named, [5, writeTensor(attribute.t)], [20, attributeType.t]]);
  return writeFields([
    named,
    ...attribute.ints.map((whole): Outgoing => [8, whole]),
    [20, attributeType.ints],
  ]);
}

function writeValue({ name, elementType, dims }: OnnxValue): Uint8Array {
  const shape = writeFields(
    dims.map((dim): Outgoing => [1, writeFields([typeof dim === 'number' ? [1, dim] : [2, dim]])]),
  );
  const tensor = writeFields([
    [1, elementType],
    [2, shape],
  ]);
  return writeFields([
    [1, name],
    [2, writeFields([[1, tensor]])],
  ]);
}

/** Collects nodes and weights; every method gives the name of the value it makes. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];

  node(op: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = {}): string {
    const output = this.fresh(op);
    this.add({ op, inputs, outputs: [output], attributes });
    return output;
  }

  /** One of onnxruntime's own operators. */
  foreign(op: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = {}): string {
    const output = this.fresh(op);
    this.add({ op, domain: microsoft, inputs, outputs: [output], attributes });
    return output;
  }

  /** A name no value has yet, if a node follows that makes it. */
  fresh(op: string): string {
    return `${op.toLowerCase()}_${this.nodes.length}`;
  }

  /** A node whose outputs are named by the caller, empty where one is not wanted. */
  add({
    op,
    domain = '',
    inputs,
    outputs,
    attributes = {},
  }: Pick<OnnxNode, 'op' | 'inputs' | 'outputs'> & Partial<OnnxNode>): void {
    this.nodes.push({ op, domain, inputs, outputs, attributes });
  }

  tensor(dims: readonly number[], values: Float32Array): string {
    const name = `weight_${this.tensors.length}`;
    this.tensors.push(floatTensor(name, dims, values));
    return name;
  }

  /** Whole numbers, as shapes and indices want them; not below zero, but for −1 in a shape. */
  wholes(values: readonly number[]): string {
    const name = `wholes_${values.join('_')}`.replaceAll('-', 'm');
    if (!this.tensors.some((tensor) => tensor.name === name)) this.tensors.push(int64Tensor(name, values));
    return name;
  }

  scalar(value: number): string {
    return this.tensor([], Float32Array.of(value));
  }

  /** Gives the last value made its name as the graph's output. */
  finish(value: string, output: string): void {
    this.add({ op: 'Identity', inputs: [value], outputs: [output] });
  }
}
