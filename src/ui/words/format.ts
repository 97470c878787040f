/** Figures as a person reads them, in the language of the page. */
import type { Language } from '../../state/settings.svelte';

const locale = { en: 'en-GB', zh: 'zh-CN' } as const;

function number(value: number, language: Language, digits: number): string {
  return value.toLocaleString(locale[language], {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  });
}

/** A whole number, grouped. */
export function formatCount(count: number, language: Language): string {
  return number(count, language, 0);
}

/** A rate, with a digit after the point where that says something. */
export function formatRate(perSecond: number, language: Language): string {
  return number(perSecond, language, perSecond < 9.95 ? 1 : 0);
}

/** Decimal units, as operating systems and hosts state sizes. */
export function formatBytes(bytes: number, language: Language): string {
  if (bytes < 1000) return `${number(bytes, language, 0)} B`;
  if (bytes < 999_500) return `${number(bytes / 1e3, language, 0)} kB`;
  if (bytes < 999_500_000) return `${number(bytes / 1e6, language, bytes < 9_950_000 ? 1 : 0)} MB`;
  return `${number(bytes / 1e9, language, 1)} GB`;
}

/** A measured time: "840 ms", "3.2 s", "2 min 5 s". */
export function formatMs(ms: number, language: Language): string {
  const [minute, second] = language === 'zh' ? [' 分', ' 秒'] : [' min', ' s'];
  if (ms < 1000) return `${number(ms, language, 0)}${language === 'zh' ? ' 毫秒' : ' ms'}`;
  if (ms < 59_950) return `${number(ms / 1000, language, ms < 9950 ? 1 : 0)}${second}`;
  const seconds = Math.round(ms / 1000);
  return `${number(Math.floor(seconds / 60), language, 0)}${minute} ${number(seconds % 60, language, 0)}${second}`;
}

/** An estimate, rounded so that it does not flicker: fives above ten seconds, whole minutes above two. */
export function formatLeft(ms: number, language: Language): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  const steady = seconds > 10 ? Math.round(seconds / 5) * 5 : seconds;
  if (steady < 120) return language === 'zh' ? `${steady} 秒` : `${steady} s`;
  const minutes = Math.round(steady / 60);
  return language === 'zh' ? `${minutes} 分钟` : `${minutes} min`;
}

/** Sentences one after the other; Chinese ones stand without a space. */
export function sentences(...parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .reduce(
      (before, part) => (before === '' || before.endsWith('。') ? before + part : `${before} ${part}`),
      '',
    );
}

/** Whole percent; 100 only when all is done. */
export function percent(done: number, total: number): number {
  if (total <= 0) return 0;
  return done >= total ? 100 : Math.min(99, Math.floor((done / total) * 100));
}
