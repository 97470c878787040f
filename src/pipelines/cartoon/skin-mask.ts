/**
 * Where one person's skin is: cells of their own colour that hang together with the face, and not with the background.
 */
import { darkerBy, skinDistance, type SkinColour } from './skin-colour';
import { blurPlane, type FaceGrid } from './skin-grid';
import {
  ellipseRadius,
  falling,
  forEachCell,
  isInside,
  mayBeSkin,
  mouth,
  type FacePlaces,
} from './skin-places';

/** Up to this distance a colour is surely the person's. */
const surelySkin = 1.6;
/** Nose height: above it, and away from the head, there is only background. */
const backgroundAbove = 150;
/** Relative change of colour from cell to cell at which one thing ends and another begins. */
const edgeStep = 0.08;

/**
 * Bare skin changes slowly, even where light falls off on it; hair, bricks and grass of its colour go to and fro.
 * How far a cell is from the middle of its neighbours, relative to its brightness.
 */
const smooth = 0.022;
const rough = 0.04;
const usualGrain = 0.035;
/** So much (log) brighter is the drawn face where dark skin turned pale. */
const muchPaler = 0.35;
/** How many cells of the rim of bare skin are skin too: a fifth of the distance between the eyes, more at an ear. */
const rimCells = 5;
const earCells = 9;

/** The cells of a picture, and the skin's colour in it. */
export interface Seen {
  readonly means: Float32Array;
  readonly colour: SkinColour;
}

/**
 * 0…1 for each cell, exactly 0 away from skin. Lips inside the face are part of it, and so is a shadow (under
 * the chin, between fingers) that was drawn as skin. `core`: the cells of places.core.
 */
export function skinMask(
  photo: Seen,
  drawing: Seen,
  { grid, places, core }: { grid: FaceGrid; places: FacePlaces; core: readonly number[] },
): Float32Array {
  const count = grid.columns * grid.rows;
  const alike = new Float32Array(count);
  const distances = new Float32Array(count);
  const isFace = new Uint8Array(count);
  const isHead = new Uint8Array(count);
  const surely = new Float32Array(count);
  const isBare = new Uint8Array(count);
  const isEar = new Uint8Array(count);
  const roughness = roughnessOf(photo.means, grid);
  const grain = faceGrain(roughness, core);
  const beside: number[] = [];
  forEachCell(grid, (cell, hx, hy) => {
    const distance = distanceAt(photo, cell);
    distances[cell] = distance;
    const prior = mayBeSkin(places, hx, hy);
    if (prior === 0) {
      if (hy < backgroundAbove && distance < surelySkin) beside.push(cell);
      return;
    }
    const fromFace = ellipseRadius(places.innerFace, hx, hy);
    const fromHead = ellipseRadius(places.head, hx, hy);
    const inside = falling(fromFace, 0.85, 1.15);
    const near = falling(fromHead, 0.9, 1.3);
    const tolerance = 2.4 + 0.6 * near + 1.6 * inside;
    const lips = inside * falling(ellipseRadius(mouth, hx, hy), 0.75, 1.1);
    const shadow = drawnShadow(photo, drawing, cell) * falling(fromFace, 1.3, 1.6);
    const bare = Math.max(
      inside,
      falling(roughness[cell] as number, smooth * grain, rough * grain),
      turnedPale(photo, drawing, cell),
    );
    alike[cell] = Math.max(falling(distance, tolerance, tolerance + 1.4) * prior, lips, shadow);
    isBare[cell] = bare > 0.5 || lips > 0.5 || shadow > 0.5 ? 1 : 0;
    if (fromHead < 1) isHead[cell] = 1;
    if (isInside(places.ears, hx, hy)) isEar[cell] = 1;
    if (inside > 0.5) isFace[cell] = 1;
    else if (distance < surelySkin && prior > 0.5 && bare > 0.5) surely[cell] = 1;
  });
  // A wall of the skin's colour: what reaches from there without an edge is wall too.
  const wall = flood(beside, grid, (cell, from) => {
    return (
      !isHead[cell] && (distances[cell] as number) < surelySkin && step(photo.means, cell, from) < edgeStep
    );
  });
  for (let cell = 0; cell < count; cell++) if (wall[cell]) alike[cell] = surely[cell] = 0;
  // A hand or a shoulder apart from the face: a whole patch of surely its colour.
  blurPlane(surely, grid, 3);
  const seeds: number[] = [];
  for (let cell = 0; cell < count; cell++) {
    if ((alike[cell] as number) > 0.02 && (isFace[cell] || (surely[cell] as number) > 0.96)) seeds.push(cell);
  }
  const joined = flood(
    seeds,
    grid,
    (cell, from) => (alike[cell] as number) > 0.02 && (alike[from] as number) > 0.4 && isBare[cell] === 1,
  );
  // The rim of bare skin is rough too, where hair or cloth begins: as far as its colour goes, but not far.
  for (let ring = 0; ring < earCells; ring++) {
    const isRim = (cell: number) =>
      ring < rimCells || (isEar[cell] === 1 && (distances[cell] as number) < surelySkin);
    widen(joined, grid, (cell) => (alike[cell] as number) > 0.02 && isRim(cell));
  }
  const mask = alike.map((share, cell) => (joined[cell] ? share : 0));
  settle(mask, isFace, grid);
  return mask;
}

