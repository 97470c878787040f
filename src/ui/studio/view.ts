/**
 * Zoom and pan of the stage as pure maths. `scale` is CSS pixels per picture pixel; `x`, `y` are where the
 * picture's top left corner stands on the stage, in CSS pixels.
 */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface View extends Point {
  readonly scale: number;
}

/** A small picture is not blown up further than this when it is fitted. */
const mostFitScale = 2;
const mostZoom = 16;
/** A fitted picture keeps this distance from the edges of a stage at least this wide. */
const fitMargin = 24;
const roomyStage = 640;

function fitScale(picture: Size, stage: Size): number {
  if (picture.width <= 0 || picture.height <= 0) return 1;
  const margin = stage.width >= roomyStage ? fitMargin : 0;
  const room = { width: stage.width - 2 * margin, height: Math.max(1, stage.height - 2 * margin) };
  return Math.min(room.width / picture.width, room.height / picture.height, mostFitScale);
}

/** The whole picture, centred. */
export function fit(picture: Size, stage: Size): View {
  return centred(picture, stage, fitScale(picture, stage));
}

function centred(picture: Size, stage: Size, scale: number): View {
  return {
    scale,
    x: (stage.width - picture.width * scale) / 2,
    y: (stage.height - picture.height * scale) / 2,
  };
}

/** One picture pixel on one device pixel. */
export function oneToOne(pixelRatio: number): number {
  return 1 / pixelRatio;
}

/** No smaller than fitted (or than 100 % for a tiny picture), no larger than 16 device pixels a pixel. */
export function allowedScale(
  scale: number,
  picture: Size,
  bounds: { stage: Size; pixelRatio: number },
): number {
  const full = oneToOne(bounds.pixelRatio);
  const least = Math.min(fitScale(picture, bounds.stage), full);
  return Math.min(Math.max(scale, least), mostZoom * full);
}

/** The same view at another scale with the picture point under `pointer` kept in place. */
export function zoomAt(view: View, scale: number, pointer: Point): View {
  const ratio = scale / view.scale;
  return {
    scale,
    x: pointer.x - (pointer.x - view.x) * ratio,
    y: pointer.y - (pointer.y - view.y) * ratio,
  };
}

/** A picture smaller than the stage is centred; a larger one never leaves a gap. */
export function settled(view: View, picture: Size, stage: Size): View {
  const along = (offset: number, pictureLength: number, stageLength: number): number => {
    const room = stageLength - pictureLength * view.scale;
    return room >= 0 ? room / 2 : Math.min(0, Math.max(room, offset));
  };
  return {
    scale: view.scale,
    x: along(view.x, picture.width, stage.width),
    y: along(view.y, picture.height, stage.height),
  };
}

/** The part of the stage, left to right, that the picture covers. */
export function visibleSpan(view: View, picture: Size, stage: Size): { left: number; right: number } {
  return {
    left: Math.max(0, view.x),
    right: Math.min(stage.width, view.x + picture.width * view.scale),
  };
}

export function toPicture(view: View, point: Point): Point {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale };
}

/** How far a wheel event zooms; `deltaMode` 1 is lines, 2 is pages (UI Events §WheelEvent). */
export function wheelFactor(deltaY: number, deltaMode: number): number {
  const pixels = deltaY * (deltaMode === 1 ? 16 : deltaMode === 2 ? 400 : 1);
  return Math.exp(-Math.max(-240, Math.min(240, pixels)) / 300);
}
