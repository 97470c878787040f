/**
 * Portrait to cartoon, DCT-Net's method: one net draws the whole picture, the same or another net
 * draws each aligned head, and the heads are pasted back through a soft mask.
 * Source of the method: menyifang/DCT-Net@147e4f2 source/cartoonize.py.
 */
import type { RgbaImage } from '../../runtime/image';
import type { PictureLayout } from '../../runtime/picture-tensor';

/** Known style names, in the order they are offered; a model may bring others, shown under their own title. */
export const styleIds = [
  'anime',
  '3d',
  'handdrawn',
  'sketch',
  'artstyle',
  'design',
  'illustration',
  'custom',
] as const;
export type StyleId = (typeof styleIds)[number];

/** How a cartoon graph wants its picture. */
export interface CartoonSpec {
  readonly style: StyleId;
  readonly input: string;
  readonly output: string;
  readonly layout: PictureLayout['layout'];
  readonly order: PictureLayout['order'];
  /** Values of black and white at the input and the output. */
  readonly inputRange: readonly [number, number];
  readonly outputRange: readonly [number, number];
  /** Both sides must be multiples of this. */
  readonly multiple: number;
  /** The only size it takes, where there is one: a picture is fitted into it, and drawn no larger. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Receptive radius in pixels: a tile with this halo equals the whole picture. */
  readonly haloPx: number;
}

/** A face finder with YuNet's outputs (`cls_8` … `kps_32`). */
export interface FacesSpec {
  readonly decode: 'yunet';
  /** Takes the picture's own bytes; else as YuNet does: `nchw`, BGR, 0…255. */
  readonly layout?: 'rgba';
  /** 0…1, of the first look. */
  readonly minScore: number;
  /** For a small finder: a second look at each face decides whether it is one, and where its landmarks are. */
  readonly refine?: true;
}

/** Pixels of the original picture; `landmarks` are x,y pairs: image-left eye, image-right eye, nose, image-left and image-right mouth corner. */
export interface Face {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0…1; 1 for a face marked by hand. */
  readonly score: number;
  readonly landmarks: readonly number[];
}

/** The whole picture, or each face in its place and the rest of the photo as it is. */
export const drawnParts = ['whole', 'faces'] as const;
export type DrawnPart = (typeof drawnParts)[number];

export interface CartoonOptions {
  readonly part: DrawnPart;
  /** Carry the person's own skin colour back into the drawing. */
  readonly keepSkin: boolean;
  /**
   * The short side of the picture that is drawn, where the photo's is longer. Lines have one width in it, so that a
   * larger one has finer lines. DCT-Net's own is 720.
   */
  readonly lineSizePx: LineSizePx;
  /** Bring the drawing up to a much larger photo's size with sharp edges; else enlarged as DCT-Net does, softly. */
  readonly lift: boolean;
  /** Faces marked by hand, as boxes in pixels of the original. */
  readonly markedFaces: readonly FaceBox[];
  /** Faces found before and dismissed by hand: any face whose centre lies in one of these boxes is left alone. */
  readonly dismissedFaces: readonly FaceBox[];
}

export interface FaceBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface CartoonResult {
  readonly image: RgbaImage;
  readonly faces: readonly Face[];
}

declare module '../pipeline' {
  interface Pipelines {
    cartoon: {
      roles: { cartoon: CartoonSpec; faces: FacesSpec };
      input: RgbaImage;
      options: CartoonOptions;
      result: CartoonResult;
    };
  }
}

/** Bold, medium and fine; the first is the short side DCT-Net draws at (source/cartoonize.py, resize_size). */
export const lineSizesPx = [720, 900, 1080] as const;
export type LineSizePx = (typeof lineSizesPx)[number];

export const defaultCartoonOptions = {
  part: 'whole',
  keepSkin: true,
  lineSizePx: 720,
  lift: true,
  markedFaces: [],
  dismissedFaces: [],
} as const satisfies CartoonOptions;
