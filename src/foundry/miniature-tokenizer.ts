/**
 * A `tokenizer.json` for the miniatures: every byte is a token, and what stands above them up to the controls are letters
 * that only an answer has. The controls lie where the miniatures' config.json has them.
 */
const controls = {
  '<|image_pad|>': 500,
  '<|vision_start|>': 501,
  '<|vision_end|>': 502,
  '<|im_start|>': 505,
  '<think>': 506,
  '</think>': 507,
  '<|im_end|>': 511,
} as const;

/** From here on letters of an answer: 永, 丕, … */
const firstLetter = 0x4e00;
const lastToken = 490;

export function miniatureTokenizer(): string {
  const letters = byteLetters();
  const spelled = (text: string) => [...new TextEncoder().encode(text)].map((byte) => letters[byte]).join('');
  const vocab = new Map(letters.map((letter, byte) => [letter, byte]));
  for (let token = letters.length; token < lastToken; token++)
    vocab.set(spelled(String.fromCodePoint(firstLetter + token)), token);
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, use_regex: true, trim_offsets: true };
  return JSON.stringify({
    added_tokens: Object.entries(controls).map(([content, id]) => ({ id, content, special: true })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: { type: 'BPE', vocab: Object.fromEntries(vocab), merges: [] },
  });
}

/** GPT-2 writes bytes as letters that can be seen: openai/gpt-2 src/encoder.py, `bytes_to_unicode`. */
function byteLetters(): readonly string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const seen = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCodePoint(seen ? byte : next++);
  });
}