/** Mean over the neighbourhood of each cell; 0 at the grid's edge. */
function roughnessOf(means: Float32Array, grid: FaceGrid): Float32Array {
  const { columns, rows } = grid;
  const roughness = new Float32Array(columns * rows);
  for (let row = 1; row < rows - 1; row++) rowRoughness(means, roughness, { columns, row });
  blurPlane(roughness, grid, 2);
  return roughness;
}

function rowRoughness(
  means: Float32Array,
  roughness: Float32Array,
  { columns, row }: { columns: number; row: number },
): void {
  const down = 3 * columns;
  for (let cell = row * columns + 1, end = cell + columns - 2; cell < end; cell++) {
    let bend = 0;
    let sum = 48;
    for (let k = 0, at = cell * 3; k < 3; k++, at++) {
      const value = means[at] as number;
      bend += Math.abs(2 * value - (means[at - 3] as number) - (means[at + 3] as number));
      bend += Math.abs(2 * value - (means[at - down] as number) - (means[at + down] as number));
      sum += value;
    }
    roughness[cell] = bend / (4 * sum);
  }
}

/** 1 for a face as smooth as most, up to 2 for one with gloss, stubble or a grainy photo. */
function faceGrain(roughness: Float32Array, core: readonly number[]): number {
  const sorted = Float32Array.from(core, (cell) => roughness[cell] as number).sort();
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return Math.min(Math.max(middle / usualGrain, 1), 2);
}

/**
 * Where dark skin was drawn pale, whatever has its colour and turned as pale is skin: an ear and a fingertip are rough,
 * but hair and walls keep their own light.
 */
function turnedPale(photo: Seen, drawing: Seen, cell: number): number {
  if (drawing.colour.shade - photo.colour.shade < muchPaler) return 0;
  const before = darkerBy(photo.colour, photo.means[cell * 3] as number);
  const after = darkerBy(drawing.colour, drawing.means[cell * 3] as number);
  return falling(after - before, 0.25, 0.5) * falling(distanceAt(drawing, cell), 1.5, 2.5);
}

/** Dark in the photo, but as bright as skin in the drawing, and of its colour. */
function drawnShadow(photo: Seen, drawing: Seen, cell: number): number {
  const dark = 1 - falling(darkerBy(photo.colour, photo.means[cell * 3] as number), 0.3, 0.6);
  if (dark === 0) return 0;
  const bright = falling(darkerBy(drawing.colour, drawing.means[cell * 3] as number), 0.15, 0.35);
  return dark * bright * falling(distanceAt(drawing, cell), 1.5, 2.5);
}

function distanceAt({ means, colour }: Seen, cell: number): number {
  const o = cell * 3;
  return skinDistance(colour, means[o] as number, means[o + 1] as number, means[o + 2] as number);
}

/** Marks the cells that can be reached from `seeds`, from neighbour to neighbour where `enters` allows it. */
function flood(
  seeds: readonly number[],
  { columns, rows }: FaceGrid,
  enters: (cell: number, from: number) => boolean,
): Uint8Array {
  const reached = new Uint8Array(columns * rows);
  const queue = [...seeds];
  for (const cell of seeds) reached[cell] = 1;
  const visit = (cell: number, from: number) => {
    if (reached[cell] || !enters(cell, from)) return;
    reached[cell] = 1;
    queue.push(cell);
  };
  for (let cell = queue.pop(); cell !== undefined; cell = queue.pop()) {
    const column = cell % columns;
    if (column > 0) visit(cell - 1, cell);
    if (column < columns - 1) visit(cell + 1, cell);
    if (cell >= columns) visit(cell - columns, cell);
    if (cell < columns * (rows - 1)) visit(cell + columns, cell);
  }
  return reached;
}

/** Takes in the neighbours of what is marked where `allows` says so. */
function widen(marked: Uint8Array, { columns, rows }: FaceGrid, allows: (cell: number) => boolean): void {
  const before = marked.slice();
  for (let cell = 0; cell < marked.length; cell++) {
    if (before[cell] || !allows(cell)) continue;
    const column = cell % columns;
    const beside =
      (column > 0 && before[cell - 1]) ||
      (column < columns - 1 && before[cell + 1]) ||
      (cell >= columns && before[cell - columns]) ||
      (cell < columns * (rows - 1) && before[cell + columns]);
    if (beside) marked[cell] = 1;
  }
}

/** Relative change of colour between two cells. */
function step(means: Float32Array, cell: number, from: number): number {
  let change = 0;
  let sum = 48;
  for (let k = 0; k < 3; k++) {
    const a = means[cell * 3 + k] as number;
    const b = means[from * 3 + k] as number;
    change += Math.abs(a - b);
    sum += a + b;
  }
  return (2 * change) / sum;
}

/**
 * A cell among skin is skin (a mole, a line between fingers), a lone one is not; edges become soft. Inside the face
 * even a broad glint is skin.
 */
function settle(mask: Float32Array, isFace: Uint8Array, grid: FaceGrid): void {
  const around = mask.slice();
  blurPlane(around, grid, 1);
  const wide = mask.slice();
  blurPlane(wide, grid, 4);
  for (let cell = 0; cell < mask.length; cell++) {
    const from = isFace[cell] ? 0.25 : 0.35;
    const settled = 1 - falling(around[cell] as number, from, from + 0.35);
    mask[cell] = isFace[cell] ? Math.max(settled, 1 - falling(wide[cell] as number, 0.55, 0.75)) : settled;
  }
}
