/**
 * A denoiser with the interface of Z-Image's whose work is convolutions, 12 billion sums a step at 512 × 512: enough
 * that the processor is at it for most of a second, as a real one is for many. Seeded; what it draws means nothing.
 */
import { GraphBuilder, writeOnnx } from '../../src/foundry/onnx-writer';
import { onnxType } from '../../src/foundry/onnx-tensor';

const channels = 16;
const width = 400;

export function wideDenoiser(): Uint8Array {
  const graph = new GraphBuilder();
  let seed = 1;
  const convolve = (value: string, from: number, to: number): string => {
    const count = to * from * 9;
    const scale = 1 / Math.sqrt(from * 9);
    const weights = Float32Array.from({ length: count }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (seed / 2 ** 30 - 1) * scale;
    });
    return graph.node('Conv', [value, graph.tensor([to, from, 3, 3], weights)], {
      pads: { ints: [1, 1, 1, 1] },
    });
  };
  const wide = graph.node('Tanh', [convolve('hidden_states', channels, width)]);
  const deep = graph.node('Tanh', [convolve(wide, width, width)]);
  const deeper = graph.node('Tanh', [convolve(deep, width, width)]);
  const drawn = convolve(deeper, width, channels);
  const said = graph.node('ReduceMax', ['encoder_hidden_states'], { keepdims: { i: 0 } });
  const about = graph.node('Mul', [graph.node('Add', ['timestep', said]), graph.scalar(0.01)]);
  graph.finish(graph.node('Add', [drawn, about]), 'sample');
  const value = (name: string, dims: readonly (number | string)[]) => {
    return { name, elementType: onnxType.float32, dims };
  };
  const latents = [1, channels, 'height', 'width'];
  return writeOnnx('wide', {
    ...{ opset: 17, nodes: graph.nodes, tensors: graph.tensors },
    inputs: [
      value('hidden_states', latents),
      value('timestep', [1]),
      value('encoder_hidden_states', [1, 'cap_seq_len', 'said']),
    ],
    outputs: [value('sample', latents)],
  });
}
