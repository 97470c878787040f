import { deflateSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { pngChunk } from '../../runtime/png-chunk';
import { readPngText, withPngText } from '../../runtime/png-text';
import { readParameters, writeParameters, type Parameters } from './parameters';

const png = new Blob(
  [readFileSync(resolve(import.meta.dirname, '../../../e2e/fixtures/pictures/upright.png'))],
  {
    type: 'image/png',
  },
);
const made: Parameters = {
  prompt: 'a paper lantern',
  seed: 42,
  width: 1024,
  height: 768,
  stepCount: 8,
  sampler: 'Euler',
  model: 'Z-Image-Turbo',
  modelHash: 'abc123',
  app: 'Obscura 0.1.0',
};

test.each([
  'a paper lantern',
  'two lines,\nSteps: 3, of stairs: "quoted"',
  '',
  'café 夜 🦊',
  'ends in a line\n',
  'Negative space, Seed: 9',
])('what was written into a PNG comes back: %j', async (prompt) => {
  const text = writeParameters({ ...made, prompt });
  const file = withPngText(png, 'parameters', text);
  expect(await readPngText(file, 'parameters')).toBe(text);
  expect(readParameters((await readPngText(file, 'parameters'))!)).toEqual({
    prompt,
    seed: 42,
    size: { width: 1024, height: 768 },
    model: 'Z-Image-Turbo',
    stepCount: 8,
  });
  // Before and after the chunk the file is as it was.
  expect(file.size).toBeGreaterThan(png.size);
  expect(await file.slice(0, 33).text()).toBe(await png.slice(0, 33).text());
});

test('other readers find it: where PNG says that such text stands', async () => {
  const file = withPngText(png, 'parameters', writeParameters({ ...made, prompt: '夜 lantern' }));
  const text = Buffer.from(await file.arrayBuffer());
  expect(text.includes('iTXtparameters\0\0\0\0\0')).toBe(true);
  const latin = Buffer.from(await withPngText(png, 'parameters', writeParameters(made)).arrayBuffer());
  expect(latin.includes('tEXtparameters\0a paper lantern\nSteps: 8, Sampler: Euler')).toBe(true);
});

test('the text of another program is read, its negative prompt left aside', () => {
  const text =
    'a cat, sitting\non a mat\nNegative prompt: dog\nSteps: 20, Sampler: DPM++ 2M, CFG scale: 7, Seed: 1234567890, ' +
    'Size: 512x768, Model hash: 6ce0161689, Model: "odd, name", Version: v1.6.0';
  expect(readParameters(text)).toEqual({
    prompt: 'a cat, sitting\non a mat',
    seed: 1234567890,
    size: { width: 512, height: 768 },
    model: 'odd, name',
    stepCount: 20,
  });
});

test('a compressed text is read, and what is broken is none', async () => {
  const packed = pngChunk(
    'zTXt',
    Buffer.concat([Buffer.from('parameters\0\0'), deflateSync('x\nSteps: 1, Seed: 5')]),
  );
  const file = new Blob([png.slice(0, 33), packed, png.slice(33)]);
  expect(await readPngText(file, 'parameters')).toBe('x\nSteps: 1, Seed: 5');
  const broken = pngChunk('zTXt', Buffer.from('parameters\0\0notdeflate'));
  expect(await readPngText(new Blob([png.slice(0, 33), broken, png.slice(33)]), 'parameters')).toBe('');
  expect(await readPngText(file.slice(0, 60), 'parameters')).toBeNull();
  expect(await readPngText(new Blob(['no picture at all, no picture at all']), 'parameters')).toBeNull();
  for (const none of ['', 'just words', 'Steps: many', 'a\nSeed: 5']) expect(readParameters(none)).toBeNull();
  expect(readParameters('a\nSteps: 8, Seed: 99999999999999999999')?.seed).toBeNull();
  expect(readParameters('a\nSteps: 8, Seed: 9007199254740993')?.seed).toBeNull();
});
