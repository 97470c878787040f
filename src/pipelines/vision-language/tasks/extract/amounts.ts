/** Amounts of money as printed, to a plain decimal and a currency. What can be read two ways is not guessed. */
export interface Amount {
  /** As `-1234.50`: digits as printed, a point, no groups. */
  readonly value: string;
  /** ISO 4217, or null where none is printed, or where the sign is of several. */
  readonly currency: string | null;
}

const signs: readonly (readonly [RegExp, string | null])[] = [
  [/US\$|\bUSD\b/i, 'USD'],
  [/\bHKD\b|HK\$/i, 'HKD'],
  [/€|\bEUR\b/i, 'EUR'],
  [/£|\bGBP\b/i, 'GBP'],
  [/\bCHF\b/i, 'CHF'],
  [/\bJPY\b|円/i, 'JPY'],
  [/人民币|\bRMB\b|\bCNY\b|元|圆/i, 'CNY'],
  [/[$¥]/, null],
];

/** Null where it is no amount. */
export function readAmount(printed: string): Amount | null {
  const text = printed.normalize('NFKC').trim();
  const currency = signs.find(([sign]) => sign.test(text))?.[1] ?? null;
  const words = readChineseAmount(text);
  if (words !== null) return { value: words, currency: 'CNY' };
  const bare = text.replace(/US\$|HK\$|人民币|[€£$¥元圆円整正]|\b[A-Za-z]{3}\b/g, '').trim();
  const found = /^(\()?([-−+])?\s*(\d[\d.,'’\s]*?)\s*([-−])?(\))?$/.exec(bare);
  if (!found) return null;
  const [, open, before, digits = '', after, close] = found;
  if ((open === undefined) !== (close === undefined)) return null;
  const value = plainNumber(digits);
  if (value === null) return null;
  const isNegative = open !== undefined || [before, after].some((sign) => sign === '-' || sign === '−');
  return { value: isNegative ? `-${value}` : value, currency };
}

/** Of two kinds of separators the last is the decimal one; a lone one before exactly three digits parts thousands. */
function plainNumber(printed: string): string | null {
  const text = printed.replace(/[\s'’]/g, ' ');
  if (/ /.test(text) && !/^\d{1,3}( \d{3})+([.,]\d+)?$/.test(text)) return null;
  const digits = text.replaceAll(' ', '');
  const last = Math.max(digits.lastIndexOf(','), digits.lastIndexOf('.'));
  if (last === -1) return trimmed(digits, '');
  const mark = digits[last] ?? '';
  const [whole, fraction] = [digits.slice(0, last), digits.slice(last + 1)];
  const other = mark === ',' ? '.' : ',';
  const isGroup = !whole.includes(other) && fraction.length === 3 && whole !== '0' && !text.includes(' ');
  const groups = (isGroup ? digits : whole).split(isGroup || whole.includes(mark) ? mark : other);
  if (
    groups.length > 1 &&
    !(/^\d{1,3}$/.test(groups[0] ?? '') && groups.slice(1).every((each) => /^\d{3}$/.test(each)))
  ) {
    return null;
  }
  if (isGroup) return trimmed(groups.join(''), '');
  // 1,234,56 is none: the same mark cannot part thousands and decimals.
  if (whole.includes(mark) || fraction === '') return null;
  return trimmed(groups.join(''), fraction);
}

function trimmed(whole: string, fraction: string): string {
  const digits = whole.replace(/^0+(?=\d)/, '');
  return fraction === '' ? digits : `${digits}.${fraction}`;
}

const chineseDigits: Readonly<Record<string, number>> = {
  ...{ 零: 0, 〇: 0, 壹: 1, 贰: 2, 叁: 3, 肆: 4, 伍: 5, 陆: 6, 柒: 7, 捌: 8, 玖: 9 },
  ...{ 貳: 2, 參: 3, 陸: 6, 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 两: 2 },
};
const chineseUnits: Readonly<Record<string, number>> = {
  拾: 10,
  十: 10,
  佰: 100,
  百: 100,
  仟: 1000,
  千: 1000,
};
const chineseGroups: Readonly<Record<string, number>> = { 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8 };

/** 壹仟贰佰叁拾肆元伍角陆分 → 1234.56; null for anything else. */
export function readChineseAmount(printed: string): string | null {
  const text = printed.replace(/^(人民币|¥|\s)+/, '').replace(/[整正]$/, '');
  const found = /^(负)?(?:([^元圆角分]+)[元圆])?(?:零?([^元圆角分])角)?(?:零?([^元圆角分])分)?$/.exec(text);
  if (!found) return null;
  const [, minus, whole, tens, units] = found;
  if (whole === undefined && tens === undefined && units === undefined) return null;
  const yuan = whole === undefined ? 0 : readChineseNumber(whole);
  const [jiao, fen] = [tens ?? '零', units ?? '零'].map((digit) => chineseDigits[digit]);
  if (yuan === null || jiao === undefined || fen === undefined) return null;
  return `${minus === undefined ? '' : '-'}${yuan}.${jiao}${fen}`;
}

/** A whole number below 10^12. */
function readChineseNumber(text: string): number | null {
  let [total, section, digit] = [0, 0, 0];
  for (const letter of text) {
    const [value, unit, group] = [chineseDigits[letter], chineseUnits[letter], chineseGroups[letter]];
    if (value !== undefined) digit = value;
    else if (unit !== undefined) {
      // 拾元 is ten.
      section += (digit === 0 ? 1 : digit) * unit;
      digit = 0;
    } else if (group !== undefined) {
      total = group === 1e8 ? (total + section + digit) * group : total + (section + digit) * group;
      [section, digit] = [0, 0];
    } else return null;
  }
  return total + section + digit;
}
