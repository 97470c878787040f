/** Numbers that carry their own proof. True: it agrees with itself; that such a number was ever given out is not said. */

/** GB 11643-1999: ISO 7064 mod 11-2, and a real day of birth. */
export function isResidentId(printed: string): boolean {
  const text = printed.replace(/\s/g, '').toUpperCase();
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)].map(Number);
  const born = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day));
  if (born.getUTCMonth() + 1 !== month || born.getUTCDate() !== day) return false;
  const sum = Array.from(text.slice(0, 17)).reduce(
    (total, digit, at) => total + Number(digit) * (2 ** (17 - at) % 11),
    0,
  );
  return '10X98765432'[sum % 11] === text[17];
}

const creditLetters = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** GB 32100-2015: the unified social credit code, powers of three mod 31. */
export function isCreditCode(printed: string): boolean {
  const text = printed.replace(/\s/g, '').toUpperCase();
  if (text.length !== 18) return false;
  const values = Array.from(text, (letter) => creditLetters.indexOf(letter));
  if (values.includes(-1)) return false;
  let [sum, weight] = [0, 1];
  for (const value of values.slice(0, 17)) {
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return (31 - (sum % 31)) % 31 === values[17];
}

/** ISO 13616: digits mod 97, letters as 10…35. */
export function isIban(printed: string): boolean {
  const text = printed.replace(/\s/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(text)) return false;
  let rest = 0;
  for (const letter of text.slice(4) + text.slice(0, 4)) {
    for (const digit of String(parseInt(letter, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}

/** Where a check digit stands and what it is of, by lines and columns: ICAO 9303 parts 4 to 6. */
type Spans = readonly (readonly [line: number, from: number, to: number])[];
interface Layout {
  readonly lines: number;
  readonly length: number;
  readonly checks: readonly (readonly [Spans, line: number, at: number])[];
}

/** Of a passport, 44 letters long, or a large card, 36: the same places, with more room before the last digit. */
const ofTwoLines = (length: number): Layout => ({
  lines: 2,
  length,
  checks: [
    [[[1, 0, 9]], 1, 9],
    [[[1, 13, 19]], 1, 19],
    [[[1, 21, 27]], 1, 27],
    [
      [
        [1, 0, 10],
        [1, 13, 20],
        [1, 21, length - 1],
      ],
      1,
      length - 1,
    ],
  ],
});
const layouts: readonly Layout[] = [
  ofTwoLines(44),
  ofTwoLines(36),
  {
    lines: 3,
    length: 30,
    checks: [
      [[[0, 5, 14]], 0, 14],
      [[[1, 0, 6]], 1, 6],
      [[[1, 8, 14]], 1, 14],
      [
        [
          [0, 5, 30],
          [1, 0, 7],
          [1, 8, 15],
          [1, 18, 29],
        ],
        1,
        29,
      ],
    ],
  },
];

/** The lines at the foot of a passport or an identity card: every check digit of their layout. */
export function isMrz(printed: string): boolean {
  const lines = printed
    .toUpperCase()
    .split(/\s*\n\s*|\s{2,}/)
    .map((line) => line.replace(/\s/g, ''))
    .filter((line) => line !== '');
  const layout = layouts.find(
    (each) => each.lines === lines.length && lines.every((line) => line.length === each.length),
  );
  if (!layout || !lines.every((line) => /^[A-Z\d<]+$/.test(line))) return false;
  return layout.checks.every(([spans, line, at]) => {
    const text = spans.map(([row, from, to]) => lines[row]?.slice(from, to) ?? '').join('');
    const sum = Array.from(text).reduce(
      (total, letter, place) =>
        total + (letter === '<' ? 0 : parseInt(letter, 36)) * ([7, 3, 1][place % 3] ?? 0),
      0,
    );
    const digit = lines[line]?.[at];
    return digit === String(sum % 10) || (digit === '<' && sum === 0);
  });
}
