/**
 * A prompt as Stable Diffusion's text encoder gets it: CLIP's tokens between its two marks, 77 in all
 * (huggingface/diffusers pipeline_stable_diffusion.py, `encode_prompt`). SD-Turbo's tokenizer fills with id 0.
 */
import type { Encode, EncodedPrompt } from './prompt';

const clipLength = 77;
const filler = 0;

/** `encode` puts the two marks in. A long prompt loses its own end, as there. */
export function encodeClipPrompt(prompt: string, encode: Encode): EncodedPrompt {
  const ids = encode(prompt);
  const cut = Math.max(0, ids.length - clipLength);
  const kept = cut === 0 ? ids : [...ids.slice(0, clipLength - 1), ...ids.slice(-1)];
  return { ids: [...kept, ...Array<number>(clipLength - kept.length).fill(filler)], cut };
}
