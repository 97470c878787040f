import { expect, test } from 'vitest';
import { ExternalWriter } from './external-data';
import { memorySink } from './miniature';

function writer(mostBytes?: number) {
  const files = new Map<string, Uint8Array>();
  return { files, writer: new ExternalWriter(memorySink(files), 'part', mostBytes) };
}

test('every weight begins at a multiple of 4096 and holds what came for it', async () => {
  const { files, writer: out } = writer();
  expect(await out.place(Uint8Array.of(1, 2, 3))).toEqual({ location: 'part-0.bin', offset: 0, bytes: 3 });
  const place = await out.reserve(4);
  await out.append(Uint8Array.of(4, 5));
  await out.append(Uint8Array.of(6, 7));
  expect(place).toEqual({ location: 'part-0.bin', offset: 4096, bytes: 4 });
  expect(await out.close()).toEqual([{ location: 'part-0.bin', bytes: 4100 }]);
  expect([...files.get('part-0.bin')!.subarray(4096)]).toEqual([4, 5, 6, 7]);
});

test('a weight that would not fit in a file begins the next', async () => {
  const { files, writer: out } = writer(5000);
  await out.place(new Uint8Array(900));
  await out.place(new Uint8Array(900));
  expect(await out.place(new Uint8Array(1000))).toMatchObject({ location: 'part-1.bin', offset: 0 });
  expect(await out.close()).toEqual([
    { location: 'part-0.bin', bytes: 4996 },
    { location: 'part-1.bin', bytes: 1000 },
  ]);
  expect([...files].map(([name, { length }]) => [name, length])).toEqual([
    ['part-0.bin', 4996],
    ['part-1.bin', 1000],
  ]);
});

test('bytes that were promised and do not come, or come in excess, are a fault', async () => {
  const { writer: out } = writer();
  await out.reserve(4);
  await expect(out.append(new Uint8Array(5))).rejects.toThrow(RangeError);
  await expect(out.close()).rejects.toThrow(RangeError);
  await expect(out.reserve(1)).rejects.toThrow(RangeError);
});
