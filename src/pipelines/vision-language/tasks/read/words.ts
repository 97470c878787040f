/** Words with their places: held to a form while they are written, so that what comes is always a list. */
import { boxSchema, pixelBox, type PixelBox, type Size } from '../grounding';

export interface PlacedText {
  readonly text: string;
  readonly box: PixelBox;
}

/** Qwen3-VL's own names for the two. */
export const wordsSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: { bbox_2d: boxSchema, text_content: { type: 'string', minLength: 1 } },
    required: ['bbox_2d', 'text_content'],
    additionalProperties: false,
  },
} as const;

/** As many as are whole: an answer that is still being written gives those that are there. */
export function readWords(answer: string, size: Size): readonly PlacedText[] {
  return [...answer.matchAll(/\{[^{}]*?"bbox_2d"(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}/g)].flatMap(([found]) => {
    try {
      const { bbox_2d: said, text_content: text } = JSON.parse(found) as Record<string, unknown>;
      const box = pixelBox(said, size);
      return box && typeof text === 'string' ? [{ text, box }] : [];
    } catch {
      return [];
    }
  });
}
