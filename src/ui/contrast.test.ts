/** Computes the contrast of every pair of tokens in use, from the tokens' own file (WCAG 2.2 §1.4.3, §1.4.11). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

type Triple = readonly [number, number, number];

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const colour = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`;
const token = new RegExp(String.raw`--([\w-]+): light-dark\(${colour}, ${colour}\)`, 'g');

const themes = { light: new Map<string, Triple>(), dark: new Map<string, Triple>() };
for (const [, name = '', ...numbers] of css.matchAll(token)) {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers.map(Number);
  themes.light.set(name, [a, b, c]);
  themes.dark.set(name, [d, e, f]);
}

/** OKLCH to linear sRGB, clipped as a display clips it. Matrices: Ottosson, "A perceptual color space", 2020. */
function linearRgb([lightness, chroma, hue]: Triple): Triple {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function contrast(a: Triple, b: Triple): number {
  const luminance = (value: Triple): number => {
    const [red, green, blue] = linearRgb(value);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['room', 'bench', 'tray', 'surround'];
const text: [string, string][] = [
  ...['ink', 'quiet', 'bad'].flatMap((ink) => grounds.map((ground): [string, string] => [ink, ground])),
  ...['good', 'warning'].flatMap((ink) =>
    ['room', 'bench', 'tray'].map((ground): [string, string] => [ink, ground]),
  ),
  ['on-safelight', 'safelight'],
  ['on-safelight', 'safelight-lit'],
];
/** Focus ring, slider, progress and the edges of controls against what they lie on. */
const controls: [string, string][] = [
  ...grounds.map((ground): [string, string] => ['safelight', ground]),
  ['safelight', 'hairline'],
  ['edge', 'bench'],
  ['edge', 'room'],
  ['edge', 'tray'],
];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  const ratio = (pair: [string, string]): number => {
    const [front, back] = pair.map((name) => themes[theme].get(name));
    if (!front || !back) throw new Error(`no token for ${pair.join(' on ')}`);
    return contrast(front, back);
  };

  it.each(text)('the text %s on %s reads at 4.5', (...pair) => {
    expect(ratio(pair)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(controls)('the control %s on %s is seen at 3', (...pair) => {
    expect(ratio(pair)).toBeGreaterThanOrEqual(3);
  });
});

it('knows contrast', () => {
  expect(contrast([1, 0, 0], [0, 0, 0])).toBeCloseTo(21, 1);
});
