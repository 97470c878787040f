/** The first stage: the prompt through tokenizer and text encoder, which is freed before anything else is opened. */
import { Tokenizer } from '@huggingface/tokenizers';
import { StudioError } from '../../base/errors';
import type { ModelParts } from '../pipeline';
import type { PartName, ReadPrompt, TextToImageSpec } from './card';
import { encodeClipPrompt } from './clip-prompt';
import { encodePrompt, type EncodedPrompt } from './prompt';
import { checkPart, floating, tensorFor, whole } from './values';

/** @throws StudioError model/damaged, model/not-as-described, model/not-finite; the signal's reason */
export async function readPrompt(
  prompt: string,
  model: ModelParts<TextToImageSpec, PartName>,
  signal: AbortSignal,
): Promise<ReadPrompt> {
  const { ids, cut } = await encodedPrompt(prompt, model);
  signal.throwIfAborted();
  const names = model.spec.textEncoder;
  const session = await model.open('textEncoder');
  try {
    signal.throwIfAborted();
    const { outputs } = checkPart('textEncoder', session, {
      inputs: [names.ids, ...(names.mask === undefined ? [] : [names.mask])].map((name) => {
        return { names: [name], rank: 2, types: whole };
      }),
      outputs: [{ names: names.outputs, rank: 3, types: floating }],
    });
    const dims = [1, ids.length];
    const found = await session.run({
      [names.ids]: tensorFor(session, names.ids, { dims, values: ids }),
      ...(names.mask !== undefined && {
        [names.mask]: tensorFor(session, names.mask, { dims, values: ids.map(() => 1) }),
      }),
    });
    signal.throwIfAborted();
    const tensor = found[outputs[0] ?? ''];
    const rows = tensor?.data;
    const width = tensor?.dims[2] ?? 0;
    if (
      !(rows instanceof Float32Array || rows instanceof Uint16Array) ||
      rows.length !== ids.length * width
    ) {
      throw new StudioError('model/not-as-described', {
        part: 'textEncoder',
        differs: `gives ${tensor?.type ?? 'nothing'} [${tensor?.dims.join(', ') ?? ''}] for ${ids.length} tokens`,
      });
    }
    // Its own copy: the session's memory goes with it.
    return { rows: rows.slice(), width, cut };
  } finally {
    await session.release();
  }
}

async function encodedPrompt(
  prompt: string,
  model: ModelParts<TextToImageSpec, PartName>,
): Promise<EncodedPrompt> {
  const json = await model.text('tokenizer');
  let tokenizer: Tokenizer;
  try {
    tokenizer = new Tokenizer(JSON.parse(json) as object, {});
  } catch (thrown) {
    throw new StudioError('model/damaged', { file: 'tokenizer.json' }, { cause: thrown });
  }
  return model.spec.prompt === 'clip'
    ? encodeClipPrompt(prompt, (text) => tokenizer.encode(text).ids)
    : encodePrompt(prompt, (text) => tokenizer.encode(text, { add_special_tokens: false }).ids);
}
