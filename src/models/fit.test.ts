import { describe, expect, it } from 'vitest';
import type { AdapterFacts, RuntimeFacts } from '../runtime/runtime';
import { advisedIds, bestFor, fallbacksOf, fitOf } from './fit';
import type { ModelCard, ModelNeeds } from './model';
import { card as example } from './obscura-faces/card';

const MiB = 2 ** 20;
const adapter: AdapterFacts = {
  vendor: 'nvidia',
  architecture: 'ada',
  description: '',
  software: false,
  f16: true,
  maxBufferBytes: 2048 * MiB,
};
const gpu = (adapterFacts: Partial<AdapterFacts> = {}): RuntimeFacts => ({
  backend: 'webgpu',
  build: 'jspi',
  threadCount: 1,
  adapter: { ...adapter, ...adapterFacts },
  fallback: 'none',
});
/** A good GPU that the browser has, and that is not used. */
const processor: RuntimeFacts = { ...gpu(), backend: 'wasm', fallback: 'asked' };
const card = (id: string, needs: ModelNeeds = {}, fallback?: string): ModelCard => ({
  ...example,
  id,
  needs,
  ...(fallback !== undefined && { fallback }),
});

describe('what a device can run', () => {
  it('is everything where nothing was measured', () => {
    expect(fitOf(card('any'), gpu({ f16: false, maxBufferBytes: 0 }))).toEqual({
      backend: 'webgpu',
      lacks: [],
    });
    expect(fitOf(card('any'), processor)).toEqual({ backend: 'wasm', lacks: [] });
  });

  it('on a processor goes by the work alone: f16 and buffers are the GPU’s matter', () => {
    const heavy = { f16: true, gpuBufferBytes: 4096 * MiB } as const;
    expect(fitOf(card('heavy', heavy), processor).lacks).toEqual([]);
    expect(fitOf(card('heavy', { ...heavy, gpu: true }), processor).lacks).toEqual([{ kind: 'gpu' }]);
  });

  it('needs the GPU to compute in 16 bits where the graph does', () => {
    const half = card('half', { gpu: true, f16: true });
    expect(fitOf(half, gpu()).lacks).toEqual([]);
    expect(fitOf(half, gpu({ f16: false })).lacks).toEqual([{ kind: 'f16' }]);
  });

  it('needs buffers as large as the largest that was measured, to the byte', () => {
    const large = card('large', { gpuBufferBytes: 128 * MiB });
    expect(fitOf(large, gpu({ maxBufferBytes: 128 * MiB })).lacks).toEqual([]);
    expect(fitOf(large, gpu({ maxBufferBytes: 128 * MiB - 1 })).lacks).toEqual([
      { kind: 'buffer', neededBytes: 128 * MiB, allowedBytes: 128 * MiB - 1 },
    ]);
  });

  it('names every lack at once', () => {
    const both = card('both', { f16: true, gpuBufferBytes: 2 });
    const kinds = fitOf(both, gpu({ f16: false, maxBufferBytes: 1 })).lacks.map(({ kind }) => kind);
    expect(kinds).toEqual(['f16', 'buffer']);
  });
});

describe('of models that do the same', () => {
  const best = card('best', { f16: true, workPerPx: 300_000 }, 'middle');
  const middle = card('middle', { gpuBufferBytes: 128 * MiB, workPerPx: 200_000 }, 'light');
  const light = card('light', { workPerPx: 100_000 });
  const alone = card('alone');
  const cards = [light, alone, best, middle];
  const chain = [best, middle, light];

  it('each leads to those that stand in for it, without going round in circles', () => {
    expect(fallbacksOf(best, cards)).toEqual(chain);
    expect(fallbacksOf(light, cards)).toEqual([light]);
    expect(fallbacksOf(best, [best, light])).toEqual([best]);
    const [round, back] = [card('round', {}, 'back'), card('back', {}, 'round')];
    expect(fallbacksOf(round, [round, back])).toEqual([round, back]);
  });

  it('a GPU takes the best that runs on it', () => {
    expect(bestFor(chain, gpu())).toBe(best);
    expect(bestFor(chain, gpu({ f16: false }))).toBe(middle);
    expect(bestFor(chain, gpu({ f16: false, maxBufferBytes: 64 * MiB }))).toBe(light);
    expect(bestFor([best], gpu({ f16: false }))).toBeNull();
  });

  it('a processor takes the one with the least work, and one of unknown work last', () => {
    expect(bestFor(chain, processor)).toBe(light);
    expect(bestFor([alone, middle], processor)).toBe(middle);
    expect(bestFor([alone], processor)).toBe(alone);
  });

  it('a processor takes the best of those that ask for no more than the built-in net', () => {
    const [better, least] = [card('better', { workPerPx: 45_024 }), card('least', { workPerPx: 1 })];
    expect(bestFor([best, better, least], processor)).toBe(better);
    expect(bestFor([best, card('bit', { workPerPx: 45_025 }), least], processor)).toBe(least);
  });

  it('one is advised, and none where there is no choice', () => {
    expect(advisedIds(cards, gpu())).toEqual(new Set(['best']));
    expect(advisedIds(cards, gpu({ f16: false }))).toEqual(new Set(['middle']));
    expect(advisedIds(cards, processor)).toEqual(new Set(['light']));
    expect(advisedIds([alone], gpu())).toEqual(new Set());
  });
});
