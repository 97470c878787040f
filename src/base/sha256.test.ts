import { expect, test } from 'vitest';
import { sha256, streamingSha256 } from './sha256';

/** FIPS 180-2, appendix B.1. */
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

test('one buffer and a stream of pieces give the published hash', async () => {
  expect(await sha256(new TextEncoder().encode('abc'))).toBe(abc);
  const stream = await streamingSha256();
  for (const letter of 'abc') stream.update(new TextEncoder().encode(letter));
  expect(stream.digest()).toBe(abc);
});
