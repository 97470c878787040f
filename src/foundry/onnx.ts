/**
 * Reading an ONNX file: what it asks for and gives back, its nodes and weights, and what it would reach for.
 * Nothing in it is run. Field numbers: onnx/onnx.proto3.
 */
import { StudioError } from '../base/errors';
import { readTensor, type OnnxTensor } from './onnx-tensor';
import { bytesOf, floatsOf, readFields, textOf, wholesOf } from './protobuf';

export interface OnnxValue {
  readonly name: string;
  readonly elementType: number;
  /** A string is a free dimension, empty when unnamed. */
  readonly dims: readonly (number | string)[];
}

/** In ONNX's own names; negative whole numbers are not told apart from very large ones. */
export type OnnxAttribute =
  | { readonly f: number }
  | { readonly i: number }
  | { readonly s: string }
  | { readonly t: OnnxTensor }
  | { readonly ints: readonly number[] };

export interface OnnxNode {
  readonly op: string;
  /** Empty for ONNX's own operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxGraph {
  readonly opset: number;
  /** Without initializers. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
}

export interface OnnxModel extends OnnxGraph {
  /** Every operator outside ONNX's own set, as `domain.Name`, branches and functions included. */
  readonly foreignOperators: readonly string[];
  /** Files beside the model that hold weights; empty text where the file is not named. */
  readonly externalFiles: readonly string[];
}

/** What is met on the way down through branches, loops and functions. */
interface Findings {
  readonly operators: Set<string>;
  readonly files: Set<string>;
}

/** @throws StudioError model/damaged when the bytes are not a ModelProto with a graph. */
export function readOnnx(model: Uint8Array): OnnxModel {
  let opset = 0;
  let graph: Uint8Array | null = null;
  const found: Findings = { operators: new Set(), files: new Set() };
  const own = new Set<string>();
  for (const { number, value } of readFields(model)) {
    if (number === 7) graph = bytesOf(value);
    if (number === 8) {
      const { domain, version } = readOpset(bytesOf(value));
      if (domain === '') opset = version;
    }
    if (number === 25) own.add(readFunction(bytesOf(value), found));
  }
  if (!graph || opset === 0) throw new StudioError('model/damaged', { reason: 'no graph' });
  const parts = readGraph(graph, found);
  const foreignOperators = [...found.operators].filter((operator) => !own.has(operator));
  return { opset, ...parts, foreignOperators, externalFiles: [...found.files] };
}

function readOpset(bytes: Uint8Array): { domain: string; version: number } {
  let domain = '';
  let version = 0;
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) domain = textOf(value);
    if (number === 2 && typeof value === 'number') version = value;
  }
  return { domain, version };
}

/** The name it is called by, as `domain.Name`. */
function readFunction(bytes: Uint8Array, found: Findings): string {
  let [name, domain] = ['', ''];
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) name = textOf(value);
    if (number === 7) readNode(bytesOf(value), found);
    if (number === 10) domain = textOf(value);
  }
  return `${domain}.${name}`;
}

function readGraph(bytes: Uint8Array, found: Findings): Omit<OnnxGraph, 'opset'> {
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const nodes: OnnxNode[] = [];
  const tensors: OnnxTensor[] = [];
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) nodes.push(readNode(bytesOf(value), found));
    if (number === 5) tensors.push(noted(readTensor(bytesOf(value)), found));
    if (number === 11) inputs.push(readValue(bytesOf(value)));
    if (number === 12) outputs.push(readValue(bytesOf(value)));
  }
  const initializers = new Set(tensors.map(({ name }) => name));
  return { inputs: inputs.filter(({ name }) => !initializers.has(name)), outputs, nodes, tensors };
}

function readNode(bytes: Uint8Array, found: Findings): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: Record<string, OnnxAttribute> = {};
  let [op, domain] = ['', ''];
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) inputs.push(textOf(value));
    if (number === 2) outputs.push(textOf(value));
    if (number === 4) op = textOf(value);
    if (number === 5) Object.assign(attributes, readAttribute(bytesOf(value), found));
    if (number === 7) domain = textOf(value);
  }
  if (domain === 'ai.onnx') domain = '';
  if (domain !== '') found.operators.add(`${domain}.${op}`);
  return { op, domain, inputs, outputs, attributes };
}

function readAttribute(bytes: Uint8Array, found: Findings): Record<string, OnnxAttribute> {
  let name = '';
  let attribute: OnnxAttribute | null = null;
  const ints: number[] = [];
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) name = textOf(value);
    if (number === 2) attribute = { f: floatsOf(value)[0] ?? 0 };
    if (number === 3 && typeof value === 'number') attribute = { i: value };
    if (number === 4) attribute = { s: textOf(value) };
    if (number === 5 || number === 10) attribute = { t: noted(readTensor(bytesOf(value)), found) };
    if (number === 6 || number === 11) readGraph(bytesOf(value), found);
    if (number === 8) ints.push(...wholesOf(value));
  }
  if (ints.length > 0) attribute = { ints };
  return attribute ? { [name]: attribute } : {};
}

function noted(tensor: OnnxTensor, found: Findings): OnnxTensor {
  if (tensor.external) found.files.add(tensor.external.location);
  return tensor;
}

function readValue(bytes: Uint8Array): OnnxValue {
  let name = '';
  let elementType = 0;
  let dims: (number | string)[] = [];
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) name = textOf(value);
    if (number !== 2) continue;
    for (const type of readFields(bytesOf(value))) {
      if (type.number !== 1) continue;
      for (const tensor of readFields(bytesOf(type.value))) {
        if (tensor.number === 1 && typeof tensor.value === 'number') elementType = tensor.value;
        if (tensor.number === 2) dims = readShape(bytesOf(tensor.value));
      }
    }
  }
  return { name, elementType, dims };
}

function readShape(shape: Uint8Array): (number | string)[] {
  const dims: (number | string)[] = [];
  for (const { number, value } of readFields(shape)) {
    if (number !== 1) continue;
    let dim: number | string = '';
    for (const field of readFields(bytesOf(value))) {
      if (field.number === 1 && typeof field.value === 'number') dim = field.value;
      if (field.number === 2) dim = textOf(field.value);
    }
    dims.push(dim);
  }
  return dims;
}
