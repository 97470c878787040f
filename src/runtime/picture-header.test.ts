import { expect, test } from 'vitest';
import { readPictureHeader } from './picture-header';

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

/** A 1×1 PNG and a 1×1 GIF, as any encoder writes them. */
const png = bytesOf(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
);
const gif = bytesOf('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7');

/** SOI, APP0, SOF0 of 640×480, SOS, some scan bytes, EOI. */
const jpeg = Uint8Array.from([
  0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 11, 8, 0x01, 0xe0, 0x02, 0x80, 3, 1, 0x11, 0, 0xff, 0xda,
  0, 4, 1, 0, 0x12, 0x34, 0x56, 0xff, 0xd9,
]);

test('sizes are read from the header alone', () => {
  expect(readPictureHeader(png)).toEqual({ kind: 'png', width: 1, height: 1, complete: true });
  expect(readPictureHeader(gif)).toEqual({ kind: 'gif', width: 1, height: 1, complete: true });
  expect(readPictureHeader(jpeg)).toEqual({ kind: 'jpeg', width: 640, height: 480, complete: true });
});

function isComplete(bytes: Uint8Array): boolean {
  try {
    return readPictureHeader(bytes).complete;
  } catch {
    return false;
  }
}

test('a file cut anywhere is never called complete', () => {
  for (const whole of [png, gif, jpeg]) {
    for (let length = 1; length < whole.length - 3; length++) {
      expect(isComplete(whole.subarray(0, length)), `${length} of ${whole.length}`).toBe(false);
    }
  }
});

test('an end marker inside a thumbnail does not count', () => {
  const thumbnail = [0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9];
  const cut = Uint8Array.from([...jpeg.subarray(0, 2), ...thumbnail, ...jpeg.subarray(2, -2)]);
  expect(readPictureHeader(cut).complete).toBe(false);
});

test('bytes after the end do no harm', () => {
  expect(readPictureHeader(Uint8Array.from([...png, 1, 2, 3, 4, 5, 6, 7, 8, 9])).complete).toBe(true);
  expect(readPictureHeader(Uint8Array.from([...jpeg, 1, 2, 3])).complete).toBe(true);
});

test.each([
  ['an empty file', new Uint8Array(), 'image/empty'],
  ['text', new TextEncoder().encode('just some words in a file'), 'image/not-an-image'],
  [
    'an SVG, which could carry scripts',
    new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    'image/not-an-image',
  ],
])('%s is named for what it is', (_, bytes, code) => {
  expect(() => readPictureHeader(bytes)).toThrow(code);
});
