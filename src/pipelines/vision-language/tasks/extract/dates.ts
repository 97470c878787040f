/** Dates as printed, to `YYYY-MM-DD`. What can be read two ways (03/04/2024), or has no century, is not guessed: null. */
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthNames = new Map([
  ...months.map((name, index) => [name, index + 1] as const),
  ...[
    'january',
    'february',
    'march',
    'april',
    'june',
    'july',
    'august',
    'september',
    'october',
    'november',
    'december',
  ].map((name) => [name, months.indexOf(name.slice(0, 3)) + 1] as const),
  ['sept', 9] as const,
]);
const chineseDigits = '〇一二三四五六七八九';

export function readDate(printed: string): string | null {
  const text = printed.normalize('NFKC').trim();
  return yearFirst(text) ?? chinese(text) ?? named(text) ?? yearLast(text);
}

function yearFirst(text: string): string | null {
  const found =
    /^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?$/.exec(text) ??
    /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T\s].*)?$/.exec(text)?.filter((_, place) => place !== 2) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  return found ? realDay(Number(found[1]), Number(found[2]), Number(found[3])) : null;
}

function chinese(text: string): string | null {
  const found =
    /^([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]$/.exec(
      text,
    );
  if (!found) return null;
  const [, year = '', month = '', day = ''] = found;
  const digits = Array.from(year, (letter) => Math.max(0, chineseDigits.indexOf(letter)));
  return realDay(Number(digits.join('')), upToThirtyOne(month), upToThirtyOne(day));
}

/** 十 → 10, 二十一 → 21 */
function upToThirtyOne(text: string): number {
  const [tens, ones] = text.includes('十') ? text.split('十') : ['零', text];
  return (
    (tens === '' ? 1 : Math.max(0, chineseDigits.indexOf(tens ?? ''))) * 10 +
    (ones ? chineseDigits.indexOf(ones) : 0)
  );
}

function named(text: string): string | null {
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?:of\s+)?([a-z]+)[.,]?[\s-]+(\d{4})$/i.exec(text);
  const monthFirst = /^([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/i.exec(text);
  const [day, month, year] = dayFirst
    ? [dayFirst[1], dayFirst[2], dayFirst[3]]
    : monthFirst
      ? [monthFirst[2], monthFirst[1], monthFirst[3]]
      : [];
  const number = monthNames.get((month ?? '').toLowerCase());
  return number === undefined ? null : realDay(Number(year), number, Number(day));
}

/** With points the day is first everywhere; otherwise only a number above twelve tells. */
function yearLast(text: string): string | null {
  const found = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/.exec(text);
  if (!found) return null;
  const [first, second, year] = [Number(found[1]), Number(found[3]), Number(found[4])];
  if (found[2] === '.' || first > 12 || first === second) return realDay(year, second, first);
  return second > 12 ? realDay(year, first, second) : null;
}

function realDay(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, month - 1, day);
  const isReal =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal && year >= 1000 ? date.toISOString().slice(0, 10) : null;
}
