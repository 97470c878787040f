/**
 * A portrait becomes a cartoon: DCT-Net's `cartoonize` (menyifang/DCT-Net@147e4f2 source/cartoonize.py), with YuNet's
 * five points in place of its landmark engine. All maths on bytes here, so that it runs in a worker and in Node.
 */
import { StudioError } from '../../base/errors';
import type { Stage, WorkProgress } from '../../base/progress';
import { onWhite, type RgbaImage } from '../../runtime/image';
import { liftDrawing } from '../../runtime/lift/lift';
import { resizeArea } from '../../runtime/resize';
import { pasteWarped, warpImage } from '../../runtime/warp';
import type { OpenModel, Run } from '../pipeline';
import { alignHead } from './align';
import type { CartoonOptions, CartoonSpec, Face } from './card';
import { drawPicture, drawWhole, type DrawOptions } from './draw';
import { bySize, mapFace } from './faces';
import { findFaces, markFace, withoutHandled } from './find';
import { drawInPlace } from './in-place';
import { headMask, headSidePx } from './mask';
import { keepSkin } from './skin';
import { smallestFacePx, toonSize, type Size } from './toon-size';

const white = 255;
/** Enlargement from which the lift is worth its time: below, plain enlargement is hardly softer. */
const liftFrom = 1.5;

/** A photo with transparency is laid on white first; the result is opaque and as large as the photo. */
export const run: Run<'cartoon'> = async function* (input, options, context) {
  const { signal } = context;
  const size = toonSize(input, options.lineSizePx);
  const report = planWork(input, size, options);
  yield report('open', 0);
  const net = await context.open('cartoon');
  if (!net) throw new StudioError('model/not-installed', { role: 'cartoon' });
  signal.throwIfAborted();
  const finder = await context.open('faces');
  signal.throwIfAborted();
  const photo = onWhite(input);
  const small = resizeArea(photo, size.width, size.height);
  yield report('open', 1);

  const toSmall = { x: 0, y: 0, scaleX: size.width / photo.width, scaleY: size.height / photo.height };
  const toPhoto = { x: 0, y: 0, scaleX: 1 / toSmall.scaleX, scaleY: 1 / toSmall.scaleY };
  const found = (await findFaces(finder, small)).filter(
    (face) => face.width > smallestFacePx || face.height > smallestFacePx,
  );
  signal.throwIfAborted();
  const faces = withoutHandled(
    found.map((face) => mapFace(face, toPhoto)),
    options,
  );
  for (const [index, box] of options.markedFaces.entries()) {
    signal.throwIfAborted();
    faces.push(await markFace(finder, photo, box));
    yield report('find-faces', (index + 1) / (options.markedFaces.length + 1));
  }
  yield report('find-faces', 1);
  if (options.part === 'faces') {
    const onPhoto = { photo, faces: bySize(faces), wanted: options };
    const steps = drawInPlace(net, onPhoto, { signal, onGpu: context.onGpu });
    const image = yield* reported(steps, (share) => report('draw-faces', share));
    yield report('finish', 1);
    return { image, faces: bySize(faces) };
  }

  const drawn = bySize(faces).map((face) => mapFace(face, toSmall));
  yield report('draw', 0);
  const drawing = yield* reported(drawPicture(net, small, { signal }), (share) => report('draw', share));

  yield report('draw-faces', 0);
  const mask = drawn.length > 0 ? headMask() : new Float32Array();
  for (const [index, face] of drawn.entries()) {
    signal.throwIfAborted();
    await drawHead(net, { photo: small, drawing, face, mask }, { signal });
    yield report('draw-faces', (index + 1) / drawn.length);
  }
  yield report('finish', 0);

  signal.throwIfAborted();
  if (options.keepSkin) keepSkin(drawing, small, drawn);
  const image =
    options.lift && isMuchEnlarged(photo, size)
      ? yield* reported(liftDrawing({ drawing, small, photo }, { signal, onGpu: context.onGpu }), (share) =>
          report('finish', share),
        )
      : resizeArea(drawing, photo.width, photo.height);
  yield report('finish', 1);
  return { image, faces: bySize(faces) };
};

function isMuchEnlarged(photo: Size, drawn: Size): boolean {
  return photo.height >= liftFrom * drawn.height;
}

/** Passes the shares on as progress, and hands back what the steps made. */
async function* reported<T>(
  steps: AsyncGenerator<number, T, void>,
  progress: (share: number) => WorkProgress,
): AsyncGenerator<WorkProgress, T, void> {
  try {
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
      yield progress(step.value);
    }
  } finally {
    await steps.return(undefined as never);
  }
}

async function drawHead(
  net: OpenModel<CartoonSpec>,
  on: { photo: RgbaImage; drawing: RgbaImage; face: Face; mask: Float32Array },
  options: DrawOptions,
): Promise<void> {
  const aligned = alignHead(on.face.landmarks);
  if (!aligned) return;
  const side = { width: headSidePx, height: headSidePx };
  const head = warpImage(on.photo, aligned.toPicture, { ...side, border: white });
  const drawn = await drawWhole(net, head, options);
  pasteWarped(on.drawing, drawn, { mask: on.mask, toPatch: aligned.toHead });
}

/**
 * Progress in units of pixels that pass through the network. How many faces there are is not known before they are
 * found, so each stage has a fixed share: two heads' worth for the faces, a tenth for what the network does not do.
 */
function planWork(photo: Size, size: Size, { lift, part }: CartoonOptions) {
  const lifts = lift && isMuchEnlarged(photo, size);
  const drawPx = size.width * size.height;
  const shares: Record<Stage, number> = {
    open: Math.ceil(drawPx / 20),
    decode: 0,
    'find-faces': Math.ceil(drawPx / 20),
    draw: part === 'faces' ? 0 : drawPx,
    'draw-faces': 2 * headSidePx ** 2,
    finish: Math.ceil((drawPx + photo.width * photo.height) / (lifts ? 20 : 40)),
  };
  const order = ['open', 'find-faces', 'draw', 'draw-faces', 'finish'] as const;
  const total = order.reduce((sum, stage) => sum + shares[stage], 0);
  return (stage: (typeof order)[number], share: number): WorkProgress => {
    const before = order.slice(0, order.indexOf(stage)).reduce((sum, earlier) => sum + shares[earlier], 0);
    return { kind: 'work', stage, done: before + Math.round(shares[stage] * share), total };
  };
}
