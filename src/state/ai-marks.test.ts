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
  expect(await marks.onKept(picture)).toEqual({ blob: picture, marked: false });
});

test('where every file is to be marked, the photo’s own stronger word stands', async () => {
  const marks = new AiMarks(() => 'always');
  expect(await marks.of(photo())).toBe('compositeWithTrainedAlgorithmicMedia');
  expect(await marks.of(photo('compositeWithTrainedAlgorithmicMedia', 'trainedAlgorithmicMedia'))).toBe(
    'trainedAlgorithmicMedia',
  );
});
