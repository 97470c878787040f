import { expect, test } from 'vitest';
import { fileKind } from './file-kind';

const bytes = (...values: number[]) => Uint8Array.from(values);
const text = (value: string) => new TextEncoder().encode(value);

test.each([
  ['a pickle, whatever its name', bytes(0x80, 2, 0x7d, 0x71, 0, 0x2e), 'model.onnx'],
  ['a new pickle', bytes(0x80, 5, 0x95), 'weights'],
  ["PyTorch's zip", text('PK\x03\x04\x14\x00\x00\x08archive/data.pkl'), 'net.onnx'],
  ['an old pickle, known by its name alone', text('(dp0\nS"weights"'), 'net.PTH'],
  ["a checkpoint's tar", text('ustar'), 'net.ckpt'],
])('%s is refused as a pickle', (_, head, name) => {
  expect(() => fileKind(head, name)).toThrow(/model\/pickle/);
});

test("ONNX and TensorFlow's frozen graphs are told by what they are", () => {
  expect(fileKind(bytes(0x08, 8), 'net.bin')).toBe('onnx');
  expect(fileKind(bytes(0x0a, 8), 'cartoon_bg.pb')).toBe('tensorflow');
  expect(fileKind(bytes(0x0a, 8), 'renamed.onnx')).toBe('tensorflow');
});

test('a SavedModel is not a frozen graph', () => {
  expect(() => fileKind(bytes(0x08, 1), 'saved_model.pb')).toThrow(/model\/not-recognised.*frozen/);
});
