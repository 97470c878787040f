import { Tokenizer } from '@huggingface/tokenizers';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodePrompt, longestPrompt, padCaption } from './prompt';
import prompts from './reference/prompts.json';

const data = resolve(import.meta.dirname, '../../../../shared/data/qwen');

describe.skipIf(!existsSync(data))('a prompt, by the real tokenizer', () => {
  const read = (name: string) => JSON.parse(readFileSync(resolve(data, name), 'utf8')) as object;
  let tokenizer: Tokenizer;
  beforeAll(() => {
    tokenizer = new Tokenizer(read('qwen3vl.tokenizer.json'), read('qwen3vl.tokenizer_config.json'));
  });
  const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids;

  it.each(prompts)('has the ids of Hugging Face: $prompt', ({ prompt, ids }) => {
    expect(encodePrompt(prompt, encode)).toEqual({ ids, cut: 0 });
  });

  it('that is too long loses its own end, and the answer is opened all the same', () => {
    const { ids, cut } = encodePrompt('lantern '.repeat(600), encode);
    const whole = encodePrompt('lantern', encode).ids;
    expect(ids).toHaveLength(longestPrompt);
    expect(cut).toBeGreaterThan(90);
    expect(ids.slice(-5)).toEqual(whole.slice(-5));
    expect(ids.slice(0, 4)).toEqual(whole.slice(0, 4));
  });
});

describe('a caption', () => {
  it('is padded to a multiple of 32 rows with its last row', () => {
    const rows = Float32Array.from({ length: 33 * 2 }, (_, i) => i);
    const padded = padCaption(rows, 2);
    expect(padded).toHaveLength(64 * 2);
    expect(padded.slice(0, 66)).toEqual(rows);
    for (let row = 33; row < 64; row++) expect([...padded.slice(row * 2, row * 2 + 2)]).toEqual([64, 65]);
  });

  it('of 32 rows stays as it is, and half-precision stays half', () => {
    const rows = new Uint16Array(32 * 3).fill(7);
    expect(padCaption(rows, 3)).toBe(rows);
    expect(padCaption(new Uint16Array(3), 3)).toBeInstanceOf(Uint16Array);
  });
});
