import { describe, expect, it } from 'vitest';
import type { ModelCard } from '../models/model';
import type { StyleId } from '../pipelines/cartoon/card';
import { cartoonFamilies } from './families';

function card(id: string, family: string, style: StyleId, builtIn = false): ModelCard {
  return {
    id,
    title: id,
    family: { id: family, title: family },
    use: {
      pipeline: 'cartoon',
      role: 'cartoon',
      spec: {
        style,
        input: 'x',
        output: 'y',
        layout: 'nchw',
        order: 'rgb',
        inputRange: [0, 1],
        outputRange: [0, 1],
        multiple: 8,
        haloPx: 64,
      },
    },
    licence: { spdx: 'MIT', holder: 'Nobody', commercialUse: true },
    source: 'Made for this test.',
    builtIn,
    part: { name: `${id}.onnx`, bytes: 1, sha256: '' },
  };
}

describe('the families of cartoon models', () => {
  const families = cartoonFamilies([
    card('dct-sketch', 'DCT-Net', 'sketch'),
    card('dct-anime', 'DCT-Net', 'anime'),
    card('own-sketch', 'Built in', 'sketch', true),
    card('own-anime', 'Built in', 'anime', true),
    card('own-3d', 'Built in', '3d', true),
    card('dct-anime-again', 'DCT-Net', 'anime'),
  ]);

  it('put the built-in one first', () => {
    expect(families.map(({ id }) => id)).toEqual(['Built in', 'DCT-Net']);
  });

  it('offer each style once, in one order, from the first model that draws it', () => {
    const entries = families.map(({ styles }) => styles.map(({ style, card: { id } }) => `${style}: ${id}`));
    expect(entries).toEqual([
      ['anime: own-anime', '3d: own-3d', 'sketch: own-sketch'],
      ['anime: dct-anime', 'sketch: dct-sketch'],
    ]);
  });
});
