import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { decoderLatents, estimateLatents, flowSteps, stepLatents } from './flow-match';
import { largestSeed, noise } from './noise';
import { normalQuantile } from './normal';
import { philox } from './philox';
import vectors from './reference/vectors.json';
import { isWholeTokens, sizesOf, tiers } from './sizes';
import { turboEnd, turboSigma, turboStart } from './turbo-step';

test('Philox gives the known answers of Random123 (DEShawResearch/random123@v1.14.0 tests/kat_vectors)', () => {
  const ones = 0xffffffff;
  expect(philox([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  expect(philox([ones, ones, ones, ones], [ones, ones])).toEqual([
    0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd,
  ]);
  expect(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
    0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
  ]);
});

test('the normal quantile is that of Python', () => {
  for (const [share, z] of vectors.quantiles as [number, number][]) {
    expect(Math.abs(normalQuantile(share) - z)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(z)));
  }
});

describe('noise', () => {
  it.each(vectors.noise)(
    'of seed $seed is what the specification says, to the bit',
    ({ seed, first, count, sha256 }) => {
      const values = noise(seed, count);
      expect([...values.slice(0, 6)]).toEqual(first.map(Math.fround));
      expect(createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex')).toBe(sha256);
    },
  );

  it('is standard normal', () => {
    const values = noise(1, 65536);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.012);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  });

  it('of a larger picture begins as that of a smaller one', () => {
    expect(noise(5, 100).slice(0, 10)).toEqual(noise(5, 10));
  });

  it.each([-1, 0.5, Number.NaN, largestSeed + 1])('has no seed %s', (seed) => {
    expect(() => noise(seed, 4)).toThrow(RangeError);
  });
});

describe('the flow of Z-Image', () => {
  it.each(Object.entries(vectors.flow))(
    'in %s steps goes the official way',
    (count, { sigmas, timesteps, path }) => {
      const steps = flowSteps(Number(count), 3);
      const close = (found: number, wanted: number) => expect(Math.abs(found - wanted)).toBeLessThan(2e-7);
      steps.forEach((step, i) => {
        close(step.sigma, sigmas[i]!);
        close(step.nextSigma, sigmas[i + 1]!);
        close(step.timestep, timesteps[i]!);
      });
      const latents = noise(7, 8);
      steps.forEach((step, i) => {
        stepLatents(latents, noise(100 + i, 8), step);
        latents.forEach((value, k) => expect(Math.abs(value - path[i]![k]!)).toBeLessThan(1e-6));
      });
    },
  );

  it('guesses at every step the picture that a straight flow ends in', () => {
    const picture = noise(3, 16);
    const start = noise(4, 16);
    const latents = start.slice();
    const towardsPicture = picture.map((value, i) => value - start[i]!);
    for (const step of flowSteps(8, 3)) {
      estimateLatents(latents, towardsPicture, step).forEach((value, i) => {
        expect(value).toBeCloseTo(picture[i]!, 5);
      });
      stepLatents(latents, towardsPicture, step);
    }
    latents.forEach((value, i) => expect(value).toBeCloseTo(picture[i]!, 5));
  });

  it('is brought to the scale of its VAE', () => {
    const [value] = decoderLatents(Float32Array.of(0.3611), { scale: 0.3611, shift: 0.1159 });
    expect(value).toBeCloseTo(1.1159, 6);
  });
});

describe('the one step of SD-Turbo', () => {
  it('starts at the noise of diffusers', () => {
    expect(turboSigma()).toBeCloseTo(vectors.turboSigma, 3);
  });

  it('ends in the picture where the network names the noise rightly', () => {
    const sigma = turboSigma();
    const epsilon = noise(9, 16);
    const { latents, shown } = turboStart(epsilon, sigma);
    const power =
      shown.reduce((sum, value) => sum + value ** 2, 0) / epsilon.reduce((sum, value) => sum + value ** 2, 0);
    expect(power).toBeCloseTo(sigma ** 2 / (sigma ** 2 + 1), 6);
    turboEnd(latents, epsilon, sigma).forEach((value) => expect(Math.abs(value)).toBeLessThan(1e-5));
  });
});

describe('sizes', () => {
  it.each(tiers)('of the %s tier are right for the graph, named truly and told apart', (tier) => {
    const sizes = sizesOf(tier);
    for (const size of sizes) {
      const [across, down] = size.aspect.split(':').map(Number) as [number, number];
      expect(isWholeTokens(size), size.aspect).toBe(true);
      expect(size.width * down).toBe(size.height * across);
    }
    expect(new Set(sizes.map(({ aspect }) => aspect)).size).toBe(sizes.length);
  });

  it('are right wherever one side is a multiple of 128 and the other of 64, and not by that rule alone', () => {
    for (let width = 64; width <= 2048; width += 64) {
      for (let height = 128; height <= 2048; height += 128)
        expect(isWholeTokens({ width, height })).toBe(true);
    }
    expect(isWholeTokens({ width: 1536, height: 864 })).toBe(true);
    for (const [width, height] of [
      [1152, 864],
      [1248, 832],
      [1280, 720],
      [1344, 576],
      [0, 512],
      [520, 512],
    ] as const) {
      expect(isWholeTokens({ width, height })).toBe(false);
    }
  });
});
