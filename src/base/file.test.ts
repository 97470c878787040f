import { expect, test } from 'vitest';
import { bytesOfFile } from './file';

test('a file that went away since it was chosen is told as such', async () => {
  const gone = { arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) };
  await expect(bytesOfFile(gone as unknown as Blob)).rejects.toMatchObject({ code: 'file/gone' });
  expect(await bytesOfFile(new Blob(['ab']))).toEqual(Uint8Array.of(97, 98));
});
