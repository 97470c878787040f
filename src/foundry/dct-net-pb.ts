/**
 * DCT-Net's frozen TensorFlow graphs (`cartoon_bg.pb`, `cartoon_h.pb`), as its exporter writes them: its convolutions
 * are taken in the order the picture passes them and built anew. The graph's own frame (normalisation, guided
 * filter, clip) is not read: it is the builder's.
 */
import { buildDctNet, leakySlope, notDctNet, type Convolution } from './dct-net';
import { attributeOf, constantOf, readTfGraph, type TfNode, type TfTensor } from './tf-graph';

type Nodes = ReadonlyMap<string, TfNode>;

/** How many leaky ReLUs and enlargements lie between the convolutions. */
const leakyCount = 13;
const enlargementCount = 2;

/**
 * The same network as an ONNX file: [1, 3, h, w] BGR 0…255 in and out.
 * @throws StudioError model/damaged, model/not-dct-net
 */
export function convertDctNet(pb: Uint8Array): Uint8Array<ArrayBuffer> {
  const nodes = readTfGraph(pb);
  const all = [...nodes.values()];
  const biases = biasesOf(nodes);
  const convolutions = all
    .filter(({ op }) => op === 'Conv2D')
    .map((node) => convolutionOf(node, nodes, biases.get(node.name)));
  const onnx = buildDctNet(convolutions);
  checkBetween(all, nodes);
  return onnx;
}

function convolutionOf(node: TfNode, nodes: Nodes, biases: TfTensor | undefined): Convolution {
  const filter = resolve(nodes, node.inputs[1]);
  if (filter?.dims.length !== 4 || !biases)
    throw notDctNet({ convolution: node.name, found: 'no frozen weights' });
  const [height = 0, width = 0, into = 0, out = 0] = filter.dims;
  const [, stride, strideX] = listOf(node, 'strides');
  const dilations = listOf(node, 'dilations');
  if (
    attributeOf(node, 'padding') !== 'SAME' ||
    (attributeOf(node, 'data_format') ?? 'NHWC') !== 'NHWC' ||
    dilations.some((step) => step !== 1) ||
    stride !== strideX ||
    biases.dims[0] !== out
  ) {
    throw notDctNet({ convolution: node.name, found: 'of another kind' });
  }
  return {
    kernel: [height, width],
    stride: stride ?? 0,
    into,
    out,
    filters: () => outermostFirst(filter.values(), [height * width, into, out]),
    biases: biases.values,
  };
}

/** [kernel², into, out] → [out, into, kernel²] */
function outermostFirst(
  values: Float32Array,
  [area, into, out]: readonly [number, number, number],
): Float32Array {
  const turned = new Float32Array(values.length);
  for (let k = 0, from = 0; k < area; k++)
    for (let i = 0; i < into; i++)
      for (let o = 0; o < out; o++) turned[(o * into + i) * area + k] = values[from++] as number;
  return turned;
}

/** By the name of what they are added to. */
function biasesOf(nodes: Nodes): ReadonlyMap<string, TfTensor> {
  const biases = new Map<string, TfTensor>();
  for (const { op, inputs } of nodes.values()) {
    const [source, added] = inputs;
    if (source === undefined || !['BiasAdd', 'Add', 'AddV2'].includes(op)) continue;
    const tensor = resolve(nodes, added);
    if (tensor?.dims.length === 1) biases.set(source, tensor);
  }
  return biases;
}

/** What lies between the convolutions must be what the builder puts there. */
function checkBetween(all: readonly TfNode[], nodes: Nodes): void {
  const slopes = all.flatMap((node) => slopeOf(node, nodes) ?? []);
  const strange = slopes.find((slope) => Math.abs(slope - leakySlope) > 1e-6);
  if (strange !== undefined) throw notDctNet({ slope: strange, wanted: leakySlope });
  if (slopes.length !== leakyCount) throw notDctNet({ leakyRelus: slopes.length, wanted: leakyCount });
  const enlargements = all.filter(({ op }) => op === 'ResizeBilinear');
  if (enlargements.length !== enlargementCount) {
    throw notDctNet({ enlargements: enlargements.length, wanted: enlargementCount });
  }
  const aligned = ['align_corners', 'half_pixel_centers'];
  if (enlargements.some((node) => aligned.some((name) => attributeOf(node, name) === 1))) {
    throw notDctNet({ enlargements: 'aligned differently' });
  }
}

/** Of a leaky ReLU: its own operator, or before TensorFlow 1.13 the larger of x and slope·x; null for anything else. */
function slopeOf(node: TfNode, nodes: Nodes): number | null {
  if (node.op === 'LeakyRelu') return Number(attributeOf(node, 'alpha') ?? leakySlope);
  if (node.op !== 'Maximum') return null;
  for (const name of node.inputs) {
    const product = nodes.get(name);
    const factor = product?.inputs.find((input) => !node.inputs.includes(input));
    if (product?.op === 'Mul' && factor !== undefined) return resolve(nodes, factor)?.values()[0] ?? null;
  }
  return null;
}

/** The constant behind a name, through whatever only passes it on. */
function resolve(nodes: Nodes, name: string | undefined): TfTensor | null {
  let node = name === undefined ? undefined : nodes.get(name);
  for (let steps = 0; node && ['Identity', 'Cast'].includes(node.op) && steps < 4; steps++) {
    node = nodes.get(node.inputs[0] ?? '');
  }
  return node ? constantOf(node) : null;
}

function listOf(node: TfNode, name: string): readonly number[] {
  const list = attributeOf(node, name);
  return Array.isArray(list) ? (list as readonly number[]) : [];
}
