/** Amounts of money as printed, to a plain decimal and a currency. What can be read two ways is not guessed. */
import { readChineseAmount } from './chinese-amounts';

export interface Amount {
  /** As `-1234.50`: digits as printed, a point, no groups. */
  readonly value: string;
  /** ISO 4217, or null where none is printed, or where the sign is of several. */
  readonly currency: string | null;
}

const signs: readonly (readonly [RegExp, string])[] = [
  [/US\$|\bUSD\b/i, 'USD'],
  [/\bHKD\b|HK\$|港[币幣]/i, 'HKD'],
  [/\bTWD\b|NT\$|新[台臺][币幣]/i, 'TWD'],
  [/€|\bEUR\b/i, 'EUR'],
  [/£|\bGBP\b/i, 'GBP'],
  [/\bCHF\b/i, 'CHF'],
  [/\bJPY\b|円/i, 'JPY'],
  // Yuan, yen and a dozen dollars share 元 and ¥; of both together there is one.
  [/人民[币幣]|\bRMB\b|\bCNY\b|¥.*[元圆圓]/i, 'CNY'],
];
const names = /US\$|HK\$|NT\$|人民[币幣]|港[币幣]|新[台臺][币幣]|[€£$¥円元圆圓整正]|\b[A-Za-z]{3}\b/gi;
/** Where these are written, a comma parts thousands. */
const withCommas = /[£¥円元圆圓]/;

const mostLetters = 64;

/** Null where it is no amount, or one of two. */
export function readAmount(printed: string): Amount | null {
  if (printed.length > mostLetters) return null;
  const text = printed.normalize('NFKC').trim();
  const [currency = null, other] = signs.flatMap(([sign, code]) => (sign.test(text) ? code : []));
  if (other !== undefined) return null;
  const words = readChineseAmount(text);
  if (words !== null) return { value: words, currency };
  // 12€50 is not 1250.
  if (/\d.*¤.*\d/.test(text.replace(names, '¤'))) return null;
  const bare = text.replace(names, '').trim();
  const found = /^(\()?([-−+])?\s*(\d[\d.,'’\s]*?)\s*([-−])?(\))?$/.exec(bare);
  if (!found) return null;
  const [, open, before, digits = '', after, close] = found;
  if ((open === undefined) !== (close === undefined)) return null;
  const value = plainNumber(digits, withCommas.test(text));
  if (value === null) return null;
  const isNegative = open !== undefined || [before, after].some((sign) => sign === '-' || sign === '−');
  return { value: isNegative ? `-${value}` : value, currency };
}

/**
 * Of two kinds of separators the last is the decimal one, and one that comes twice parts thousands. A lone one between one
 * to three digits and exactly three can be either: 1.859 is a price of petrol, or a rent.
 */
function plainNumber(printed: string, commasPart: boolean): string | null {
  const text = printed.replace(/[\s'’]/g, ' ');
  if (/ /.test(text) && !/^\d{1,3}( \d{3})+([.,]\d+)?$/.test(text)) return null;
  const digits = text.replaceAll(' ', '');
  const last = Math.max(digits.lastIndexOf(','), digits.lastIndexOf('.'));
  if (last === -1) return trimmed(digits, '');
  const mark = digits[last] ?? '';
  const [whole, fraction] = [digits.slice(0, last), digits.slice(last + 1)];
  const isLone = /^[1-9]\d{0,2}[.,]\d{3}$/.test(text);
  if (isLone && !(commasPart && mark === ',')) return null;
  const groups = isLone || whole.includes(mark) ? digits.split(mark) : whole.split(mark === ',' ? '.' : ',');
  const areGroups =
    /^[1-9]\d{0,2}$/.test(groups[0] ?? '') && groups.slice(1).every((each) => /^\d{3}$/.test(each));
  if (groups.length > 1 && !areGroups) return null;
  if (isLone || whole.includes(mark)) return groups.join('');
  return fraction === '' ? null : trimmed(groups.join(''), fraction);
}

function trimmed(whole: string, fraction: string): string {
  const digits = whole.replace(/^0+(?=\d)/, '');
  return fraction === '' ? digits : `${digits}.${fraction}`;
}
