import { expect, test } from 'vitest';
import type { PictureMetadata } from '../privacy/metadata';
import { AiMarks } from './ai-marks';

const photo = (...sources: PictureMetadata['marks'][number]['source'][]) => ({
  keptMark: null,
  carried: { marks: sources.map((source) => ({ source })) } as unknown as PictureMetadata,
  list: () => Promise.resolve(),
});

test('by choice a file is marked only where its photo’s mark is kept', async () => {
  const marks = new AiMarks(() => 'by-choice');
  expect(await marks.of(photo('trainedAlgorithmicMedia'))).toBeNull();
  expect(await marks.of({ ...photo(), keptMark: 'trainedAlgorithmicMedia' })).toBe('trainedAlgorithmicMedia');
  const picture = new Blob(['plain'], { type: 'image/png' });
  expect(await marks.onKept(picture, null)).toEqual({ blob: picture, marked: false });
});

test('where every file is to be marked, the photo’s own stronger word stands', async () => {
  const marks = new AiMarks(() => 'always');
  expect(await marks.of(photo())).toBe('compositeWithTrainedAlgorithmicMedia');
  expect(await marks.of(photo('compositeWithTrainedAlgorithmicMedia', 'trainedAlgorithmicMedia'))).toBe(
    'trainedAlgorithmicMedia',
  );
});

test('what was kept with a mark is saved with it, whatever the deployment says', async () => {
  const head = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
  const picture = new Blob([head], { type: 'image/png' });
  for (const rule of ['by-choice', 'always'] as const) {
    const { blob, marked } = await new AiMarks(() => rule).onKept(picture, 'trainedAlgorithmicMedia');
    expect([marked, (await blob.text()).includes('/trainedAlgorithmicMedia<')]).toEqual([true, true]);
  }
  const { blob } = await new AiMarks(() => 'always').onKept(picture, null);
  expect(await blob.text()).toContain('/compositeWithTrainedAlgorithmicMedia<');
});
