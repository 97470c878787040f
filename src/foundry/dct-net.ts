/**
 * DCT-Net's generator as an ONNX graph, from its 18 convolutions: picture [1, 3, h, w] BGR 0…255 in and out, sides
 * multiples of 4. The network is `unet_generator` of modelscope/modelscope@86f71f2 modelscope/models/cv/cartoon/network.py;
 * what stands around it is its exporter's: @639c474 modelscope/exporters/cv/cartoon_translation_exporter.py.
 */
import { StudioError } from '../base/errors';
import { onnxType } from './onnx-tensor';
import { GraphBuilder, writeOnnx } from './onnx-writer';

export interface Convolution {
  /** Height and width of the kernel. */
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly into: number;
  readonly out: number;
  /** [out, into, kernel, kernel]; asked for when the layers have been found to be DCT-Net's. */
  readonly filters: () => Float32Array;
  /** [out] */
  readonly biases: () => Float32Array;
}

type Width = 'colours' | 'fine' | 'half' | 'quarter';

/** Kernel, stride, channels in and out; how many channels a scale has is the weights' affair. */
const layers: readonly (readonly [kernel: number, stride: number, into: Width, out: Width])[] = [
  [7, 1, 'colours', 'fine'],
  [3, 2, 'fine', 'fine'],
  [3, 1, 'fine', 'half'],
  [3, 2, 'half', 'half'],
  [3, 1, 'half', 'quarter'],
  ...Array.from({ length: 8 }, () => [3, 1, 'quarter', 'quarter'] as const),
  [3, 1, 'quarter', 'half'],
  [3, 1, 'half', 'half'],
  [3, 1, 'half', 'fine'],
  [3, 1, 'fine', 'fine'],
  [7, 1, 'fine', 'colours'],
];

/** tf.nn.leaky_relu's own slope. */
export const leakySlope = 0.2;
/** The graph's limits before the cast to bytes, so that white stays below 256 there. */
const limit = 0.999999;
/** `guided_filter(…, r=1)`, modelscope/modelscope@51cf0b1 modelscope/models/cv/cartoon/loss.py */
const filterSide = 3;
const filterEpsilon = 1e-2;

/** Of layers that follow one another. @throws StudioError model/not-dct-net */
export function buildDctNet(convolutions: readonly Convolution[]): Uint8Array<ArrayBuffer> {
  checkLayers(convolutions);
  const graph = new GraphBuilder();
  const half = graph.scalar(127.5);
  const photo = graph.node('Mul', [graph.node('Sub', ['input', half]), graph.scalar(1 / 127.5)]);
  const drawn = clip(graph, guidedFilter(graph, photo, generator(graph, photo, convolutions)));
  graph.finish(graph.node('Mul', [graph.node('Add', [drawn, graph.scalar(1)]), half]), 'output');
  const picture = (name: string) => ({ name, elementType: onnxType.float32, dims: [1, 3, 'h', 'w'] });
  return writeOnnx('dct-net', {
    opset: 13,
    inputs: [picture('input')],
    outputs: [picture('output')],
    nodes: graph.nodes,
    tensors: graph.tensors,
  });
}

function checkLayers(convolutions: readonly Convolution[]): void {
  if (convolutions.length !== layers.length) {
    throw notDctNet({ convolutions: convolutions.length, wanted: layers.length });
  }
  const widths = {
    colours: 3,
    fine: convolutions[0]?.out,
    half: convolutions[2]?.out,
    quarter: convolutions[4]?.out,
  };
  for (const [index, [kernel, stride, into, out]] of layers.entries()) {
    const layer = convolutions[index];
    const found = layer && `${layer.kernel.join('×')} ${layer.into}→${layer.out} /${layer.stride}`;
    const wanted = `${kernel}×${kernel} ${widths[into]}→${widths[out]} /${stride}`;
    if (found !== wanted) throw notDctNet({ convolution: index + 1, found: found ?? 'none', wanted });
  }
}

export function notDctNet(details: Readonly<Record<string, string | number>>): StudioError {
  return new StudioError('model/not-dct-net', details);
}

/** [1, 3, h, w] → [1, 3, h, w], −1…1 and somewhat beyond. */
function generator(graph: GraphBuilder, photo: string, convolutions: readonly Convolution[]): string {
  const waiting = convolutions.values();
  const conv = (value: string): string => {
    const { kernel, stride, into, out, filters, biases } = waiting.next().value as Convolution;
    const before = stride === 1 ? kernel.map((side) => side >> 1) : [0, 0];
    // TensorFlow's SAME: stride 2 over an even side pads bottom and right only.
    const after = stride === 1 ? before : kernel.map((side) => side >> 1);
    return graph.node(
      'Conv',
      [value, graph.tensor([out, into, ...kernel], filters()), graph.tensor([out], biases())],
      {
        kernel_shape: { ints: kernel },
        strides: { ints: [stride, stride] },
        pads: { ints: [...before, ...after] },
      },
    );
  };
  const leaky = (value: string) => graph.node('LeakyRelu', [value], { alpha: { f: leakySlope } });
  const twice = graph.tensor([4], Float32Array.of(1, 1, 2, 2));
  /** TensorFlow 1's resize_bilinear: corners not aligned, pixel centres not halved. */
  const enlarge = (value: string) =>
    graph.node('Resize', [value, '', twice], {
      mode: { s: 'linear' },
      coordinate_transformation_mode: { s: 'asymmetric' },
    });
  const fine = leaky(conv(photo));
  const half = leaky(conv(leaky(conv(fine))));
  let quarter = leaky(conv(leaky(conv(half))));
  for (let block = 0; block < 4; block++) {
    quarter = graph.node('Add', [quarter, conv(leaky(conv(quarter)))]);
  }
  const up = graph.node('Add', [enlarge(leaky(conv(quarter))), half]);
  const full = graph.node('Add', [enlarge(leaky(conv(leaky(conv(up))))), fine]);
  return conv(leaky(conv(full)));
}

/** `guided_filter` of loss.py (He et al., ECCV 2010): `drawn` follows the edges of `photo`; letters as there. */
function guidedFilter(graph: GraphBuilder, photo: string, drawn: string): string {
  // A box filter over N, its count inside the picture, is a mean that leaves the padding out.
  const mean = (value: string) =>
    graph.node('AveragePool', [value], {
      kernel_shape: { ints: [filterSide, filterSide] },
      pads: { ints: [1, 1, 1, 1] },
      count_include_pad: { i: 0 },
    });
  const times = (x: string, y: string) => graph.node('Mul', [x, y]);
  const minus = (x: string, y: string) => graph.node('Sub', [x, y]);
  const meanX = mean(photo);
  const meanY = mean(drawn);
  const covariance = minus(mean(times(photo, drawn)), times(meanX, meanY));
  const variance = minus(mean(times(photo, photo)), times(meanX, meanX));
  const a = graph.node('Div', [covariance, graph.node('Add', [variance, graph.scalar(filterEpsilon)])]);
  const b = minus(meanY, times(a, meanX));
  return graph.node('Add', [times(mean(a), photo), mean(b)]);
}

function clip(graph: GraphBuilder, value: string): string {
  return graph.node('Clip', [value, graph.scalar(-limit), graph.scalar(limit)]);
}
