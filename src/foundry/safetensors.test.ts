/** reference/three.safetensors was written by the format's own library, with torch's three kinds of floats. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../base/byte-source';
import { memoryFolder } from './miniature';
import { readFolder, readRows, readSafetensors, readValues } from './safetensors';

const three = new Uint8Array(readFileSync(resolve(import.meta.dirname, 'reference/three.safetensors')));

/** A file with this header and so many bytes of values. */
function file(header: unknown, valueBytes = 0): Uint8Array {
  const json = typeof header === 'string' ? header : JSON.stringify(header);
  const bytes = new Uint8Array(8 + json.length + valueBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(new TextEncoder().encode(json), 8);
  return bytes;
}

const read = (bytes: Uint8Array) => readSafetensors(memorySource(bytes));

test('what the format’s own library wrote is read in all three kinds of floats', async () => {
  const tensors = await read(three);
  expect([...tensors.keys()].sort()).toEqual(['a', 'b', 'c']);
  expect(tensors.get('a')).toMatchObject({ elementType: 'F32', dims: [2, 3] });
  const seventh = (value: number) => Math.fround(value / 7);
  expect([...(await readValues(tensors.get('a')!))]).toEqual([0, 1, 2, 3, 4, 5].map(seventh));
  expect([...(await readRows(tensors.get('a')!, 1, 2))]).toEqual([3, 4, 5].map(seventh));
  const [tenth, tiny, most] = await readValues(tensors.get('b')!);
  expect([tenth, most]).toEqual([0.0999755859375, 65504]);
  expect(tiny).toBeCloseTo(-2.384185791015625e-7, 15);
  const [one, large, third, subnormal] = await readValues(tensors.get('c')!);
  expect([one, third]).toEqual([1, 0.30078125]);
  expect(large! / -3.0e38).toBeCloseTo(1, 2);
  expect(subnormal).toBe(2 ** -133);
});

test('only the bytes of the rows that are asked for are read', async () => {
  const asked: [number, number][] = [];
  const whole = memorySource(three);
  const source = {
    ...whole,
    read: (offset: number, length: number) => {
      asked.push([offset, length]);
      return whole.read(offset, length);
    },
  };
  const tensors = await readSafetensors(source);
  asked.length = 0;
  await readRows(tensors.get('a')!, 1, 2);
  expect(asked).toEqual([[tensors.get('a')!.offset + 12, 12]]);
});

const f32 = (begin: number, end: number, shape: readonly number[] = [1]) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

describe('refused:', () => {
  test.each([
    ['no bytes at all', new Uint8Array(0)],
    ['a length beyond the file', Uint8Array.of(255, 0, 0, 0, 0, 0, 0, 0, 123)],
    ['a length of exabytes', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 123, 125)],
    ['a header that is no JSON', file('{"a":')],
    ['a header that is a list', file([])],
    ['a tensor that is a number', file({ a: 1 })],
    ['a type nobody knows', file({ a: { ...f32(0, 4), dtype: 'F3' } }, 4)],
    ['a type named like a part of every object', file({ a: { ...f32(0, 4), dtype: 'constructor' } }, 4)],
    ['dims below zero', file({ a: f32(0, 4, [-1]) }, 4)],
    ['dims that are no whole numbers', file({ a: f32(0, 4, [0.5, 2]) }, 4)],
    ['dims beyond counting', file({ a: f32(0, 4, [2 ** 40, 2 ** 40]) }, 4)],
    ['nine dims', file({ a: f32(0, 4, [1, 1, 1, 1, 1, 1, 1, 1, 1]) }, 4)],
    ['fewer bytes than the dims want', file({ a: f32(0, 4, [2]) }, 4)],
    ['an end before the beginning', file({ a: f32(4, 0) }, 4)],
    ['three places', file({ a: { ...f32(0, 4), data_offsets: [0, 4, 8] } }, 4)],
    ['values beyond the file', file({ a: f32(0, 4) }, 3)],
    ['values that overlap', file({ a: f32(0, 4), b: f32(0, 4) }, 4)],
    ['a hole between values', file({ a: f32(0, 4), b: f32(8, 12) }, 12)],
    ['bytes after the last value', file({ a: f32(0, 4) }, 5)],
    [
      'a name twice, of which one hides',
      file(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
        8,
      ),
    ],
  ])('%s', async (_, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'model/damaged' });
  });

  test('a file cut short anywhere', async () => {
    for (let at = 0; at < three.length; at++) {
      await expect(read(three.subarray(0, at)), `${at} bytes`).rejects.toMatchObject({
        code: 'model/damaged',
      });
    }
  });

  test('whole numbers where weights should be', async () => {
    const tensors = await read(file({ a: { dtype: 'I32', shape: [1], data_offsets: [0, 4] } }, 4));
    await expect(readValues(tensors.get('a')!)).rejects.toMatchObject({ code: 'model/damaged' });
  });
});

test('a tensor called like a part of every object is a tensor', async () => {
  const tensors = await read(file('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4));
  expect([...tensors.keys()]).toEqual(['__proto__']);
});

describe('a folder of shards', () => {
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const folder = (weight_map: unknown) =>
    memoryFolder(
      new Map([
        ['model.safetensors.index.json', json({ weight_map })],
        ['one.safetensors', file({ a: f32(0, 4) }, 4)],
        ['two.safetensors', file({ b: f32(0, 4) }, 4)],
      ]),
    );

  test('is read as one', async () => {
    const tensors = await readFolder(folder({ a: 'one.safetensors', b: 'two.safetensors' }));
    expect([...tensors.keys()]).toEqual(['a', 'b']);
  });

  test.each([
    ['a tensor that its shard has not', { b: 'one.safetensors' }, 'model/damaged'],
    ['a shard that is not there', { a: 'three.safetensors' }, 'model/missing-file'],
    ['a path that leaves the folder', { a: '../one.safetensors' }, 'model/unsafe-path'],
    ['no text for a name', { a: 1 }, 'model/damaged'],
  ])('is refused with %s', async (_, map, code) => {
    await expect(readFolder(folder(map))).rejects.toMatchObject({ code });
  });

  test('and a folder with neither says what is missing', async () => {
    await expect(readFolder(memoryFolder(new Map()))).rejects.toMatchObject({ code: 'model/missing-file' });
  });
});
