/** The words of a part of a picture, which come with `#/ask`. */
const en = {
  title: 'A part of the picture',
  part: 'Part',
  keys: 'Draw a part, or move it with the arrow keys; with Shift they change its size. It keeps its own pixels, so small print can be read.',
  pixels: (width: string, height: string) => `${width} × ${height} pixels`,
  place: (left: number, top: number, { width, height }: { width: number; height: number }) =>
    `${left} % from the left, ${top} % from the top, ${width} % wide, ${height} % high`,
  add: 'Use this part',
};

const zh: typeof en = {
  title: '图片的一部分',
  part: '所选部分',
  keys: '画出一部分，或用方向键移动；按住 Shift 则改变大小。像素保持原样，小字也能读。',
  pixels: (width, height) => `${width} × ${height} 像素`,
  place: (left, top, { width, height }) => `距左 ${left} %，距上 ${top} %，宽 ${width} %，高 ${height} %`,
  add: '使用这一部分',
};

export const words = { en, zh };
