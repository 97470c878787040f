/**
 * Where on a person skin is learnt and looked for. Places are in head template pixels (align.ts), so they turn and grow
 * with the face.
 */
import { applyAffine } from '../../runtime/warp';
import type { Alignment } from './align';
import type { FaceGrid } from './skin-grid';

export interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
}

export interface FacePlaces {
  /** Where skin is learnt: the cheeks, the nose, the forehead. */
  readonly patches: readonly Ellipse[];
  /** Surely face, whichever way the head is turned: what the colour is learnt from. */
  readonly core: Ellipse;
  /** Brow to chin: whatever is not plainly another colour counts as skin here. */
  readonly innerFace: Ellipse;
  readonly head: Ellipse;
  readonly ears: readonly Ellipse[];
  /** Where the nose's tip is across, and how far the head is turned that way. */
  readonly nose: number;
  readonly turn: number;
}

/** A nose this far beside the middle of eyes and mouth (template pixels) is on the face's outline. */
const turnedPx = 24;

/** The places of a face seen from the front, moved away from where the nose points when the head is turned. */
export function facePlaces(landmarks: readonly number[], { toHead }: Alignment): FacePlaces {
  const across = [0, 1, 2, 3, 4].map(
    (i) => applyAffine(toHead, landmarks[i * 2] ?? 0, landmarks[i * 2 + 1] ?? 0)[0],
  );
  const [left = 0, right = 0, nose = 0, mouthLeft = 0, mouthRight = 0] = across;
  const turn = nose - (left + right + mouthLeft + mouthRight) / 4;
  const cheeks = [
    { x: 106 - turn, y: 182, rx: 15, ry: 17 },
    { x: 186 - turn, y: 182, rx: 15, ry: 17 },
  ];
  const middle = [
    { x: 146 + turn * 0.3, y: 152, rx: 9, ry: 12 },
    { x: 146 + turn * 0.6, y: 178, rx: 12, ry: 8 },
    { x: 146 - turn * 0.6, y: 100, rx: 24, ry: 12 },
  ];
  const nearCheek = cheeks[turn > 0 ? 0 : 1];
  return {
    patches: Math.abs(turn) < turnedPx || !nearCheek ? [...cheeks, ...middle] : cheeks.concat(nearCheek),
    core: { x: 145 - turn * 1.1, y: 178, rx: 52 - Math.abs(turn) * 0.4, ry: 82 },
    innerFace: { x: 145 - turn, y: 175, rx: 66, ry: 98 },
    head: { x: 145 - turn, y: 165, rx: 100, ry: 130 },
    ears: [-78, 78].map((side) => ({ x: 145 - turn + side, y: 165, rx: 18, ry: 48 })),
    nose,
    turn,
  };
}

/** How far out of an ellipse a place lies: 1 at its edge. */
export function ellipseRadius({ x, y, rx, ry }: Ellipse, px: number, py: number): number {
  const dx = (px - x) / rx;
  const dy = (py - y) / ry;
  return Math.sqrt(dx * dx + dy * dy);
}

export function isInside(places: readonly Ellipse[], px: number, py: number): boolean {
  for (let i = 0; i < places.length; i++) if (ellipseRadius(places[i] as Ellipse, px, py) < 1) return true;
  return false;
}

/** 0…1 with a smooth ramp: 1 up to `from`, 0 from `to` on. */
export function falling(value: number, from: number, to: number): number {
  if (value <= from) return 1;
  if (value >= to) return 0;
  const t = (value - from) / (to - from);
  return 1 - t * t * (3 - 2 * t);
}

/** The cells inside each ellipse. */
export function cellsInside(grid: FaceGrid, places: readonly Ellipse[]): number[][] {
  const cells: number[][] = places.map(() => []);
  forEachCell(grid, (cell, hx, hy) => {
    for (let i = 0; i < places.length; i++) {
      const place = places[i];
      if (place && ellipseRadius(place, hx, hy) < 1) cells[i]?.push(cell);
    }
  });
  return cells;
}

/** Drawn eyes and mouth, which are larger than those of the photo. */
export const mouth: Ellipse = { x: 146, y: 217, rx: 42, ry: 22 };
const features: readonly Ellipse[] = [
  { x: 111.8, y: 137, rx: 26, ry: 20 },
  { x: 179.7, y: 137, rx: 26, ry: 20 },
  mouth,
];

/** 0…1 for each cell: how near an eye or the mouth is. */
export function featureNearness(grid: FaceGrid): Float32Array {
  const nearness = new Float32Array(grid.columns * grid.rows);
  forEachCell(grid, (cell, hx, hy) => {
    for (const feature of features) {
      const near = falling(ellipseRadius(feature, hx, hy), 0.75, 1.1);
      if (near > (nearness[cell] as number)) nearness[cell] = near;
    }
  });
  return nearness;
}

/** Ears and face all round, then neck, shoulders, chest and hands below; nothing above the hair. */
export function mayBeSkin({ head, nose, turn }: FacePlaces, hx: number, hy: number): number {
  const around = falling(ellipseRadius(head, hx, hy), 0.95, 1.25);
  const side = Math.abs(hx - head.x);
  const below = falling(120 - hy, 0, 40) * falling(side - 110 - 0.8 * Math.max(0, hy - 180), 0, 60);
  const prior = Math.max(around, below * falling(hy, 480, 600));
  if (Math.abs(turn) < 10) return prior;
  // The further the head is turned, the sooner the background begins beyond the nose.
  const room = 6 + 4 * Math.max(0, 38 - Math.abs(turn));
  return prior * falling((hx - nose) * Math.sign(turn), room, room + 12);
}

export function forEachCell(
  grid: FaceGrid,
  visit: (cell: number, headX: number, headY: number) => void,
): void {
  for (let row = 0; row < grid.rows; row++) forEachCellOf(row, grid, visit);
}

function forEachCellOf(
  row: number,
  { columns, toHead }: FaceGrid,
  visit: (cell: number, headX: number, headY: number) => void,
): void {
  const [a, b, c, d, e, f] = toHead;
  for (let column = 0, cell = row * columns; column < columns; column++, cell++) {
    visit(cell, a * column + b * row + c, d * column + e * row + f);
  }
}
