/** Pictures to patches, conversations to text and logits to tokens, against transformers' own (reference/vectors.py). */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noise, seedOf } from '../../foundry/miniature';
import { chatPieces, type Content, type Turn } from './chat';
import type { VisionFacts } from './model-facts';
import { patchesOf } from './patches';
import { greedy, isLooping, sampleToken } from './sampling';
import { cappedLimits, smartSize } from './smart-resize';

interface Vectors {
  limits: { shortest_edge: number; longest_edge: number };
  pictures: { height: number; width: number; alpha: boolean; grid: [number, number]; levels: string }[];
  sizes: [number, number, number, number, number, number][];
  shares: { temperature: number; topK: number; topP: number; shares: number[] }[];
  chats: {
    messages: { role: Turn['role']; content: { text?: string }[] }[];
    numbered: boolean;
    rendered: string;
  }[];
}

const vectors = JSON.parse(
  readFileSync(resolve(import.meta.dirname, 'reference/vectors.json'), 'utf8'),
) as Vectors;

test('smart resize finds the reference’s sizes, halves to the even side', () => {
  for (const [height, width, leastPixels, mostPixels, h, w] of vectors.sizes) {
    const size = smartSize({ width, height }, { factor: 32, leastPixels, mostPixels });
    expect(size, `${width}×${height}`).toEqual({ width: w, height: h });
  }
  expect(vectors.sizes.some(([height, , , , h]) => height === 80 && h === 64)).toBe(true);
  expect(() => smartSize({ width: 1, height: 201 }, { factor: 32, leastPixels: 0, mostPixels: 1e9 })).toThrow(
    /image\/too-narrow/,
  );
});

test('a cap on tokens holds for every size, and what is smaller is left as it is', () => {
  const limits = cappedLimits({ factor: 32, leastPixels: 65536, mostPixels: 16777216 }, 1280);
  for (const [height, width] of vectors.sizes) {
    const size = smartSize({ width, height }, limits);
    expect((size.width * size.height) / 1024).toBeLessThanOrEqual(1280);
  }
  expect(smartSize({ width: 640, height: 480 }, limits)).toEqual({ width: 640, height: 480 });
  expect(cappedLimits(limits, 16)).toMatchObject({ leastPixels: 16384, mostPixels: 16384 });
});

const facts: VisionFacts = {
  channels: 3,
  patch: 4,
  temporalPatch: 2,
  merge: 2,
  headSize: 16,
  ropeTheta: 10000,
  gridSide: 6,
  deepstack: 0,
  mean: [0.5, 0.5, 0.5],
  deviation: [0.5, 0.5, 0.5],
  leastPixels: vectors.limits.shortest_edge,
  mostPixels: vectors.limits.longest_edge,
};

test.each(vectors.pictures)(
  'the patches of $width×$height, alpha $alpha, are the reference’s to the bit',
  (picture) => {
    const { height, width, alpha, grid } = picture;
    const channels = alpha ? 4 : 3;
    const values = noise(seedOf(`picture/${height}/${width}`), height * width * channels);
    const data = new Uint8ClampedArray(height * width * 4).fill(255);
    for (let i = 0; i < values.length; i++) {
      data[Math.floor(i / channels) * 4 + (i % channels)] = Math.min(255, (values[i]! + 510) >> 2);
    }
    const made = patchesOf({ width, height, data }, facts, 1e6);
    expect(made.grid).toEqual({ height: grid[0], width: grid[1] });
    const levels = Buffer.from(picture.levels, 'base64');
    let different = 0;
    for (let i = 0; i < made.values.length; i++) {
      // [patch, channel, time, 16 pixels] here, without time there.
      const [block, pixel] = [Math.floor(i / 32), i % 16];
      if (Math.abs(made.values[i]! - (levels[block * 16 + pixel]! / 127.5 - 1)) > 1e-6) different += 1;
    }
    expect([different, made.values.length]).toEqual([0, levels.length * 2]);
  },
);

test('a conversation is rendered byte for byte as the published template does', () => {
  for (const { messages, numbered, rendered } of vectors.chats) {
    const turns = messages.map(({ role, content }): Turn => ({
      role,
      content: content.map(({ text }): Content => (text === undefined ? { pictureTokens: 1 } : { text })),
    }));
    const pieces = chatPieces(turns, { numbered, thinking: false });
    const text = pieces.map((piece) =>
      typeof piece === 'string' ? piece : piece.control.repeat(piece.count),
    );
    expect(text.join('')).toBe(rendered);
  }
});

