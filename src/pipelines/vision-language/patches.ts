/**
 * A picture as the vision part takes it: laid on white, brought to size, cut into patches in 2×2 merge order, each
 * channel by channel with the one picture twice in time. Source: huggingface/transformers@v5.18
 * models/qwen2_vl/image_processing_pil_qwen2_vl.py (`patchify`).
 */
import { onWhite, type RgbaImage } from '../../runtime/image';
import type { VisionFacts } from './model-facts';
import { mergeOrder, type Grid } from './positions';
import { cappedLimits, resizeBicubic, smartSize, type Size } from './smart-resize';
import type { Patches } from './vision';

/** Into how many patches a picture of this size is cut. @throws StudioError image/too-narrow for one more than 200 times as long as wide */
export function gridOf(picture: Size, facts: VisionFacts, mostTokens: number): Grid {
  const { patch, merge } = facts;
  const size = smartSize(picture, cappedLimits({ ...facts, factor: patch * merge }, mostTokens));
  return { height: size.height / patch, width: size.width / patch };
}

/** @throws StudioError image/too-narrow */
export function patchesOf(image: RgbaImage, facts: VisionFacts, mostTokens: number): Patches {
  const { channels, patch, temporalPatch, merge, mean, deviation } = facts;
  const grid = gridOf(image, facts, mostTokens);
  const size = { height: grid.height * patch, width: grid.width * patch };
  const rgb = resizeBicubic(withoutAlpha(onWhite(image)), image, size);
  const values = new Float32Array(size.width * size.height * channels * temporalPatch);
  const scaled = Array.from({ length: channels }, (_, c) => byteValues(mean[c] ?? 0, deviation[c] ?? 1));
  let at = 0;
  for (const [row, column] of mergeOrder(grid, merge)) {
    for (const [c, table] of scaled.entries()) {
      for (let time = 0; time < temporalPatch; time++) {
        for (let y = 0; y < patch; y++) {
          let from = ((row * patch + y) * size.width + column * patch) * 3 + c;
          for (let x = 0; x < patch; x++, from += 3) values[at++] = table[rgb[from] as number] as number;
        }
      }
    }
  }
  return { grid, values };
}

/** What each byte stands for. */
function byteValues(mean: number, deviation: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / deviation);
}

function withoutAlpha({ width, height, data }: RgbaImage): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0, at = 0; i < data.length; i++) if (i % 4 !== 3) rgb[at++] = data[i] as number;
  return rgb;
}
