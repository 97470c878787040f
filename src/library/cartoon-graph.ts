/**
 * How an ONNX graph of one picture in and one out wants its pictures: told by its shapes, types and arithmetic, and
 * guessed where these are silent.
 */
import { StudioError } from '../base/errors';
import type { OnnxModel, OnnxNode, OnnxValue } from '../foundry/onnx';
import { firstStepsOf, outputRangeOf, type ValueRange } from '../foundry/onnx-range';
import { onnxType } from '../foundry/onnx-tensor';
import type { ColourGuess } from '../models/model';
import type { CartoonSpec } from '../pipelines/cartoon/card';

const ranges: Readonly<Record<ValueRange, CartoonSpec['inputRange']>> = {
  bytes: [0, 255],
  signed: [-1, 1],
  unit: [0, 1],
};
const pictureTypes: readonly number[] = [onnxType.float32, onnxType.float16, onnxType.uint8];
/** Where height and width stand. */
const sides = { nchw: [2, 3], nhwc: [1, 2], hwc: [0, 1], rgba: [1, 2] } as const;
/** What DCT-Net pads to; more only where a graph goes down further. */
const leastMultiple = 16;
const mostMultiple = 512;
/** Of a graph that takes one size alone: less is no picture. */
const leastSidePx = 64;

/**
 * What the graph leaves open. Values: of a net that ends in them or else −1…1, the habit of image translation.
 * Order: BGR where 0…255 goes in, the habit of OpenCV which DCT-Net and White-box share, else RGB
 * (menyifang/DCT-Net@147e4f2 source/cartoonize.py; TachibanaYoshino/AnimeGANv3 deploy/test_by_onnx.py).
 * @throws StudioError model/not-recognised
 */
export function guessColours(onnx: OnnxModel): ColourGuess {
  const { input } = picturesOf(onnx);
  const told = toldRanges(onnx);
  const floatBytes = told.input === 'bytes' && input.elementType !== onnxType.uint8;
  const isNamed = /input_(photo|image)/i.test(input.name);
  const open = told.input === null || told.output === null;
  return {
    order: floatBytes || isNamed ? 'bgr' : 'rgb',
    range: open ? (told.input ?? told.output ?? 'signed') : null,
  };
}

/** @throws StudioError model/not-recognised */
export function cartoonSpecOf(onnx: OnnxModel, guess: ColourGuess): CartoonSpec {
  const { input, output } = picturesOf(onnx);
  const layout = layoutOf(onnx, input);
  if (!layout) throw notPictures('not a colour picture');
  const drawn = layoutOf(onnx, output);
  if (drawn && drawn !== layout) throw notPictures(`${layout} in, ${drawn} out`);
  const [height, width] = sides[layout].map((axis) => input.dims[axis]);
  const size = sizeOf(height, width);
  const [batch] = input.dims;
  if (layout !== 'hwc' && typeof batch === 'number' && batch !== 1) throw notPictures(`${batch} at once`);
  const told = toldRanges(onnx);
  const open = guess.range ?? 'signed';
  return {
    style: 'custom',
    input: input.name,
    output: output.name,
    layout,
    order: guess.order,
    inputRange: ranges[told.input ?? open],
    outputRange: ranges[told.output ?? open],
    multiple: size ? leastMultiple : multipleOf(onnx.nodes),
    ...(size && { size }),
    haloPx: 64,
  };
}

/** With one side fixed, the free one is as long. @throws StudioError model/not-recognised where nothing could be seen */
function sizeOf(...[height, width]: readonly (number | string | undefined)[]): CartoonSpec['size'] | null {
  const fixed = [height, width].filter((side) => typeof side === 'number');
  const [side] = fixed;
  if (side === undefined) return null;
  if (fixed.some((each) => each < leastSidePx)) throw notPictures(`pictures of ${fixed.join('×')}`);
  return {
    width: typeof width === 'number' ? width : side,
    height: typeof height === 'number' ? height : side,
  };
}

function picturesOf(onnx: OnnxModel): { input: OnnxValue; output: OnnxValue } {
  const [input, ...otherInputs] = onnx.inputs;
  const [output, ...otherOutputs] = onnx.outputs;
  if (!input || !output || otherInputs.length > 0 || otherOutputs.length > 0) {
    throw notPictures('not one picture in, one picture out');
  }
  if (![input, output].every(({ elementType }) => pictureTypes.includes(elementType))) {
    throw notPictures('values neither float nor bytes');
  }
  return { input, output };
}

/** Bytes are 0…255; else what the arithmetic says. */
function toldRanges(onnx: OnnxModel): Record<'input' | 'output', ValueRange | null> {
  const { input, output } = picturesOf(onnx);
  return {
    input: input.elementType === onnxType.uint8 ? 'bytes' : firstStepsOf(onnx, input.name).range,
    output: output.elementType === onnxType.uint8 ? 'bytes' : outputRangeOf(onnx, output.name),
  };
}

/** A picture's own bytes. */
export function isRgba({ dims, elementType }: OnnxValue): boolean {
  return dims.length === 4 && dims[3] === 4 && elementType === onnxType.uint8;
}

function layoutOf(onnx: OnnxModel, value: OnnxValue): CartoonSpec['layout'] | null {
  const { name, dims } = value;
  if (dims.length === 3) return dims[2] === 3 ? 'hwc' : null;
  if (dims.length !== 4) return null;
  if (isRgba(value)) return 'rgba';
  if (dims[1] === 3) return 'nchw';
  if (dims[3] === 3) return 'nhwc';
  if (typeof dims[1] === 'number' || typeof dims[3] === 'number') return null;
  // Nothing but free sides: ONNX's layers want channels first, so whoever has them last turns them.
  const { turn, reaches } = firstStepsOf(onnx, name);
  if (turn?.join() === '0,3,1,2') return 'nhwc';
  return reaches === 'Conv' && !turn ? 'nchw' : null;
}

/**
 * All strides multiplied along the longest way: what a picture's sides must divide by to come back whole.
 * @throws StudioError model/not-recognised where that is more than a picture could be padded to
 */
function multipleOf(nodes: readonly OnnxNode[]): number {
  const scales = new Map<string, number>();
  let most = leastMultiple;
  for (const { op, inputs, outputs, attributes } of nodes) {
    const { strides } = attributes;
    const isReducing = op === 'Conv' || op === 'MaxPool' || op === 'AveragePool';
    const stride = isReducing && strides && 'ints' in strides ? Math.max(1, ...strides.ints) : 1;
    const scale = stride * Math.max(1, ...inputs.map((input) => scales.get(input) ?? 1));
    for (const output of outputs) scales.set(output, scale);
    const step = most;
    while (most % scale !== 0 && most <= mostMultiple) most += step;
  }
  if (most > mostMultiple) throw notPictures(`sides in steps of more than ${mostMultiple}`);
  return most;
}

function notPictures(reason: string): StudioError {
  return new StudioError('model/not-recognised', { reason });
}
