/**
 * Where tokens and patches stand: three-dimensional positions of a conversation, the rotary angles that follow from
 * them, and the places of a picture's patches. Source: huggingface/transformers@v5.18 models/qwen3_vl/
 * modeling_qwen3_vl.py (`get_rope_index`, Qwen3VLTextRotaryEmbedding) and vision_utils.py. Angles are rounded where
 * torch rounds them, to f32, so that a thousandth token turns by the same angle.
 */
import { StudioError } from '../../base/errors';

/** A picture's patches, not yet merged: rows and columns, multiples of the merge size. */
export interface Grid {
  readonly height: number;
  readonly width: number;
}

export interface TokenPositions {
  /** [3, tokens]: time, height, width. */
  readonly rows: Int32Array;
  /** What is added to a later token's place in the row of tokens to give its position in all three. */
  readonly delta: number;
}

export interface PictureTokens {
  readonly imageToken: number;
  readonly merge: number;
}

/** @throws StudioError engine/failed when the picture tokens are not those of the pictures */
export function tokenPositions(
  ids: readonly number[],
  grids: readonly Grid[],
  { imageToken, merge }: PictureTokens,
): TokenPositions {
  const count = ids.length;
  const rows = new Int32Array(3 * count);
  let [next, picture] = [0, 0];
  for (let at = 0; at < count;) {
    if (ids[at] !== imageToken) {
      rows[at] = rows[count + at] = rows[2 * count + at] = next;
      at += 1;
      next += 1;
      continue;
    }
    const grid = grids[picture++];
    if (!grid) throw new StudioError('engine/failed', { reason: 'more pictures in the text than there are' });
    const [height, width] = [grid.height / merge, grid.width / merge];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        if (ids[at] !== imageToken)
          throw new StudioError('engine/failed', { reason: 'a picture has too few tokens' });
        rows[at] = next;
        rows[count + at] = next + y;
        rows[2 * count + at] = next + x;
      }
    }
    next += Math.max(height, width);
  }
  if (picture < grids.length)
    throw new StudioError('engine/failed', { reason: 'a picture is not in the text' });
  return { rows, delta: next - count };
}

export interface RotarySettings {
  readonly headSize: number;
  readonly ropeTheta: number;
  /** How many frequencies follow time, height and width; together half the head. */
  readonly ropeSections: readonly number[];
}

export interface RotaryTables {
  /** [tokens, headSize/2] */
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** Interleaved: of every three frequencies one follows height and one width, as far as their sections go; the rest time. */
export function rotaryTables(
  rows: Int32Array,
  [from, to]: readonly [number, number],
  settings: RotarySettings,
): RotaryTables {
  const frequencies = frequenciesOf(settings.ropeTheta, settings.headSize);
  const half = frequencies.length;
  const count = rows.length / 3;
  const [, heights = 0, widths = 0] = settings.ropeSections;
  const cos = new Float32Array((to - from) * half);
  const sin = new Float32Array((to - from) * half);
  for (let i = 0; i < half; i++) {
    const axis = i % 3 === 1 && i < 3 * heights ? 1 : i % 3 === 2 && i < 3 * widths ? 2 : 0;
    for (let at = from; at < to; at++) {
      const angle = Math.fround((rows[axis * count + at] as number) * (frequencies[i] as number));
      cos[(at - from) * half + i] = Math.cos(angle);
      sin[(at - from) * half + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}

export interface PatchSettings {
  readonly merge: number;
  readonly headSize: number;
  readonly ropeTheta: number;
  /** Side of the square of learned positions. */
  readonly gridSide: number;
}

export interface PatchPlaces extends RotaryTables {
  /** [patches, 4] places in the learned square, and how much of each. */
  readonly indices: BigInt64Array;
  readonly weights: Float32Array;
}

/** Of one picture, in 2×2 merge order. */
export function patchPlaces(grid: Grid, settings: PatchSettings): PatchPlaces {
  const { merge, headSize, gridSide } = settings;
  const count = grid.height * grid.width;
  const frequencies = frequenciesOf(settings.ropeTheta, headSize / 2);
  const [quarter, half] = [frequencies.length, headSize / 2];
  const indices = new BigInt64Array(count * 4);
  const weights = new Float32Array(count * 4);
  const cos = new Float32Array(count * half);
  const sin = new Float32Array(count * half);
  let at = 0;
  for (const [y, x] of mergeOrder(grid, merge)) {
    const [down, across] = [tapsOf(y, grid.height, gridSide), tapsOf(x, grid.width, gridSide)];
    for (let tap = 0; tap < 4; tap++) {
      const [v, h] = [tap >> 1, tap & 1];
      indices[at * 4 + tap] = BigInt((down.places[v] as number) * gridSide + (across.places[h] as number));
      weights[at * 4 + tap] = (down.weights[v] as number) * (across.weights[h] as number);
    }
    for (let i = 0; i < half; i++) {
      const angle = Math.fround((i < quarter ? y : x) * (frequencies[i % quarter] as number));
      cos[at * half + i] = Math.cos(angle);
      sin[at * half + i] = Math.sin(angle);
    }
    at += 1;
  }
  return { indices, weights, cos, sin };
}

/** Rows and columns of a picture's patches in the order the model takes them: block by block of merge × merge. */
export function* mergeOrder(
  { height, width }: Grid,
  merge: number,
): Generator<readonly [y: number, x: number]> {
  for (let top = 0; top < height; top += merge)
    for (let left = 0; left < width; left += merge)
      for (let y = 0; y < merge; y++) for (let x = 0; x < merge; x++) yield [top + y, left + x];
}

/** θ^(−2i/size) for half the size. */
function frequenciesOf(theta: number, size: number): Float32Array {
  return Float32Array.from(
    { length: size / 2 },
    (_, i) => 1 / Math.fround(theta ** Math.fround((2 * i) / size)),
  );
}

/** The two learned places nearest to one of `size`, first on first and last on last. */
function tapsOf(index: number, size: number, side: number): { places: number[]; weights: number[] } {
  const source = Math.fround((index * (side - 1)) / Math.max(size - 1, 1));
  const floor = Math.floor(source);
  const over = Math.fround(source - floor);
  return { places: [floor, Math.min(floor + 1, side - 1)], weights: [Math.fround(1 - over), over] };
}
