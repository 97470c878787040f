/** IEEE 754 half precision (binary16) as bit patterns, for graphs whose tensors are float16. */

/** Exact. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** To the nearest, ties to even; beyond ±65504 infinite. */
export function floatToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  // Steps of this exponent; rounding up to 2048 carries into the next one by itself.
  const steps = roundToEven(size * 2 ** (10 - exponent));
  return exponent === -14 ? sign | steps : sign | (((exponent + 14) << 10) + steps);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const over = value - floor;
  return over > 0.5 || (over === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** As `halfToFloat`, of many: by bits, since a call for each takes a hundred times as long. */
export function floatsOfHalves(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(halves.length);
  const bits = new Uint32Array(floats.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i] as number;
    bits[i] = (half & 0x7fff) << 13;
    // The difference of the two exponents' biases, as a factor: right for the smallest numbers too.
    floats[i] = (floats[i] as number) * 2 ** 112;
    const beyond = (half & 0x7c00) === 0x7c00 ? 0x7f800000 : 0;
    bits[i] = (bits[i] as number) | beyond | ((half & 0x8000) << 16);
  }
  return floats;
}

/** As `floatToHalf`, of many. */
export function halvesOf(floats: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const halves = new Uint16Array(floats.length);
  for (let i = 0; i < floats.length; i++) {
    const all = bits[i] as number;
    const size = all & 0x7fffffff;
    const sign = (all >>> 16) & 0x8000;
    if (size > 0x7f800000) halves[i] = 0x7e00;
    else if (size >= 0x477ff000) halves[i] = sign | 0x7c00;
    else if (size >= 0x38800000)
      halves[i] = sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13);
    else halves[i] = sign | roundToEven(Math.abs(floats[i] as number) * 2 ** 24);
  }
  return halves;
}
