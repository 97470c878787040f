/**
 * A prompt as Z-Image's text encoder gets it: Qwen3's chat template with one user message, the answer opened and
 * thinking on, which writes nothing more (Tongyi-MAI/Z-Image@c7ec135 src/zimage/pipeline.py, `generate`).
 */
const before = '<|im_start|>user\n';
const after = '<|im_end|>\n<|im_start|>assistant\n';
/** `DEFAULT_MAX_SEQUENCE_LENGTH` of src/config/inference.py. */
export const longestPrompt = 512;
/** `SEQ_MULTI_OF` of src/config/model.py: the transformer's graph is right for such caption lengths alone. */
const captionMultiple = 32;

/** A text's ids, special tokens one id each, none added. */
export type Encode = (text: string) => number[];

export interface EncodedPrompt {
  readonly ids: readonly number[];
  /** How many ids of the prompt's end did not fit. */
  readonly cut: number;
}

/** `longestPrompt` ids at most. The official code cuts the template's end off; here the prompt loses its own end. */
export function encodePrompt(prompt: string, encode: Encode): EncodedPrompt {
  const ids = encode(before + prompt + after);
  if (ids.length <= longestPrompt) return { ids, cut: 0 };
  const tail = encode(after);
  return { ids: [...ids.slice(0, longestPrompt - tail.length), ...tail], cut: ids.length - longestPrompt };
}

/**
 * The encoder's rows [1, L, width] padded to a multiple of 32 rows with the last one, as the official transformer's
 * `patchify_and_embed` does before it masks them; the exported graph has no mask.
 */
export function padCaption<Data extends Float32Array | Uint16Array>(rows: Data, width: number): Data {
  const count = rows.length / width;
  const padded = Math.ceil(count / captionMultiple) * captionMultiple;
  if (padded === count) return rows;
  const out = new (rows.constructor as new (length: number) => Data)(padded * width);
  out.set(rows);
  const last = rows.subarray((count - 1) * width);
  for (let row = count; row < padded; row++) out.set(last, row * width);
  return out;
}
