/**
 * One person's own skin colour, learnt from their photo: no prior about what skin looks like. In log colours light and
 * shadow move the shade alone; what skin takes out of green and blue lies along one line through grey, further out
 * where light went deeper (an ear, a shadow on skin) and nearer to grey in a glint.
 */

/** Keeps the logarithm of near-black calm. */
const darkOffset = 8;
const logOf = Float32Array.from({ length: 256 }, (_, byte) => Math.log(byte + darkOffset));

/** Shade log R, and green over red, blue over red. */
type LogColour = readonly [shade: number, green: number, blue: number];
type Range = readonly [low: number, high: number];

export interface SkinColour {
  /** Direction of the line in the plane of green/red and blue/red. */
  readonly axis: readonly [number, number];
  /** How far the hues stray from the line; how far out and how bright they are. */
  readonly spread: number;
  readonly along: Range;
  readonly shades: Range;
  /** The usual shade. */
  readonly shade: number;
}

/** Patches further apart than this are not the same skin (one is hair, glasses or background). */
const samePatch = [0.6, 0.14, 0.18] as const;
const samePatchLimit = 3;
const firstSpread = 0.08;
const spreadRange = [0.055, 0.08] as const;

/** More cells than this do not make a colour surer. */
const enoughCells = 500;

/**
 * From `means`, RGB triples of cells: the colour that most `patches` agree on (the one nearest to all the others leads,
 * those like it join) is grown to all of `core` that lies along the same line. null where there is nothing to learn from.
 */
export function learnSkin(
  means: Float32Array,
  { patches, core }: { patches: readonly (readonly number[])[]; core: readonly number[] },
): SkinColour | null {
  const places = patches
    .filter((cells) => cells.length >= 4)
    .map((cells) => colours(means, cells))
    .map((patch) => ({ patch, middle: middleOf(patch) }));
  const farness = (from: LogColour) =>
    places.reduce((sum, { middle }) => sum + Math.min(samePatchLimit, apart(from, middle)), 0);
  const [lead] = places.toSorted((a, b) => farness(a.middle) - farness(b.middle));
  if (!lead) return null;
  const agreed = places.filter(({ middle }) => apart(lead.middle, middle) < samePatchLimit);
  const [shade, green, blue] = middleOf(agreed.flatMap(({ patch }) => patch));
  const out = Math.hypot(green, blue);
  let colour: SkinColour = {
    axis: axisOf(green, blue),
    spread: firstSpread,
    along: [out * 0.4 - 0.05, out * 1.8 + 0.05],
    shades: [shade - 1.2, shade + 1],
    shade,
  };
  const all = colours(means, core);
  for (let round = 0; round < 2; round++) {
    const skin = all.filter((each) => distanceOf(colour, ...each) < 2);
    if (skin.length >= 12) colour = fitLine(skin);
  }
  return colour;
}

function fitLine(skin: readonly LogColour[]): SkinColour {
  const [, green, blue] = middleOf(skin);
  const axis = axisOf(green, blue);
  const off = median(skin.map(([, g, b]) => Math.abs(g * axis[1] - b * axis[0])));
  const along = sorted(skin.map(([, g, b]) => g * axis[0] + b * axis[1]));
  const shades = sorted(skin.map(([shade]) => shade));
  const [low, high] = rangeOf(along, 0.06);
  return {
    axis,
    spread: Math.min(Math.max(2 * off, spreadRange[0]), spreadRange[1]),
    along: [low, high + 0.15 * Math.hypot(green, blue)],
    shades: rangeOf(shades, 0.07),
    shade: shades[shades.length >> 1] ?? 0,
  };
}

/** How far a colour (bytes) lies from the person's skin: 0 for the usual, up to 2 for the likely. */
export function skinDistance(colour: SkinColour, r: number, g: number, b: number): number {
  const shade = logOf[r | 0] as number;
  return distanceOf(colour, shade, (logOf[g | 0] as number) - shade, (logOf[b | 0] as number) - shade);
}

/** How much darker (log) than most of the skin a red value is. */
export function darkerBy({ shade }: SkinColour, r: number): number {
  return shade - (logOf[r | 0] as number);
}

/** Asked of every cell several times: makes no object. */
function distanceOf(
  { axis, spread, along, shades }: SkinColour,
  shade: number,
  green: number,
  blue: number,
): number {
  const off = (green * axis[1] - blue * axis[0]) / spread;
  const out = green * axis[0] + blue * axis[1];
  const beyond = Math.max(0, (along[0] - out) / 0.06, (out - along[1]) / 0.15);
  const light = Math.max(0, (shades[0] - shade) / 0.2, (shade - shades[1]) / 0.22);
  return Math.sqrt(off * off + beyond * beyond + light * light);
}

function axisOf(green: number, blue: number): [number, number] {
  const length = Math.hypot(green, blue);
  return length > 0.02 ? [green / length, blue / length] : [-0.5, -Math.sqrt(0.75)];
}

function rangeOf(values: Float64Array, cut: number): Range {
  const at = (share: number) => values[Math.floor((values.length - 1) * share)] ?? 0;
  return [at(cut), at(1 - cut)];
}

function apart(a: LogColour, b: LogColour): number {
  return Math.hypot((a[0] - b[0]) / samePatch[0], (a[1] - b[1]) / samePatch[1], (a[2] - b[2]) / samePatch[2]);
}

function colours(means: Float32Array, cells: readonly number[]): LogColour[] {
  const every = Math.ceil(cells.length / enoughCells);
  const found: LogColour[] = [];
  for (let i = 0; i < cells.length; i += every) {
    const o = (cells[i] as number) * 3;
    const shade = logOf[(means[o] as number) | 0] as number;
    const green = logOf[(means[o + 1] as number) | 0] as number;
    const blue = logOf[(means[o + 2] as number) | 0] as number;
    found.push([shade, green - shade, blue - shade]);
  }
  return found;
}

function middleOf(all: readonly LogColour[]): LogColour {
  return [median(all.map((c) => c[0])), median(all.map((c) => c[1])), median(all.map((c) => c[2]))];
}

function median(values: readonly number[]): number {
  return sorted(values)[values.length >> 1] ?? 0;
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}
