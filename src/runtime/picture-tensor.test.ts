import { expect, test } from 'vitest';
import { blankImage, cropImage, onWhite, type RgbaImage } from './image';
import { pictureTensor, pictureType, writePicture, type PictureLayout } from './picture-tensor';

function gradient(width: number, height: number): RgbaImage {
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : (i * 37) % 251,
  );
  return { width, height, data };
}

const layouts: PictureLayout[] = (['nchw', 'nhwc', 'hwc'] as const).flatMap((layout) =>
  (['rgb', 'bgr'] as const).flatMap((order) =>
    (
      [
        [0, 255],
        [-1, 1],
        [0, 1],
      ] as const
    ).map((range) => ({ layout, order, range })),
  ),
);

test.each(layouts)('$layout $order $range goes into a tensor and back unchanged', (layout) => {
  const image = gradient(7, 5);
  const region = { x: 0, y: 0, width: 8, height: 6 };
  for (const type of ['float32', 'float16'] as const) {
    const tensor = pictureTensor(image, region, { ...layout, beyond: 255, type });
    expect(tensor.type).toBe(type);
    const back = blankImage(7, 5);
    writePicture(back, { data: tensor.data, region, part: region }, layout);
    expect(back.data).toEqual(image.data);
  }
});

test('blue comes first in a BGR tensor, planes lie apart, and what is beyond the picture is the padding', () => {
  const image: RgbaImage = { width: 1, height: 1, data: Uint8ClampedArray.of(10, 20, 30, 255) };
  const region = { x: 0, y: 0, width: 2, height: 1 };
  const nchw = pictureTensor(image, region, { layout: 'nchw', order: 'bgr', range: [0, 255], beyond: 255 });
  expect(nchw.dims).toEqual([1, 3, 1, 2]);
  expect([...(nchw.data as Float32Array)]).toEqual([30, 255, 20, 255, 10, 255]);
  const hwc = pictureTensor(image, region, {
    layout: 'hwc',
    order: 'rgb',
    range: [0, 255],
    beyond: 0,
    type: 'uint8',
  });
  expect(hwc.dims).toEqual([1, 2, 3]);
  expect([...(hwc.data as Uint8Array)]).toEqual([10, 20, 30, 0, 0, 0]);
});

test('a network of bytes gets the picture itself, or a part of it cut to size, and its part comes back', () => {
  const image = gradient(6, 5);
  const layout = { layout: 'rgba', order: 'rgb', range: [0, 255] } as const;
  const whole = pictureTensor(image, { x: 0, y: 0, width: 6, height: 5 }, { ...layout, beyond: 255 });
  expect([whole.type, whole.dims]).toEqual(['uint8', [1, 5, 6, 4]]);
  expect(whole.data.buffer).toBe(image.data.buffer);
  const region = { x: 4, y: -1, width: 4, height: 3 };
  const { dims, data } = pictureTensor(image, region, { ...layout, beyond: 9 });
  const outside = [9, 9, 9, 255];
  const at = (x: number, y: number) => [...image.data.subarray((y * 6 + x) * 4, (y * 6 + x) * 4 + 4)];
  const row = (y: number) => [...at(4, y), ...at(5, y), ...outside, ...outside];
  expect(dims).toEqual([1, 3, 4, 4]);
  expect([...(data as Uint8Array)]).toEqual([outside, outside, outside, outside, row(0), row(1)].flat());
  const back = blankImage(6, 5);
  writePicture(back, { data, region, part: { x: 5, y: 0, width: 3, height: 2 } }, layout);
  const written = back.data.reduce<number[]>(
    (places, value, i) => (value > 0 ? [...places, i >> 2] : places),
    [],
  );
  expect([...new Set(written)]).toEqual([5, 11]);
  expect([...back.data.subarray(20, 24)]).toEqual(at(5, 0));
  const short = { data: new Uint8Array(12), region, part: region };
  expect(() => writePicture(back, short, layout)).toThrow('model/wrong-shape');
});

test('a tensor of another size is refused', () => {
  const region = { x: 0, y: 0, width: 4, height: 4 };
  const layout = { layout: 'nchw', order: 'rgb', range: [0, 1] } as const;
  const write = () =>
    writePicture(blankImage(4, 4), { data: new Float32Array(12), region, part: region }, layout);
  expect(write).toThrow(expect.objectContaining({ code: 'model/wrong-shape' }) as Error);
  expect(() => pictureType([{ name: 'x', type: 'float64', dims: [] }], 'x')).toThrow('model/wrong-shape');
});

test('transparency is laid on white, and an opaque photo is not copied', () => {
  const photo = gradient(3, 3);
  expect(onWhite(photo)).toBe(photo);
  const clear: RgbaImage = {
    width: 2,
    height: 1,
    data: Uint8ClampedArray.of(10, 20, 30, 0, 0, 100, 200, 51),
  };
  expect([...onWhite(clear).data]).toEqual([255, 255, 255, 255, 204, 224, 244, 255]);
});

test('a crop that reaches beyond the picture is cut to it', () => {
  const crop = cropImage(gradient(6, 4), { x: -2, y: 1.5, width: 5, height: 9 });
  expect([crop.x, crop.y, crop.width, crop.height]).toEqual([0, 1, 3, 3]);
  expect([...crop.data.subarray(0, 4)]).toEqual([...gradient(6, 4).data.subarray(24, 28)]);
});
