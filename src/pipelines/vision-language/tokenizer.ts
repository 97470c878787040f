/**
 * Text to tokens and back, from a published `tokenizer.json`. Control tokens (`<|im_end|>`, `<think>` …) are never
 * found in text: what a visitor types, or a picture's words repeat, stays words. They are put in by name.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { StudioError } from '../../base/errors';

export interface TextTokenizer {
  encode(text: string): number[];
  /** Of a control token. @throws StudioError model/damaged where the model has none of this name */
  control(name: string): number;
  isControl(token: number): boolean;
  /** Control tokens that are no text: a turn's ends, a picture's place. `</think>` and its like are not among them. */
  readonly silent: readonly number[];
  /** What a token stands for; a letter may lie in several. Nothing for silent tokens and those unknown. */
  bytesOf(token: number): Uint8Array;
  /** Tokens are numbered below this. */
  readonly tokenCount: number;
}

interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

/** @throws StudioError model/damaged */
export function openTokenizer(tokenizerJson: string, configJson: string): TextTokenizer {
  let json: { added_tokens?: readonly AddedToken[] };
  let tokenizer: Tokenizer;
  try {
    json = JSON.parse(tokenizerJson) as typeof json;
    tokenizer = new Tokenizer({ ...json, added_tokens: [] }, JSON.parse(configJson) as object);
  } catch (thrown) {
    throw new StudioError('model/damaged', { file: 'tokenizer.json' }, { cause: thrown });
  }
  const added = json.added_tokens ?? [];
  const controls = new Map(added.map(({ content, id }) => [content, id]));
  const controlIds = new Set(controls.values());
  const spoken = new Map(
    added.flatMap(({ content, id, special }) => (special ? [] : [[id, new TextEncoder().encode(content)]])),
  );
  let last = -1;
  for (const id of tokenizer.get_vocab().values()) last = Math.max(last, id);
  for (const id of controlIds) last = Math.max(last, id);
  const bytes = bytesByLetter();
  return {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    control: (name) => {
      const id = controls.get(name);
      if (id === undefined) throw new StudioError('model/damaged', { file: 'tokenizer.json', missing: name });
      return id;
    },
    isControl: (token) => controlIds.has(token),
    silent: added.flatMap(({ id, special }) => (special ? id : [])),
    bytesOf: (token) =>
      spoken.get(token) ??
      Uint8Array.from(tokenizer.id_to_token(token) ?? '', (letter) => bytes.get(letter) ?? 0),
    tokenCount: last + 1,
  };
}

/** Puts bytes of tokens together to text; a letter cut in two waits for its other half. */
export class TextStream {
  readonly #decoder = new TextDecoder('utf-8');
  readonly #tokenizer: TextTokenizer;

  constructor(tokenizer: TextTokenizer) {
    this.#tokenizer = tokenizer;
  }

  add(token: number): string {
    return this.#decoder.decode(this.#tokenizer.bytesOf(token), { stream: true });
  }

  /** What is left: half a letter is the sign for one that cannot be read. */
  end(): string {
    return this.#decoder.decode();
  }
}

/** GPT-2 writes bytes as letters that can be seen: openai/gpt-2 src/encoder.py, `bytes_to_unicode`. */
function bytesByLetter(): ReadonlyMap<string, number> {
  const letters = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const seen = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    letters.set(String.fromCodePoint(seen ? byte : next++), byte);
  }
  return letters;
}
