import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { graphFile } from '../../build/miniature-models';
import { needsPlainBuild } from './plain-build';

test('a graph that names an operator of the plain build alone is told from one that does not', () => {
  expect(needsPlainBuild(readFileSync(graphFile('z-image-q4', 'textEncoder')))).toBe(true);
  expect(needsPlainBuild(readFileSync(graphFile('z-image-f16', 'textEncoder')))).toBe(false);
  const text = (letters: string) => new TextEncoder().encode(letters);
  expect(needsPlainBuild(text('GGatherBlockQuantized'))).toBe(true);
  expect(needsPlainBuild(text('GatherBlockQuantize'))).toBe(false);
  expect(needsPlainBuild(new Uint8Array())).toBe(false);
});
