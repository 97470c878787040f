/** Decoding YuNet against OpenCV's FaceDetectorYN on the same thumbnail (reference/vectors.py). */
import { expect, test } from 'vitest';
import type { Face } from './card';
import { decodeLevel, mapFace, overlap, suppress } from './faces';
import { yunet } from './reference/vectors.json';

const face: Face = {
  x: 10,
  y: 10,
  width: 20,
  height: 20,
  score: 0.9,
  landmarks: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
};

test('raw outputs decode to the box, landmarks and score that OpenCV reports', () => {
  const outputs = yunet.outputs as Record<string, number[]>;
  const level = (stride: number) => {
    const values = (name: string) => Float32Array.from(outputs[`${name}_${stride}`]!);
    return { stride, cls: values('cls'), obj: values('obj'), bbox: values('bbox'), kps: values('kps') };
  };
  const faces = suppress([8, 16, 32].flatMap((stride) => decodeLevel(level(stride), yunet.width, 0.6)));
  expect(faces).toHaveLength(yunet.faces.length);
  const { x, y, width, height, landmarks, score } = faces[0]!;
  const found = [x, y, width, height, ...landmarks, score];
  yunet.faces[0]!.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(0.01));
});

test('of overlapping faces the surest stays, and one beside them stays too', () => {
  const weaker = { ...face, x: 12, score: 0.8 };
  const apart = { ...face, x: 28, score: 0.7 };
  expect(overlap(face, apart)).toBeLessThan(0.3);
  expect(suppress([weaker, apart, face])).toEqual([face, apart]);
});

test('a face is moved, then scaled, into another picture', () => {
  const moved = mapFace(face, { x: 10, y: -10, scaleX: 2, scaleY: 3 });
  expect([moved.x, moved.y, moved.width, moved.height]).toEqual([40, 0, 40, 60]);
  expect(moved.landmarks.slice(0, 2)).toEqual([22, -24]);
});
