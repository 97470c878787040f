/**
 * The normal distribution's quantile, PPND16 (Wichura, algorithm AS 241, Applied Statistics 37, 1988): relative error
 * about 1e-16. Only + − × ÷ and √ are used, which IEEE 754 rounds in one way; `Math.log` may differ between engines in
 * the last bit, and two engines would then draw two pictures from one seed. So the logarithm is our own.
 */
const central = {
  above: [
    3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ],
  below: [
    1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867,
    39307.89580009271061, 28729.085735721942674, 5226.495278852545925,
  ],
};
const middle = {
  above: [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
  ],
  below: [
    1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
    0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
  ],
};
const far = {
  above: [
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
    0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ],
  below: [
    1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
    1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
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