test('a Thinking model starts inside its thought, and the answer is what follows it', () => {
  const pieces = chatPieces([{ role: 'user', content: [{ text: 'Why?' }] }], {
    numbered: false,
    thinking: true,
  });
  expect(pieces.slice(-2)).toEqual([{ control: '<think>', count: 1 }, '\n']);
});

describe('the next token', () => {
  const state = { made: [], tokenCount: 64, random: () => 0 };

  test('is drawn with the reference’s shares', () => {
    for (const [index, { shares, ...cuts }] of vectors.shares.entries()) {
      const row = Float32Array.from(noise(seedOf(`logits/${index}`), 64), (n) => n / 100);
      const options = { ...cuts, presencePenalty: 0 };
      // Where a token's span of the draws ends is its share added to those of the likelier.
      const order = shares.map((share, token) => ({ share, token })).sort((a, b) => b.share - a.share);
      let reached = 0;
      for (const { share, token } of order) {
        if (share === 0) break;
        const draw = (at: number) => sampleToken(row, options, { ...state, random: () => at }).token;
        expect(draw(reached + share * 0.01), `${index}`).toBe(token);
        expect(draw(reached + share * 0.99), `${index}`).toBe(token);
        reached += share;
      }
      expect(reached).toBeCloseTo(1, 5);
    }
  });

  test('greedy is the likeliest, the first of equals, and never a row that stands for no token', () => {
    const row = Float32Array.of(1, 3, 3, 9);
    expect(sampleToken(row, greedy, { ...state, tokenCount: 3 })).toMatchObject({ token: 1 });
    const { probability } = sampleToken(Float32Array.of(0, Math.log(3)), greedy, { ...state, tokenCount: 2 });
    expect(probability).toBeCloseTo(0.75, 6);
  });

  test.each([
    ['nothing but NaN', Array<number>(8).fill(NaN)],
    ['one NaN', [1, 2, NaN, 3]],
    ['NaN first', [NaN, 1]],
    ['an overflow', [1, Infinity, 2]],
    ['no token that can come', [-Infinity, -Infinity]],
  ])('%s is no row to draw from', (_, numbers) => {
    for (const temperature of [0, 0.7]) {
      const draw = () =>
        sampleToken(
          Float32Array.from(numbers),
          { ...greedy, temperature },
          { ...state, tokenCount: numbers.length },
        );
      expect(draw).toThrow(expect.objectContaining({ code: 'engine/failed' }));
    }
  });

  test('what can never come, and what the form forbids, may be −∞', () => {
    const restrict = (row: Float32Array) => void (row[1] = -Infinity);
    const drawn = sampleToken(Float32Array.of(-Infinity, 9, 1), greedy, {
      ...state,
      tokenCount: 3,
      restrict,
    });
    expect(drawn).toEqual({ token: 2, probability: 1 });
  });

  test('what the answer has already is less likely by the penalty, once', () => {
    const row = Float32Array.of(0, 2, 1);
    const options = { ...greedy, presencePenalty: 1.5 };
    const after = (made: number[]) => sampleToken(row, options, { ...state, made, tokenCount: 3 }).token;
    expect([after([]), after([1]), after([1, 1, 2]), after([0, 1, 1])]).toEqual([1, 2, 1, 2]);
  });

  test('an answer that goes in circles is noticed, one that repeats a little is not', () => {
    const text = Array.from({ length: 40 }, (_, i) => i);
    expect(isLooping(text)).toBe(false);
    expect(isLooping([...text, ...Array<number>(24).fill(7)])).toBe(true);
    expect(isLooping([...text, ...Array<number>(23).fill(7)])).toBe(false);
    const line = Array.from({ length: 30 }, (_, i) => 100 + i);
    expect(isLooping([...text, ...line, ...line, ...line])).toBe(false);
    expect(isLooping([...text, ...line, ...line, ...line, ...line])).toBe(true);
    expect(isLooping([...line, ...line, ...line, ...line, 1])).toBe(false);
  });
});
