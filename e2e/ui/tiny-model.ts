/** Models of unknown making, made here, that draw something easily looked at. */
import { GraphBuilder, writeOnnx } from '../../src/foundry/onnx-writer';
import { onnxType } from '../../src/foundry/onnx-tensor';

/** A graph that keeps the first of three colours and blackens the others, and says of itself only its shape. */
export function firstColourAlone(elementType: number = onnxType.float32): Uint8Array {
  return coloursKept([1, 0, 0], elementType);
}

/** A cartoon that is the photo itself. */
export function photoItself(): Uint8Array {
  return coloursKept([1, 1, 1], onnxType.float32);
}

function coloursKept(kept: readonly number[], elementType: number): Uint8Array {
  const graph = new GraphBuilder();
  const wide = graph.node('Cast', ['x'], { to: { i: onnxType.float32 } });
  const black = graph.scalar(-1);
  const first = graph.tensor([1, 3, 1, 1], Float32Array.from(kept));
  const masked = graph.node('Mul', [graph.node('Sub', [wide, black]), first]);
  graph.finish(graph.node('Cast', [graph.node('Add', [masked, black])], { to: { i: elementType } }), 'y');
  const picture = (name: string) => ({ name, elementType, dims: [1, 3, 'h', 'w'] });
  const { nodes, tensors } = graph;
  return writeOnnx('first', { opset: 17, inputs: [picture('x')], outputs: [picture('y')], nodes, tensors });
}

/**
 * A graph that draws every picture in one colour, the last but nine of `rows` that stand in the file. Which row is
 * worked out from the picture, so that nothing can be done before it comes.
 */
export function oneColour(colour: readonly [number, number, number], rows: number): Uint8Array {
  const graph = new GraphBuilder();
  const colours = new Float32Array(rows * 3);
  colours.set(colour, (rows - 10) * 3);
  const nothing = graph.node('Mul', ['x', graph.scalar(0)]);
  const brightest = graph.node('ReduceMax', [nothing], { keepdims: { i: 0 } });
  const row = graph.node('Add', [brightest, graph.scalar(rows - 10)]);
  // TensorProto.DataType.INT64
  const place = graph.node('Cast', [row], { to: { i: 7 } });
  const found = graph.node('Gather', [graph.tensor([rows, 3, 1, 1], colours), place]);
  graph.finish(graph.node('Add', [nothing, found]), 'y');
  const picture = (name: string) => ({ name, elementType: onnxType.float32, dims: [1, 3, 'h', 'w'] });
  const { nodes, tensors } = graph;
  return writeOnnx('colour', { opset: 17, inputs: [picture('x')], outputs: [picture('y')], nodes, tensors });
}
