/** Pictures for a graph that takes one size alone: as large as they fit into it, the rest beyond them. */
import type { RgbaImage } from '../../runtime/image';
import { resizeArea } from '../../runtime/resize';
import type { ValueInfo } from '../../runtime/runtime';
import type { Size } from './toon-size';

/** Height and width of an input of NCHW or of RGBA bytes, where it leaves neither free. */
export function fixedSize(input: ValueInfo | undefined, layout: 'nchw' | 'rgba'): Size | null {
  const [height, width] = input?.dims.slice(layout === 'rgba' ? 1 : 2) ?? [];
  return typeof height === 'number' && typeof width === 'number' ? { width, height } : null;
}

/** Enlarged or made smaller with its own proportions, so that one side is the size's. */
export function fitted(image: RgbaImage, size: Size): RgbaImage {
  const scale = Math.min(size.width / image.width, size.height / image.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return resizeArea(image, side(image.width), side(image.height));
}
