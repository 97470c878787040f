/** Amounts of money in Chinese numerals, those of banks (壹贰叁) and those of every day (一二三), simplified and traditional. */
const digits = ['零〇', '一壹', '二贰貳两兩', '三叁參', '四肆', '五伍', '六陆陸', '七柒', '八捌', '九玖'];
const units = ['十拾', '百佰', '千仟', '万萬', '亿億'];
/** A digit by its figure, a unit by the first of its letters. */
const plain: ReadonlyMap<string, string> = new Map([
  ...digits.flatMap((letters, figure) => Array.from(letters, (letter) => [letter, String(figure)] as const)),
  ...units.flatMap((letters) => Array.from(letters, (letter) => [letter, letters.charAt(0)] as const)),
]);

/** 壹仟贰佰叁拾肆元伍角陆分 → 1234.56; null for anything else, and for what can be read two ways. */
export function readChineseAmount(printed: string): string | null {
  const text = printed.replace(/^(人民[币幣]|港[币幣]|新[台臺][币幣]|¥|\s)+/, '').replace(/[整正]$/, '');
  const found =
    /^([负負])?(?:([^元圆圓角分]+)[元圆圓])?(?:零?([^元圆圓角分])角)?(?:零?([^元圆圓角分])分)?$/.exec(text);
  if (!found) return null;
  const [, minus, whole, tens, ones] = found;
  if (whole === undefined && tens === undefined && ones === undefined) return null;
  const yuan = whole === undefined ? 0 : readNumber(whole);
  const fraction = [tens, ones]
    .map((digit) => (digit === undefined ? '0' : (plain.get(digit) ?? '')))
    .join('');
  if (yuan === null || !/^\d\d$/.test(fraction)) return null;
  return `${minus === undefined ? '' : '-'}${yuan}.${fraction}`;
}

/** A whole number below 10^12. */
function readNumber(text: string): number | null {
  const letters = Array.from(text, (letter) => plain.get(letter) ?? '?').join('');
  if (letters === '0') return 0;
  const [, hundredMillions, tenThousands, rest = ''] = /^(?:(.+)亿)?(?:(.+)万)?(.*)$/.exec(letters) ?? [];
  let total: number | null = null;
  for (const [section, size] of [
    [hundredMillions, 1e8],
    [tenThousands, 1e4],
    [rest || undefined, 1],
  ] as const) {
    if (section === undefined) continue;
    const value = readSection(section, total === null);
    if (value === null) return null;
    total = (total ?? 0) + value * size;
  }
  return total;
}

/** 1…9999. Null for a last digit that may be of the next unit down: 一万五 is 10005 or 15000, 一百五 is 105 or 150. */
function readSection(text: string, isFirst: boolean): number | null {
  const found = /^0?(?:([1-9])千)?(?:0?([1-9])百)?(?:0?([1-9]?)十)?(?:0?([1-9]))?$/.exec(text);
  if (!found || text === '0') return null;
  const [, thousands, hundreds, tens, ones] = found;
  const isAlone = isFirst && thousands === undefined && hundreds === undefined;
  if (ones !== undefined && tens === undefined && !isAlone && text.at(-2) !== '0') return null;
  const ten = tens === '' ? 1 : Number(tens ?? 0);
  return Number(thousands ?? 0) * 1000 + Number(hundreds ?? 0) * 100 + ten * 10 + Number(ones ?? 0);
}
