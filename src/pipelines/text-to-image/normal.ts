/**
 * The normal distribution's quantile, PPND16 (Wichura, algorithm AS 241, Applied Statistics 37, 1988): relative error
 * about 1e-16. Only + − × ÷ and √ are used, which IEEE 754 rounds in one way; `Math.log` may differ between engines in
 * the last bit, and two engines would then draw two pictures from one seed. So the logarithm is our own.
 */
const central = {
  above: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  below: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852546,
  ],
};
const middle = {
  above: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  below: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
};
const far = {
  above: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  below: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};

/** z with P(Z ≤ z) = `share`, for 0 < share < 1. */
export function normalQuantile(share: number): number {
  const q = share - 0.5;
  if (Math.abs(q) <= 0.425) return q * quotient(central, 0.180625 - q * q);
  const r = Math.sqrt(-naturalLog(q < 0 ? share : 1 - share));
  const size = r <= 5 ? quotient(middle, r - 1.6) : quotient(far, r - 5);
  return q < 0 ? -size : size;
}

function quotient(
  { above, below }: { above: readonly number[]; below: readonly number[] },
  r: number,
): number {
  return horner(above, r) / horner(below, r);
}

function horner(coefficients: readonly number[], r: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * r + coefficient, 0);
}

const ln2 = 0.6931471805599453;
const halfRoot = 0.7071067811865476;

/** For 0 < x < 1 and not subnormal: x = m · 2^e with √½ ≤ m < √2, and ln m = 2 artanh((m − 1)/(m + 1)) as a series. */
function naturalLog(x: number): number {
  let mantissa = x;
  let exponent = 0;
  for (; mantissa < halfRoot; mantissa *= 2) exponent--;
  const t = (mantissa - 1) / (mantissa + 1);
  const square = t * t;
  let series = 0;
  // |t| ≤ 0.172, so that what follows the term t^23 is below 1e-19.
  for (let power = 23; power > 0; power -= 2) series = series * square + 1 / power;
  return 2 * t * series + exponent * ln2;
}
