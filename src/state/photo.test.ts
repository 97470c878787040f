import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { AiMarks } from './ai-marks';
import { Photo } from './photo.svelte';

const marked = resolve(import.meta.dirname, '../../e2e/fixtures/metadata/full.jpg');

test('whoever asks what a photo carries while it is read waits for it, so that its own mark is not lost', async () => {
  const photo = new Photo(new Blob([readFileSync(marked)], { type: 'image/jpeg' }));
  const marks = new AiMarks(() => 'always');
  const both = await Promise.all([marks.of(photo), marks.of(photo)]);
  expect(both).toEqual(['trainedAlgorithmicMedia', 'trainedAlgorithmicMedia']);
});
